"""Folding for search: the same words however they are written. Pure.

Both databases search the folded text, so neither needs to know a language.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST_SOURCE = 200_000
MOST_TERMS = 12

_DROPPED = re.compile(
    "[\u0300-\u036f"  # accents
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"  # Arabic signs and tatweel
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"  # unseen
)
_ALIKE = str.maketrans(
    {
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ک": "ك",
        "ة": "ه",
        "ۀ": "ه",
        "ہ": "ه",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
    }
)
_KEPT_WHOLE = frozenset("йўїґ")  # a letter of its own, not a letter with a sign
_WORD = re.compile(r"[\w\u0900-\u0dff\u0e00-\u0e7f]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_IDEOGRAPHS = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)")


def fold(text: str) -> str:
    """Return the words of ``text`` in one spelling, separated by one blank each.

    Case, accents, the Arabic alef, ya, ta marbuta and vowel signs, and ё fall
    together; a run of Chinese or kana becomes its overlapping pairs.

    Args:
        text: plain text; cut at 200,000 characters.
    """
    return " ".join(_words(text[:LONGEST_SOURCE]))


def query_terms(query: str) -> tuple[str, ...]:
    """Return the folded words that an entry must contain, each once, at most twelve."""
    return tuple(dict.fromkeys(_words(query[:500])))[:MOST_TERMS]


def _words(text: str) -> list[str]:
    if text.isascii():
        return _WORD.findall(text.lower())
    spelt = _spelling(text)
    if _IDEOGRAPHS.search(spelt) is None:
        return _WORD.findall(spelt)
    words: list[str] = []
    for word in _WORD.findall(spelt):
        for part in _IDEOGRAPHS.split(word):
            words += _pairs(part) if _IDEOGRAPHS.match(part) else [part] * bool(part)
    return words


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]


def _spelling(text: str) -> str:
    lower = unicodedata.normalize("NFKC", text).casefold()
    apart = _NOT_ASCII.sub(lambda found: _apart(found[0]), unicodedata.normalize("NFC", lower))
    return unicodedata.normalize("NFC", _DROPPED.sub("", apart).translate(_ALIKE))


@lru_cache(maxsize=4096)
def _apart(char: str) -> str:
    if char in _KEPT_WHOLE:
        return char
    digit = unicodedata.digit(char, -1)
    if digit >= 0:
        return str(digit)
    return unicodedata.normalize("NFKD", char)
