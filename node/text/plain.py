"""Plain text out of HTML, and names without tricks. Pure, linear."""

import html
import re
import unicodedata

import nh3

BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "pre",
        "blockquote",
        "hr",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
LONGEST_INPUT = 256 * 1024
LONGEST_NAME = 120
MOST_MARKS = 3

_READER = nh3.Cleaner(tags=set(BLOCKS), attributes={}, link_rel=None)
_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"</?(?:" + "|".join(sorted(BLOCKS)) + r")>")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_JOINERS = "\u200c\u200d"
_BADGES = frozenset("\u2611\u2705\u2713\u2714\U0001f5f8\U0001f5f9\U0001f535\U0001f537\U0001f539")
_INVISIBLE = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def plain_text(markup: str) -> str:
    """Return the words of an HTML text, one line for each block.

    Scripts and styles go with their content; entities become characters.

    Args:
        markup: any HTML; beyond 256 KiB it is cut.
    """
    if not markup:
        return ""
    kept = _READER.clean(markup[:LONGEST_INPUT])
    words = html.unescape(_TAG.sub("", _BREAK.sub("\n", kept)))
    return _LINES.sub("\n", _SPACES.sub(" ", words)).strip()


def one_line(text: str) -> str:
    """Return ``text`` with every run of white space as one blank."""
    return " ".join(text.split())


def shorten(text: str, limit: int) -> str:
    """Cut ``text`` to at most ``limit`` characters, between words if it can."""
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:.–-") + "…"


def plain_name(text: str, *, limit: int = LONGEST_NAME) -> str:
    """Return a name as one honest line.

    Marks that turn the direction, hide or pile up, line breaks and signs that
    look like our own badges are taken out.

    Args:
        text: a display name or title, plain text.
        limit: characters at most.
    """
    composed = unicodedata.normalize("NFC", text[: limit * 16])
    kept: list[str] = []
    marks = 0
    for place, char in enumerate(composed):
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_MARKS:
            kept.append(_name_part(composed, place, char))
    return one_line("".join(kept))[:limit].strip()


def _name_part(text: str, place: int, char: str) -> str:
    if char in _JOINERS:
        return char if _may_join(text, place) else ""
    if char in _BADGES or char in _INVISIBLE:
        return ""
    category = unicodedata.category(char)
    if category in {"Zs", "Zl", "Zp"} or char in "\t\n\r\v\f\x85":
        return " "
    return "" if category[0] == "C" else char


def _may_join(text: str, place: int) -> bool:
    """Joiners are spelling in Persian and Indic scripts and in emoji, a trick elsewhere."""
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return len(around) == 2 and all(char > "\u0590" and char not in _JOINERS for char in around)
