"""The language of a visitor is chosen by address, preference, then the browser's header."""

import pytest

from node.i18n import PSEUDO, choose_locale, direction, is_language_tag

OFFERED = ("en", "fr", "ar")


@pytest.mark.parametrize("header", [None, "", "*", "de;q=1", ";;;,,,", "fr;q=0", "x" * 100_000, "fr;q=abc"])
def test_without_a_known_wish_the_first_language_is_spoken(header: str | None) -> None:
    assert choose_locale(OFFERED, accept_language=header) == "en"


def test_the_pseudo_locale_is_never_chosen_by_language_alone() -> None:
    assert choose_locale((PSEUDO, "fr"), accept_language="en-GB,fr;q=0.5") == "fr"
    assert choose_locale((*OFFERED, PSEUDO), asked="en-XA") == PSEUDO


@pytest.mark.parametrize(
    ("asked", "preferred", "header", "expected"),
    [
        ("fr", "ar", "en", "fr"),
        (None, "ar", "fr", "ar"),
        ("xx", None, "fr-CA,en;q=0.9", "fr"),
        (None, None, "de, ar-EG;q=0.8, fr;q=0.7", "ar"),
        (None, None, "en;q=0.1, fr;q=0.2", "fr"),
    ],
)
def test_the_wish_that_weighs_most_wins(
    asked: str | None, preferred: str | None, header: str | None, expected: str
) -> None:
    assert choose_locale(OFFERED, asked=asked, preferred=preferred, accept_language=header) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("ar-EG", "rtl"),
        ("fa", "rtl"),
        ("az-Arab", "rtl"),
        ("ar-Latn", "ltr"),
        ("ar-XB", "rtl"),
    ],
)
def test_the_direction_follows_script_then_language(locale: str, expected: str) -> None:
    assert direction(locale) == expected


@pytest.mark.parametrize("tag", ["", "e", "en_GB", "en-", "x" * 36, "en\n", "en GB", "1en"])
def test_text_that_is_no_language_tag_is_known(tag: str) -> None:
    assert not is_language_tag(tag)


@pytest.mark.parametrize("tag", ["en", "zh-Hans", "sr-Latn-RS", "tok"])
def test_a_language_tag_is_known(tag: str) -> None:
    assert is_language_tag(tag)
