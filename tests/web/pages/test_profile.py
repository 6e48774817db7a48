"""Profiles: of members, Groups and people from elsewhere; nothing is looked up, gone people are gone."""

from dataclasses import replace

import pytest

from node.community import foreign_actors
from node.models import Actor, ActorState
from tests.web.pages.conftest import Inhabited
from tests.web.village import BERTA

BASE = "https://home.example"


PATHS = ("/@Anna", "/@Berta@far.example", "/@berta@FAR.example", "/@anna@home.example")
STRANGE = ["nobody", "@", "a@b@c", "actor", "anna@evil.example", "x" * 400, "an%2Fna", "anna@10.0.0.7", "anna@%00"]


@pytest.mark.parametrize("handle", STRANGE, ids=lambda handle: handle[:20])
async def test_who_is_not_known_has_no_page(inhabited: Inhabited, handle: str) -> None:
    page = await inhabited.building.visitor().get(f"/@{handle}")

    assert page.status == 404


async def test_who_left_is_gone_and_who_is_suspended_is_not_there(inhabited: Inhabited) -> None:
    visitor = inhabited.building.visitor()
    await Actor.filter(name="berta").update(state=ActorState.SUSPENDED)
    suspended = await visitor.get("/@berta@far.example")
    await Actor.filter(local_name="anna").update(state=ActorState.GONE)
    gone = await visitor.get("/@anna")

    assert (suspended.status, gone.status) == (404, 410)
    assert "Berta" not in suspended.shown()


async def test_a_member_is_shown_with_handle_counts_and_posts(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get("/@anna")

    assert page.document.xpath("//main//code/text()")[0] == "@anna@home.example"
    assert page.header("link") == f'<{BASE}/ap/u/anna>; rel="alternate"; type="application/activity+json"'
    assert "3 posts 0 followers follows 0 accounts" in page.shown()
    assert page.form("/interact")["uri"] == f"{BASE}/ap/u/anna"
    assert page.document.xpath("//link[@type='application/atom+xml']/@href") == ["/@anna.atom"]


async def test_a_name_in_other_case_is_the_same(inhabited: Inhabited) -> None:
    visitor = inhabited.building.visitor()

    statuses = [(await visitor.get(path)).status for path in PATHS]

    assert statuses == [200, 200, 200, 200]


async def test_somebody_from_elsewhere_is_named_in_full_and_not_listed(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get("/@berta@far.example")

    assert page.header("x-robots-tag") == "noindex"
    assert page.header("link") is None
    assert page.document.xpath("//main//code/text()") == ["@berta@far.example"]
    assert page.document.xpath("//main//a[@href='https://far.example/@berta']/text()") == ["Profile at far.example"]
    (face,) = page.document.xpath("//main//img/@src")
    assert face.startswith("/media/elsewhere/")
    assert "https://far.example/berta.png" not in page.text


async def test_a_name_that_plays_tricks_stands_beside_its_handle_t42(inhabited: Inhabited) -> None:
    trick = replace(BERTA, uri="https://far.example/users/t", name="t", display_name="Anna\u202e \u2705\u200b")
    await foreign_actors.remember(trick, now=inhabited.building.clock.now())

    page = await inhabited.building.visitor().get("/@t@far.example")

    assert page.document.xpath("string(//h1)") == "Anna"
    assert "\u202e" not in page.text
    assert "@t@far.example" in page.shown()


async def test_a_group_says_where_everything_is_that_it_passes_on(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get("/@practices")

    assert page.document.xpath("//a[text()='Everything that this account passes on']/@href") == ["/practices"]
    assert "Ward budget hearings by SMS" in page.shown()
    assert page.header("x-robots-tag") is None
