"""Strings are translated by the language of the task, with fields filled and plurals right."""

import asyncio
import gettext as stdlib
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo

from node.i18n import Translator, catalogues, current, gettext, ngettext, translator, use
from node.i18n.pseudo import left_in_english, pseudo


def _arabic() -> Translator:
    catalogue = catalogues.read("ar")
    catalogue.add(
        ("%(num)s reply", "%(num)s replies"),
        ("لا ردود", "رد واحد", "ردان", "%(num)s ردود", "%(num)s ردًا", "%(num)s رد"),
    )
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return Translator("ar", stdlib.GNUTranslations(buffer))


@pytest.mark.parametrize("locale", ["xx", "../../etc", "", "en.UTF-8"])
def test_a_language_without_a_catalogue_is_english(locale: str) -> None:
    assert translator(locale).gettext("Hello %(name)s", name="Amina") == "Hello Amina"
    assert translator(locale).locale == "en"


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "لا ردود"), (1, "رد واحد"), (2, "ردان"), (3, "3 ردود"), (11, "11 ردًا"), (100, "100 رد")],
)
def test_arabic_has_six_plural_forms(number: int, expected: str) -> None:
    """Domain L3."""
    assert _arabic().ngettext("%(num)s reply", "%(num)s replies", number) == expected


def test_english_plurals_follow_the_number() -> None:
    assert [ngettext("%(num)s vote", "%(num)s votes", count) for count in (0, 1, 2)] == ["0 votes", "1 vote", "2 votes"]


async def test_each_task_speaks_its_own_language() -> None:
    async def speak(locale: str) -> str:
        with use(locale):
            await asyncio.sleep(0)
            return current().locale

    assert await asyncio.gather(speak("fr"), speak("ar"), speak("en")) == ["fr", "ar", "en"]
    assert current().locale == "en"


def test_the_pseudo_locale_shows_what_was_translated() -> None:
    with use("en-XA"):
        shown = gettext("Welcome, %(name)s. <b>Read</b> on", name="⟦x⟧")

    assert shown == "⟦Wélçómé, ⟦x⟧. <b>Řéád</b> óñ······⟧"
    assert left_in_english(shown) == ""


def test_a_forgotten_string_is_found() -> None:
    assert left_in_english(f"{pseudo('Save')} Cancel {pseudo('Delete')}") == "Cancel"
    assert left_in_english(f"12 / 13 {pseudo('%(count)s places')}") == ""


def test_right_to_left_pseudo_pages_run_from_the_right() -> None:
    assert translator("ar-XB").direction == "rtl"
