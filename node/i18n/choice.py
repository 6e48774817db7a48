"""Which language a visitor reads, and which way it runs. Pure."""

import re
from collections.abc import Sequence

DEFAULT = "en"
PSEUDO = "en-XA"
PSEUDO_RTL = "ar-XB"
MOST_RANGES = 20

_RTL_LANGUAGES = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"})
_RTL_SCRIPTS = frozenset({"arab", "hebr", "nkoo", "rohg", "syrc", "thaa", "adlm"})
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,6}\Z")
_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?\s*\Z")


def is_language_tag(text: str) -> bool:
    """Tell whether ``text`` has the shape of a BCP 47 language tag."""
    return len(text) <= 35 and bool(_TAG.match(text))


def direction(locale: str) -> str:
    """Return `rtl` or `ltr`, the way a language is written.

    Args:
        locale: a BCP 47 tag such as `ar`, `ar-XB`, `az-Arab`.
    """
    parts = locale.lower().replace("_", "-").split("-")
    scripts = [part for part in parts[1:] if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RTL_SCRIPTS else "ltr"
    return "rtl" if parts[0] in _RTL_LANGUAGES else "ltr"


def choose_locale(
    offered: Sequence[str],
    *,
    asked: str | None = None,
    preferred: str | None = None,
    accept_language: str | None = None,
) -> str:
    """Return the one of ``offered`` that this visitor reads best.

    Args:
        offered: the node's languages, the default first.
        asked: from the address of the page; wins.
        preferred: from the member's profile or a cookie.
        accept_language: the header as sent.
    """
    for wanted in (asked, preferred):
        found = _match(wanted, offered) if wanted else None
        if found:
            return found
    for wanted in _ranges(accept_language or ""):
        found = _match(wanted, offered)
        if found:
            return found
    return offered[0] if offered else DEFAULT


def _match(wanted: str, offered: Sequence[str]) -> str | None:
    """The same tag, else the same language; a pseudo-locale only by its full name."""
    by_name = {tag.lower(): tag for tag in offered}
    wanted = wanted.lower().replace("_", "-")
    if wanted in by_name:
        return by_name[wanted]
    plain = [tag for tag in offered if tag not in (PSEUDO, PSEUDO_RTL)]
    language = wanted.split("-")[0]
    return next((tag for tag in plain if tag.lower().split("-")[0] == language), None)


def _ranges(header: str) -> list[str]:
    found: list[tuple[float, str]] = []
    for part in header[:1000].split(",")[:MOST_RANGES]:
        match = _RANGE.match(part)
        quality = float(match[2] or "1") if match else 0.0
        if match and quality > 0 and match[1] != "*":
            found.append((quality, match[1]))
    return [tag for _, tag in sorted(found, key=lambda entry: -entry[0])]
