"""One form: the typed values and the errors beside them. Pure.

Error texts are marked for translation here and translated where they are drawn.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from node.errors import Invalid
from node.i18n import mark as _

LONGEST_LINE = 500
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Message:
    """What is wrong with a field; `values` fill the `%(name)s` of the text."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent; its name and type are only what the sender says."""

    name: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Form:
    """Typed values by field, and errors by field; "" is the form as a whole."""

    typed: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[Upload]] = field(default_factory=dict)
    errors: dict[str, Message] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what was typed, for showing it again."""
        values = self.typed.get(name)
        return values[0] if values else ""

    def values(self, name: str) -> list[str]:
        """Return all values of a field that may have several."""
        return self.typed.get(name, [])

    def uploads(self, name: str) -> list[Upload]:
        """Return the files sent in a field; empty ones are left out."""
        return self.files.get(name, [])

    def error(self, name: str, text: str, /, **values: object) -> None:
        """Keep the first error of a field."""
        self.errors.setdefault(name, Message(text, values))

    def take(self, invalid: Invalid) -> None:
        """Add what a community verb found wrong."""
        for name, text in invalid.fields.items():
            self.error(name, text)

    def text(self, name: str, *, required: bool = False, longest: int = LONGEST_LINE) -> str:
        """Return what was typed, with newlines as one character and without blanks around it.

        Args:
            required: keep an error if it is empty.
            longest: keep an error beyond this many characters.
        """
        typed = _CONTROL.sub("", self.value(name).replace("\r\n", "\n").replace("\r", "\n")).strip()
        if required and not typed:
            self.error(name, _("Please fill this in."))
        if len(typed) > longest:
            self.error(
                name,
                _("Please shorten this to %(longest)s characters; it has %(length)s now."),
                longest=longest,
                length=len(typed),
            )
        return typed

    def choice(self, name: str, allowed: Collection[str], *, otherwise: str = "") -> str:
        """Return one of `allowed`; keep an error for anything else.

        Args:
            otherwise: what counts if nothing was chosen; empty makes the choice required.
        """
        typed = self.value(name).strip() or otherwise
        if typed in allowed:
            return typed
        self.error(name, _("Please choose one of the options."))
        return otherwise

    def choices(self, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Return those of the typed values that are allowed, each once; keep an error for others."""
        typed = list(dict.fromkeys(value.strip() for value in self.values(name) if value.strip()))
        if any(value not in allowed for value in typed):
            self.error(name, _("Please choose among the options."))
        return tuple(value for value in typed if value in allowed)

    def ticked(self, name: str) -> bool:
        """Say whether a box was ticked."""
        return self.value(name) not in {"", "0", "no"}

    def number(self, name: str, *, least: int, most: int, otherwise: int | None = None) -> int | None:
        """Return a whole number within bounds, in any script's digits; `otherwise` for an empty field."""
        typed = self.value(name).strip()
        if not typed:
            return otherwise
        if not (typed.isdecimal() and len(typed) < 12 and least <= int(typed) <= most):
            self.error(name, _("Please enter a whole number from %(least)s to %(most)s."), least=least, most=most)
            return otherwise
        return int(typed)

    def day(self, name: str, *, required: bool = False) -> date | None:
        """Return a date typed as `2026-11-18`."""
        typed = self.text(name, required=required, longest=20)
        if not typed:
            return None
        try:
            return date.fromisoformat(typed)
        except ValueError:
            self.error(name, _("Please enter a date like %(example)s."), example="2026-11-18")
            return None

    def moment(self, name: str, *, zone: ZoneInfo, required: bool = False) -> datetime | None:
        """Return a local time typed as `2026-11-18T14:00`, aware in `zone`."""
        typed = self.text(name, required=required, longest=30)
        if not typed:
            return None
        try:
            return datetime.fromisoformat(typed.replace(" ", "T")).replace(tzinfo=zone)
        except ValueError:
            self.error(name, _("Please enter a date and time like %(example)s."), example="2026-11-18 14:00")
            return None


def blank(**initial: str | list[str]) -> Form:
    """Return a form that was not sent yet, with these values in it."""
    return Form({name: value if isinstance(value, list) else [value] for name, value in initial.items()})
