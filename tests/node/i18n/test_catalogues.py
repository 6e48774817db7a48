"""The catalogues are complete, fit their compiled form and name the same fields (domain L1)."""

import tomllib
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from node.i18n import catalogues
from node.i18n.translator import FOLDER

TRANSLATED = ("ar", "en", "fr")


@pytest.fixture(scope="module")
def template() -> Catalog:
    """Return every string of source and templates; collected once."""
    return catalogues.extract()


def test_the_languages_we_promise_have_a_catalogue() -> None:
    assert catalogues.locales() == TRANSLATED


@pytest.mark.parametrize("locale", TRANSLATED)
def test_nothing_is_left_untranslated(locale: str, template: Catalog) -> None:
    assert catalogues.missing(locale, template) == ()


@pytest.mark.parametrize("locale", TRANSLATED)
def test_translations_name_the_same_fields(locale: str) -> None:
    assert catalogues.wrong_fields(locale) == ()


@pytest.mark.parametrize("locale", TRANSLATED)
def test_the_compiled_catalogue_is_that_of_the_source(locale: str) -> None:
    assert catalogues.path_of(locale, ".mo").read_bytes() == catalogues.compiled(locale)


def test_strings_are_found_in_python_and_in_templates(tmp_path: Path) -> None:
    templates = tmp_path / "web" / "templates"
    templates.mkdir(parents=True)
    (templates / "a.html").write_text(
        "<p>{{ _('One') }}{% trans n=2 %}{{ n }} two{% pluralize %}{{ n }} twos{% endtrans %}"
    )
    (tmp_path / "node").mkdir()
    (tmp_path / "node" / "b.py").write_text("gettext('Three'); mark('Four'); pgettext('verb', 'Post')\n")

    found = {(message.id, message.context) for message in catalogues.extract(tmp_path) if message.id}

    assert found == {
        ("One", None),
        (("%(n)s two", "%(n)s twos"), None),
        ("Three", None),
        ("Four", None),
        ("Post", "verb"),
    }


def test_the_glossary_has_every_word_in_every_language() -> None:
    words = tomllib.loads((FOLDER.parent / "glossary.toml").read_text(encoding="utf-8"))

    assert [word for word, entry in words.items() if set(entry) - {"note"} != {"en", "fr", "ar"}] == []
    assert all(entry["en"] == word for word, entry in words.items())
