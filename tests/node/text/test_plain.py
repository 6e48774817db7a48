"""Names are honest and plain text has the words and nothing else (T-42)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.text.plain import plain_name, plain_text, shorten


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Amina\u202egnp.exe", "Aminagnp.exe"),
        ("a\u2066b\u2069c\u200ed\u061c", "abcd"),
        ("A\u200bd\u2060m\ufeffi\u00adn", "Admin"),
        ("Ad\u200dm\u200cin", "Admin"),
        ("one\r\ntwo\tthree\u2028four\x85five", "one two three four five"),
        ("\x00a\x1bb\x7f", "ab"),
        ("Steward \u2705\u2714\u2713\U0001f535", "Steward"),
        ("e" + "\u0301" * 500 + "x", "é\u0301\u0301\u0301x"),
        ("\u3164\u2800", ""),
        ("\U000e0041\U000e0042flag", "flag"),
        ("  wide   space  ", "wide space"),
    ],
)
def test_a_name_that_deceives_is_made_plain(typed: str, shown: str) -> None:
    assert plain_name(typed) == shown


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Minh", "می\u200cخواهم", "क्\u200dष", "👩\u200d🌾 Amina", "<b>Ben & Co</b>", "ليلى"]
)
def test_an_honest_name_in_any_script_stays(name: str) -> None:
    assert plain_name(name) == unicodedata.normalize("NFC", name)


@given(st.text(max_size=400))
def test_a_name_is_short_and_one_line_and_stays_what_it_is(text: str) -> None:
    name = plain_name(text, limit=50)

    assert len(name) <= 50
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in name)
    assert plain_name(name, limit=50) == name


def test_plain_text_has_lines_for_blocks_and_no_scripts() -> None:
    markup = (
        "<p>One &amp; <b>two</b><br>three</p><script>alert(1)</script>"
        "<ul><li>four<li>five</ul><style>x</style>&lt;b&gt;"
    )

    assert plain_text(markup) == "One & two\nthree\nfour\nfive\n<b>"


def test_a_huge_text_is_cut_not_read_for_ever() -> None:
    assert len(plain_text("<" * 1_000_000)) <= 256 * 1024
    assert plain_text("<b>" * 500_000) == "<"


def test_text_is_shortened_between_words() -> None:
    assert shorten("one two three four", 12) == "one two…"
    assert shorten("short", 12) == "short"
    assert shorten("x" * 30, 10) == "x" * 9 + "…"
