"""Translating a string: one object for each language, one current for each task."""

import gettext as catalogues
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from node.i18n.choice import DEFAULT, PSEUDO, PSEUDO_RTL, direction
from node.i18n.pseudo import PseudoCatalogue

FOLDER = Path(__file__).parent / "locales"
DOMAIN = "talanoa"


@dataclass(frozen=True, slots=True)
class Translator:
    """The words of one language.

    Attributes:
        locale: BCP 47 tag.
        catalogue: where the strings are looked up; English where one is missing.
    """

    locale: str
    catalogue: catalogues.NullTranslations

    @property
    def direction(self) -> str:
        """The way the language is written, `ltr` or `rtl`."""
        return direction(self.locale)

    def gettext(self, message: str, /, **fields: object) -> str:
        """Return ``message`` in this language, with `%(name)s` filled in from ``fields``."""
        return _filled(self.catalogue.gettext(message), fields)

    def ngettext(self, singular: str, plural: str, number: int, /, **fields: object) -> str:
        """Return the form that fits ``number``, which is also the field `%(num)s`."""
        return _filled(self.catalogue.ngettext(singular, plural, number), {"num": number} | fields)

    def pgettext(self, context: str, message: str, /, **fields: object) -> str:
        """Return ``message`` as it is said in ``context``."""
        return _filled(self.catalogue.pgettext(context, message), fields)


def translator(locale: str) -> Translator:
    """Return the translator of a locale; of English for one we have no words in."""
    return _load(locale)


def current() -> Translator:
    """Return the translator of the running task."""
    return _CURRENT.get() or translator(DEFAULT)


@contextmanager
def use(locale: str) -> Iterator[Translator]:
    """Speak ``locale`` in the running task until the block ends."""
    chosen = translator(locale)
    token = _CURRENT.set(chosen)
    try:
        yield chosen
    finally:
        _CURRENT.reset(token)


def gettext(message: str, /, **fields: object) -> str:
    """Return ``message`` in the language of the running task."""
    return current().gettext(message, **fields)


def ngettext(singular: str, plural: str, number: int, /, **fields: object) -> str:
    """Return the form for ``number`` in the language of the running task."""
    return current().ngettext(singular, plural, number, **fields)


def pgettext(context: str, message: str, /, **fields: object) -> str:
    """Return ``message`` as said in ``context`` in the language of the running task."""
    return current().pgettext(context, message, **fields)


def mark(message: str) -> str:
    """Return ``message`` as it is; the extraction finds it, `gettext` translates it later."""
    return message


_CURRENT: ContextVar[Translator | None] = ContextVar("translator", default=None)


def _filled(text: str, fields: dict[str, object]) -> str:
    """Fill always, so that a percent sign is written `%%` in every string, as in templates."""
    return text % fields


@lru_cache(maxsize=64)
def _load(locale: str) -> Translator:
    if locale in (PSEUDO, PSEUDO_RTL):
        return Translator(locale, PseudoCatalogue())
    for name in (locale.replace("-", "_"), locale.split("-")[0]):
        path = FOLDER / name / "LC_MESSAGES" / f"{DOMAIN}.mo"
        if name.replace("_", "").isalnum() and path.is_file():
            with path.open("rb") as file:
                return Translator(locale, catalogues.GNUTranslations(file))
    return Translator(DEFAULT, catalogues.NullTranslations())
