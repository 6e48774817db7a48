"""Search: what is found, in which words, and nothing asked of other servers."""

from urllib.parse import urlencode

import pytest

from node.models import Job
from tests.web.pages.conftest import Inhabited
from tests.web.visitor import Page


@pytest.mark.parametrize(
    "words", ["", "   ", "zzzz", '"', "%", "a' OR 1=1 --", "*", "(", "\u0001x", "x" * 5000, "@who@far.example"]
)
async def test_odd_words_find_nothing_and_break_nothing(inhabited: Inhabited, words: str) -> None:
    page = await inhabited.building.visitor().get(f"/search?{urlencode({'q': words})}")

    assert (page.status, _found(page), await Job.filter(kind="fetch").count()) == (200, [], 0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=budget", ["/events/{cancelled}", "/events/{event}", "/practices/{record}"]),
        ("q=budget&kind=practice", ["/practices/{record}"]),
        ("q=aloud%20neighbour&kind=nonsense", ["/events/{cancelled}", "/events/{event}"]),
        ("q=%D8%A7%D9%84%D8%B4%D9%81%D8%A7%D9%81%D9%8A%D8%A9", ["post"]),
        ("q=anna&kind=actor", ["/@anna"]),
    ],
)
async def test_search_finds_what_is_public_in_every_script(inhabited: Inhabited, query: str, found: list[str]) -> None:
    village = inhabited.village

    page = await inhabited.building.visitor().get(f"/search?{query}")

    ids = {"event": village.event, "cancelled": village.cancelled, "record": village.record}
    wanted = sorted(path.format(**ids) for path in found)
    shown = ["post" if path.startswith("/posts/") else path for path in _found(page)]
    assert sorted(shown) == wanted
    assert page.header("x-robots-tag") == "noindex"


async def test_what_was_searched_stands_in_the_field(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get("/search?q=%22%3E%3Cscript%3E&kind=post")

    assert page.form("/search") == {"q": '"><script>', "kind": "post"}
    assert page.document.xpath("//script") == []


@pytest.mark.parametrize("words", ["@who@", "who@home.example@far.example", "two words", "@who@home.example"])
async def test_nobody_is_looked_for_who_can_not_be_elsewhere(inhabited: Inhabited, words: str) -> None:
    visitor = await inhabited.building.signed_in("vai")

    page = await visitor.get(f"/search?{urlencode({'q': words})}")

    assert "Look for this person on their server" not in page.shown()


async def test_visitors_are_not_offered_to_look_elsewhere(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get("/search?q=%40who%40far.example")

    assert "Look for this person on their server" not in page.shown()


@pytest.mark.parametrize("words", ["@who@far.example", "who@far.example"])
async def test_members_go_on_to_the_follow_form_with_a_handle_that_is_not_found(
    inhabited: Inhabited, words: str
) -> None:
    visitor = await inhabited.building.signed_in("vai")

    page = await visitor.get(f"/search?{urlencode({'q': words})}")
    links = page.document.xpath("//div[@class='empty']//a[.='Look for this person on their server']/@href")
    form = (await visitor.get(links[0])).form("/follow")

    assert (len(links), form["who"], await Job.filter(kind="fetch").count()) == (1, words, 0)


def _found(page: Page) -> list[str]:
    """Return the first link of each hit, without links to people inside posts."""
    hits = page.document.xpath("//ol[@class='stream']/li")
    return [_path(hit) for hit in hits]


def _path(hit: object) -> str:
    links = hit.xpath(".//h2/a/@href | .//span[@class='meta']/a/@href")  # type: ignore[attr-defined]
    people = hit.xpath(".//a[@class='person']/@href")  # type: ignore[attr-defined]
    return str((links or people)[0])
