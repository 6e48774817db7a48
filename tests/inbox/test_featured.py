"""Add and Remove of pins, and reading what somebody pins: only one's own, few, and never in a circle."""

import pytest

from inbox.handlers import featured as handler
from node.community import errands
from node.community.errands import Errand
from node.models import Actor, Job, Pin, Post
from tests.inbox.strangers import introduce, our_post
from tests.inbox.test_door_keys import documents
from tests.inbox.test_handlers import befriended, told
from tests.peers.actors import Json, PeerActor
from tests.standing import INBOXES, Company


def adding(company: Company, by: PeerActor, about: object, verb: str = "Add", target: str = "") -> Json:
    return company.good.activity(verb, by, about) | {"target": target or f"{by.uri}/collections/featured"}


async def pinning(company: Company, who: PeerActor) -> None:
    """Let an actor that we know have a list of pins."""
    await Actor.filter(uri=who.uri).update(featured_uri=f"{who.uri}/collections/featured")


def lists(company: Company, who: PeerActor, *items: object, **more: object) -> None:
    """Serve a list of pins."""
    uri = f"{who.uri}/collections/featured"
    told_list = {"@context": "https://www.w3.org/ns/activitystreams", "id": uri, "type": "OrderedCollection"}
    company.good.handlers[f"/users/{who.uri.rpartition('/')[2]}/collections/featured"] = documents(
        told_list | {"orderedItems": list(items)} | more
    )


async def pinned(who: PeerActor) -> list[str]:
    rows = await Pin.filter(actor__uri=who.uri).order_by("id")
    return [row.object_uri for row in rows]


async def test_nothing_is_put_into_another_s_list_and_nothing_of_others_into_one_s_own(company: Company) -> None:
    """T-19, V-P01: Add to another's collection changes nothing."""
    post = await our_post(company)
    rosa, eve = await befriended(company), await introduce(company, company.evil, "eve")
    await pinning(company, rosa)
    await pinning(company, eve)
    note = company.evil.note(eve, "<p>Mine</p>", inReplyTo=post.uri)
    await told(company, company.evil, company.evil.activity("Create", eve, note), eve)

    foreign = adding(company, eve, note["id"], target=f"{rosa.uri}/collections/featured") | {"id": f"{eve.uri}#add/1"}
    assert (await told(company, company.evil, foreign, eve)).startswith("ignored: not a list of the speaker")
    ours = adding(company, eve, post.uri) | {"id": f"{eve.uri}#add/2"}
    assert (await told(company, company.evil, ours, eve)).startswith("ignored: we do not hold it")
    without = company.evil.activity("Add", eve, note["id"])
    assert (await told(company, company.evil, without, eve)).startswith("ignored: not a list")
    assert await Pin.all().count() == 0


@pytest.mark.parametrize("inbox", INBOXES)
async def test_nobody_pins_in_another_s_name(company: Company, inbox: str) -> None:
    """V-G01."""
    rosa, eve = await befriended(company), await introduce(company, company.evil, "eve")
    await pinning(company, rosa)

    assert (await company.home.post(company.evil, adding(company, rosa, f"{rosa.uri}/1"), eve, inbox)).status == 401


async def test_what_we_hold_is_pinned_once_and_taken_down_by_its_owner_alone(company: Company) -> None:
    rosa = await befriended(company)
    eve = await introduce(company, company.evil, "eve")
    for who in (rosa, eve):
        await pinning(company, who)
    note = company.good.note(rosa, "<p>First of all</p>")
    await told(company, company.good, company.good.activity("Create", rosa, note), rosa)
    for _ in range(2):
        assert await told(company, company.good, adding(company, rosa, note["id"]), rosa) == "done"
    assert await pinned(rosa) == [note["id"]]

    theirs = adding(company, eve, note["id"], "Remove") | {"id": f"{eve.uri}#remove/1"}
    assert await told(company, company.evil, theirs, eve) == "ignored: it was not pinned"
    assert await told(company, company.good, adding(company, rosa, note["id"], "Remove"), rosa) == "done"
    assert await pinned(rosa) == []


async def test_what_we_do_not_hold_is_read_from_its_owner_within_bounds(company: Company) -> None:
    """T-34, V-P01, V-S06: five of one's own from the first page; one look in ten minutes."""
    rosa, otto = await befriended(company), company.third.actor("otto")
    await pinning(company, rosa)
    other = company.third.note(otto, "<p>Not hers</p>")
    forged = company.good.note(rosa, "<p>By somebody else</p>") | {"attributedTo": f"{company.good.base}/users/x"}
    company.good.publish(forged)
    hers = [company.good.note(rosa, f"<p>{number}</p>") for number in range(9)]
    lists(
        company,
        rosa,
        other["id"],
        forged["id"],
        *(note["id"] for note in hers),
        next=f"{rosa.uri}/collections/featured",
    )
    company.third.requests.clear()
    company.good.requests.clear()

    first = await told(company, company.good, adding(company, rosa, hers[0]["id"]), rosa)
    await told(company, company.good, adding(company, rosa, hers[1]["id"]), rosa)

    assert first == "done: the list is read first"
    assert await pinned(rosa) == [note["id"] for note in hers[:4]]
    gets = [path for method, path in company.good.requests if method == "GET"]
    assert gets.count("/users/rosa/collections/featured") == 1
    assert len(gets) <= 10
    assert company.third.requests == []
    company.home.clock.advance(handler.PAUSE.total_seconds())
    await company.home.work()


async def test_a_list_without_end_and_one_that_is_none_change_nothing(company: Company) -> None:
    """V-P01: a page that leads to itself, a page elsewhere, something that is no list."""
    rosa = await befriended(company)
    await pinning(company, rosa)
    uri = f"{rosa.uri}/collections/featured"
    for first in (uri, f"{company.evil.base}/page", {"type": "Note", "id": f"{uri}?page"}):
        lists(company, rosa, first=first)
        company.evil.requests.clear()
        await Job.filter(kind="fetch", key=f"featured {rosa.uri}").delete()
        await errands.ask(Errand.FEATURED, rosa.uri, now=company.home.now)
        await company.home.work()
        job = await Job.get(kind="fetch", key=f"featured {rosa.uri}")
        assert (job.state != "pending", job.attempts, company.evil.requests) == (True, 1, [])
    assert await Pin.all().count() == 0


async def test_a_stranger_s_list_is_not_read(company: Company) -> None:
    rosa = await introduce(company, company.good, "rosa")
    await pinning(company, rosa)
    note = company.good.note(rosa, "<p>Nobody asked</p>")
    lists(company, rosa, note["id"])

    await told(company, company.good, adding(company, rosa, note["id"]), rosa)
    await errands.ask(Errand.FEATURED, rosa.uri, now=company.home.now)
    await company.home.work()

    assert await Post.filter(uri=note["id"]).count() == 0
    assert await Pin.all().count() == 0
