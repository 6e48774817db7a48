"""What a form held when it could not be taken, so that nobody types twice (W6). Pure."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from web.forms.posted import OWN_FIELDS

MOST_BYTES = 200_000
MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """One field of the form that could not be taken."""

    name: str
    value: str

    @property
    def is_long(self) -> bool:
        """Say whether it is shown in a box of several lines."""
        return len(self.value) > 80 or "\n" in self.value


def keep(pairs: Iterable[tuple[str, str]]) -> tuple[Kept, ...]:
    """Return the fields worth keeping: no passwords, none of our own, within bounds."""
    kept: list[Kept] = []
    size = 0
    for name, value in pairs:
        size += len(name) + len(value)
        if size > MOST_BYTES or len(kept) >= MOST_FIELDS:
            break
        if name not in OWN_FIELDS and "password" not in name and value:
            kept.append(Kept(name, value))
    return tuple(kept)


def packed(kept: tuple[Kept, ...]) -> str:
    """Return kept fields as one hidden value."""
    if not kept:
        return ""
    return base64.urlsafe_b64encode(orjson.dumps([[field.name, field.value] for field in kept])).decode()


def unpacked(text: str) -> tuple[Kept, ...]:
    """Return what `packed` was given; nothing for anything else."""
    try:
        pairs = orjson.loads(base64.urlsafe_b64decode(text)) if text else []
        return keep((str(name), str(value)) for name, value in pairs)
    except (ValueError, TypeError):
        return ()
