"""Many deliveries: in order where it matters, fair between hosts, never twice at once. R-06 to R-08."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from node.community import follows, journal, posts
from node.community.facts import ActorLeft
from node.community.posts import PostDraft
from node.database import atomic
from node.errors import NotFound
from node.models import Actor, Host
from outbox import bridge, worker
from outbox.deliver import DELIVERIES, Van
from outbox.models import Delivery, DeliveryState, PublishedActivity
from outbox.parcels import Bodies, Parcel, load
from tests.outbox.foreigners import following, foreigner
from tests.outbox.test_recipients import say
from tests.peers.values import Reply
from tests.standing import Company, Standing


async def one_round(home: Standing) -> int:
    """Start what is due and wait for its end."""
    started = await home.node.worker.step()
    await home.node.worker.settle()
    return started


async def fans(company: Company, *hosts: str) -> None:
    """Give Amina a follower on each host, with nothing waiting."""
    home = company.home
    for host in hosts:
        await following(await foreigner("fan", host, now=home.now), home.amina.actor, now=home.now)
    await home.bridge()
    await Delivery.filter(id__gt=0).delete()


async def edited(home: Standing, times: int) -> str:
    """Publish a post, change it, withdraw it; return its id. Everything is due at once."""
    post = await say(home, "First")
    await home.bridge()
    for number in range(times):
        home.clock.advance(1)
        draft = PostDraft(text=f"Version {number}", language="en")
        await posts.edit(post.uri, draft, author=home.amina.actor, now=home.now)
        await home.bridge()
    await posts.withdraw(post.uri, by=home.amina, now=home.now)
    await home.bridge()
    return post.uri


async def test_a_change_never_overtakes_what_it_changes(company: Company) -> None:
    """R-06: also when the first one fails; another thing goes ahead meanwhile."""
    home = company.home
    await fans(company, "good.test")
    uri = await edited(home, 2)
    company.good.refusals.append(Reply(503))
    await one_round(home)
    assert company.good.received == []

    other = await say(home, "Another thing")
    await home.bridge()
    await one_round(home)
    assert [entry.activity["object"]["id"] for entry in company.good.received] == [other.uri]

    home.clock.advance(120)
    for _ in range(6):
        await one_round(home)
    about = [entry.activity for entry in company.good.received if _about(entry.activity) == uri]
    assert [str(each["type"]) for each in about] == ["Create", "Update", "Update", "Delete"]
    assert await Delivery.exclude(state=DeliveryState.DELIVERED).count() == 0


def _about(activity: dict[str, object]) -> object:
    thing = activity["object"]
    return thing["id"] if isinstance(thing, dict) else thing


async def test_what_fails_again_and_again_is_parked_and_delays_the_rest_no_longer(company: Company) -> None:
    """F-07 in small: after three tries the later ones about the same thing go ahead."""
    home = company.home
    await fans(company, "good.test")
    await edited(home, 0)
    company.good.refusals.extend([Reply(500)] * 3)
    for minutes in (2, 7, 20):
        await one_round(home)
        home.clock.advance(minutes * 60)
        await Host.filter(name="good.test").update(failures=0, open_until=None)

    await Delivery.filter(activity__type="Create").update(due_at=home.now + timedelta(hours=1))
    await one_round(home)

    assert [str(entry.activity["type"]) for entry in company.good.received] == ["Delete"]


async def test_the_third_try_under_way_still_goes_first(company: Company) -> None:
    """It is parked when its third try has failed, not while it is being made."""
    home = company.home
    await fans(company, "good.test")
    await edited(home, 0)
    first = await Delivery.all().order_by("id").first()
    assert first is not None
    lease = home.now + timedelta(seconds=60)
    await Delivery.filter(id=first.id).update(attempts=3, lease_until=lease, fence=3)

    assert await one_round(home) == 0
    await Delivery.filter(id=first.id).update(lease_until=None, due_at=home.now + timedelta(hours=1))
    assert await one_round(home) == 1


async def test_a_follow_and_its_end_keep_their_order(company: Company) -> None:
    """The key of a Follow, its Undo, an Accept and a Reject is the pair."""
    home = company.home
    rosa = await foreigner("rosa", "good.test", now=home.now)
    company.good.actor("rosa")
    await follows.ask(home.amina.actor, rosa, now=home.now)
    await follows.undo(home.amina.actor, rosa, now=home.now)
    await follows.ask(home.amina.actor, rosa, now=home.now)
    await home.bridge()
    for _ in range(4):
        await one_round(home)

    kinds = [str(entry.activity["type"]) for entry in company.good.received]
    assert kinds in (["Undo", "Follow"], ["Follow", "Undo", "Follow"])


async def test_hosts_that_hang_delay_nobody_else(company: Company) -> None:
    """R-08: while two of three hosts hang, the third gets everything."""
    home = company.home
    await fans(company, "good.test", "evil.test", "third.test")
    hanging, go_on = 0, asyncio.Event()

    async def hang(_request: web.Request) -> web.StreamResponse:
        nonlocal hanging
        hanging += 1
        await go_on.wait()
        return web.Response(status=503)

    for peer in (company.evil, company.third):
        peer.handlers["/inbox"] = hang
    for number in range(5):
        await say(home, f"Post {number}")
    await home.bridge()

    await home.node.worker.step()
    await company.good.expect(5)
    assert 1 <= hanging <= 4, "two at once for a host"
    go_on.set()
    await home.node.worker.settle()


async def test_no_attempt_is_begun_that_could_outlive_its_lease(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-07: a slow host gets a few, and the rest goes back without a try being counted."""
    home = company.home
    await fans(company, "good.test")
    for number in range(8):
        await say(home, f"Post {number}")
    await home.bridge()
    real = worker.deliver

    async def slowly(parcel: Parcel, van: Van) -> bool:
        home.clock._monotonic += 10
        return await real(parcel, van)

    monkeypatch.setattr(worker, "deliver", slowly)
    await one_round(home)

    assert await Delivery.filter(state=DeliveryState.DELIVERED).count() <= 4
    waiting = await Delivery.filter(state=DeliveryState.PENDING)
    assert waiting
    assert {(row.attempts, row.lease_until) for row in waiting} == {(0, None)}
    monkeypatch.undo()
    for _ in range(4):
        await one_round(home)
    assert await Delivery.filter(state=DeliveryState.DELIVERED).count() == 8


async def test_what_fails_in_this_house_is_tried_again_and_stops_nobody(
    company: Company, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    home = company.home
    await fans(company, "good.test")
    first, second = await say(home, "One"), await say(home, "Two")
    await home.bridge()
    real = worker.deliver

    async def stumble(parcel: Parcel, van: Van) -> bool:
        delivery = await Delivery.get(id=parcel.claim.id).select_related("activity")
        if delivery.activity.object_uri == first.uri:
            raise NotFound("no key")
        return await real(parcel, van)

    monkeypatch.setattr(worker, "deliver", stumble)
    await one_round(home)

    assert [_about(entry.activity) for entry in company.good.received] == [second.uri]
    row = await Delivery.get(state=DeliveryState.PENDING)
    assert (row.attempts, row.reason) == (1, "NotFound: no key")
    assert "failed in this house" in caplog.text
    monkeypatch.undo()
    home.clock.advance(6)
    await one_round(home)
    assert len(company.good.received) == 2


async def test_a_lease_that_was_lost_changes_nothing(company: Company) -> None:
    """R-07: the fenced worker's late mark is refused."""
    home = company.home
    await fans(company, "good.test")
    await say(home)
    await home.bridge()
    (claim,) = await worker.jobs.claim(DELIVERIES, now=home.now, limit=1)
    (parcel,) = await load([claim], Bodies(), now=home.now)
    await Delivery.filter(id=claim.id).update(fence=claim.fence + 1)

    with pytest.raises(worker.LeaseLost):
        await worker.deliver(parcel, home.node.van)

    row = await Delivery.get()
    assert (row.state, row.last_status) == (DeliveryState.PENDING, None)


async def test_a_journal_entry_becomes_all_of_its_deliveries_or_none(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-04: the bridge is one transaction an entry, and a repeat makes no second activity."""
    home = company.home
    await fans(company, "good.test", "evil.test")
    group = await home.actor("/ap/g/posts")
    await following(await foreigner("reader", "third.test", now=home.now), group, now=home.now)
    await home.bridge()
    await Delivery.filter(id__gt=0).delete()
    before = await PublishedActivity.all().count()
    real, calls = bridge._write, 0

    async def breaks(*args: Any, **named: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise RuntimeError("in the middle")
        await real(*args, **named)

    monkeypatch.setattr(bridge, "_write", breaks)
    post = await say(home)
    await bridge.step(home.node.bridge)
    assert (await Delivery.all().count(), await PublishedActivity.all().count()) == (0, before)

    monkeypatch.undo()
    home.clock.advance(6)
    await home.bridge()
    assert await Delivery.all().count() == 3
    told = await PublishedActivity.filter(object_uri=post.uri).order_by("id")
    assert [row.type for row in told] == ["Create", "Announce", "Announce"]
    assert json.loads(told[0].body)["object"]["id"] == post.uri


async def test_somebody_deleted_is_still_heard_saying_farewell(company: Company) -> None:
    """The Delete of a member is signed although the member is gone, with the key that others remember."""
    home = company.home
    await fans(company, "good.test")
    await say(home)
    await home.work()
    async with atomic():
        await Actor.filter(id=home.amina.actor_id).update(state="gone")
        await journal.note(ActorLeft(home.amina.actor_id), at=home.now)
    await home.work()

    (entry,) = await company.good.expect(1, kind="Delete")
    assert entry.activity["object"] == home.amina.actor.uri
