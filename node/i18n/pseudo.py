"""A made-up language that shows which strings were never put through gettext. Pure.

Letters get accents, texts grow by a third, brackets stand around them: what is
still plain English on a page was forgotten, what loses its bracket was cut.
"""

import gettext
import re

OPEN, CLOSE = "⟦", "⟧"

_ACCENTED = str.maketrans(
    "aceginorsuyzACEGINORSUYZ",
    "áçéğíñóřšúýžÁÇÉĞÍÑÓŘŠÚÝŽ",
)
_PARTS = re.compile(r"(%\([a-z_]+\)[sd]|%%|<[^<>]*>|&[a-z]+;)")
_BRACKETED = re.compile(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")


def pseudo(text: str) -> str:
    """Return ``text`` in the made-up language; fields and tags stay."""
    if not text:
        return text
    parts = [part if _PARTS.match(part) else part.translate(_ACCENTED) for part in _PARTS.split(text)]
    letters = sum(len(part) for part in parts if not _PARTS.match(part))
    return f"{OPEN}{''.join(parts)}{'·' * (letters // 3)}{CLOSE}"


def left_in_english(text: str) -> str:
    """Return what of a visible text did not come through gettext; empty if nothing did not.

    Brackets may stand in brackets, where a translated word fills a translated sentence.
    """
    before = ""
    while before != text:
        before, text = text, _BRACKETED.sub("", text)
    return text.strip() if any(char.isalpha() for char in text) else ""


class PseudoCatalogue(gettext.NullTranslations):
    """Answers every string with its pseudo form."""

    def gettext(self, message: str) -> str:
        """Return the pseudo form."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the pseudo form of the singular or the plural."""
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        """Return the pseudo form, whatever the context."""
        return pseudo(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        """Return the pseudo form of the singular or the plural."""
        return self.ngettext(msgid1, msgid2, n)
