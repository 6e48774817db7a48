"""Where other servers send our own members: nothing happens by a GET, nothing leads away from here."""

from urllib.parse import quote

import pytest

from node.models import Follow, Job, Like
from tests.web.pages.conftest import Inhabited

BASE = "https://home.example"


async def test_a_visitor_signs_in_first_and_then_comes_back(inhabited: Inhabited) -> None:
    visitor = inhabited.building.visitor()
    path = f"/authorize_interaction?uri={quote(f'{BASE}/ap/u/anna', safe='')}"

    asked = await visitor.get(path)
    await inhabited.building.member("sefa")
    entered = await visitor.send(asked, "/sign-in", name="sefa", password="a long sentence about mats")

    assert (asked.status, entered.header("location")) == (401, path)


async def test_what_is_known_is_shown_and_nothing_is_done(inhabited: Inhabited) -> None:
    member, village = await inhabited.building.signed_in("sefa"), inhabited.village
    uris = {
        f"{BASE}/ap/u/anna": "/@anna",
        "https://far.example/users/berta": "/@berta@far.example",
        f"{BASE}/ap/n/{village.post}": f"/posts/{village.post}",
        f"{BASE}/ap/r/{village.record}": f"/practices/{village.record}",
        f"{BASE}/ap/e/{village.event}": f"/events/{village.event}",
        village.reply_uri: f"/thread?uri={quote(village.reply_uri, safe='')}",
    }

    found = {
        uri: (await member.get(f"/authorize_interaction?uri={quote(uri, safe='')}")).header("location") for uri in uris
    }

    assert found == uris
    assert (await Follow.all().count(), await Like.all().count(), await Job.filter(kind="fetch").count()) == (0, 1, 0)


@pytest.mark.parametrize("uri", ["", "javascript:alert(1)", "https://10.0.0.7/x", "nobody", "https://evil.example:99/"])
async def test_what_is_no_address_is_not_looked_up(inhabited: Inhabited, uri: str) -> None:
    member = await inhabited.building.signed_in("sefa")

    page = await member.get(f"/authorize_interaction?uri={quote(uri, safe='')}")

    assert (page.status, await Job.filter(kind="fetch").count()) == (404, 0)


async def test_the_unknown_is_looked_up_by_a_press_only(inhabited: Inhabited) -> None:
    member = await inhabited.building.signed_in("sefa")
    page = await member.get("/authorize_interaction?uri=https%3A%2F%2Fnew.example%2F1")
    before = await Job.filter(kind="fetch").count()

    sent = await member.send(page, "/authorize_interaction")
    job = await Job.get(kind="fetch")

    assert (page.status, before) == (200, 0)
    assert (sent.header("location") or "").startswith("/looking-up/")
    assert job.payload == {"errand": "object", "subject": "https://new.example/1"}


async def test_a_handle_is_looked_up_as_one(inhabited: Inhabited) -> None:
    member = await inhabited.building.signed_in("sefa")
    page = await member.get("/authorize_interaction?uri=acct%3Alani%40new.example")

    await member.send(page, "/authorize_interaction")

    assert (await Job.get(kind="fetch")).payload == {"errand": "handle", "subject": "@lani@new.example"}


async def test_shared_text_waits_in_the_form(inhabited: Inhabited) -> None:
    member = await inhabited.building.signed_in("sefa")

    page = await member.get("/share?text=Look%20at%20this&url=https%3A%2F%2Fa.example%2F1")
    form = await member.get(page.header("location") or "")

    assert page.header("location") == "/write?text=Look+at+this%0A%0Ahttps%3A%2F%2Fa.example%2F1"
    assert "Look at this\n\nhttps://a.example/1" in form.form("/write")["text"].replace("\r\n", "\n")
