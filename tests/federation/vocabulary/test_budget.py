"""Nothing of ours is larger or deeper than every known server reads."""

import orjson
import pytest
from lxml import html as lxml_html

from federation.errors import Malformed
from federation.vocabulary.budget import TARGET_BYTES, cut_html, depth_of, fit
from federation.vocabulary.context import with_context

URL = "https://talanoa.example/practices/1"


def _article(content: str, **more: object) -> dict[str, object]:
    return {"id": URL, "type": "Article", "url": URL, "content": content, "contentMap": {"en": content}, **more}


def test_what_is_too_deep_is_refused() -> None:
    deep: object = []
    for _ in range(7):
        deep = [deep]
    with pytest.raises(Malformed):
        fit({"x": deep})


def test_what_is_too_large_without_its_text_is_refused() -> None:
    with pytest.raises(Malformed):
        fit(_article("<p>x</p>", name="n" * 70_000))


def test_what_fits_stays_as_it_is() -> None:
    article = _article("<p>Hi</p>", source={"content": "Hi"})

    assert fit(article) == article


def test_the_source_goes_before_the_text() -> None:
    article = _article("<p>" + "x" * 20_000 + "</p>", source={"content": "x" * 20_000})

    assert fit(article) == {name: value for name, value in article.items() if name != "source"}


def test_a_long_text_ends_after_a_whole_paragraph_with_a_link() -> None:
    paragraph = "<p>One <strong>two</strong><br>ا ب.</p>"
    article = _article(paragraph * 3000)

    short = fit(with_context({"type": "Create", "object": article}))

    inner = short["object"]
    assert isinstance(inner, dict)
    content = inner["content"]
    assert isinstance(content, str)
    link = f'<p><a href="{URL}">{URL}</a></p>'
    assert TARGET_BYTES // 2 < len(orjson.dumps(short)) <= TARGET_BYTES
    assert content == paragraph * content.count(paragraph) + link
    assert inner["contentMap"] == {"en": content}


@pytest.mark.parametrize(
    ("html", "characters", "expected"),
    [
        ("<p>a</p><p>b</p>", 12, "<p>a</p>"),
        ("<p>a</p><ul><li>b</li></ul>", 20, "<p>a</p>"),
        ("<p>a<br>b</p>tail", 14, "<p>a<br>b</p>"),
        ("<p><strong>long</strong> words</p>", 12, "<p>longw</p>".replace("w", " ")),
        ("plain &amp; simple", 15, "<p>plain </p>"),
        ("<p>a</p>", 100, "<p>a</p>"),
    ],
)
def test_html_is_cut_between_outer_elements(html: str, characters: int, expected: str) -> None:
    found = cut_html(html, characters)

    assert found == expected
    assert lxml_html.fragment_fromstring(found).text is not None


def test_depth_counts_objects_and_lists() -> None:
    assert [depth_of(value, 3) for value in (1, {}, {"a": 1}, {"a": [1]}, [[[[[1]]]]])] == [0, 1, 1, 2, 4]
