"""How to show an internationalised host to whoever must decide about it. Pure: no clock, no network, no database."""

import unicodedata

import idna

_TOGETHER = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"CJK", "HANGUL"}),
    frozenset({"CJK", "BOPOMOFO"}),
)


def unicode_host(host: str) -> str:
    """Return the Unicode form of a canonical host; always show it beside the A-labels, never instead."""
    try:
        return idna.decode(host)
    except UnicodeError:
        return host


def is_mixed_script(host: str) -> bool:
    """Tell whether a part of a canonical host mixes scripts, as look-alikes do. Spec: UTS 39 §5.1."""
    return any(_is_mixed(label) for label in unicode_host(host).split("."))


def _is_mixed(label: str) -> bool:
    scripts = {unicodedata.name(char, "UNKNOWN").split()[0] for char in label if char.isalpha()}
    return len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER)
