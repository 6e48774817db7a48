"""From a stored activity to its one effect, or to a reason that an admin can read. R-03, R-10, F-16."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from tortoise.exceptions import OperationalError

from federation.errors import Unauthorised
from inbox import dispatch, worker
from inbox.models import ReceivedActivity
from inbox.scene import APPLIED, Outcome, Scene
from node import jobs
from node.community import interactions
from node.community.interactions import ForeignReaction
from node.database import execute
from node.models import Follow, Host, Like
from tests.inbox.strangers import introduce, our_post
from tests.peers.actors import PeerActor
from tests.standing import BASE, Company


async def likes(company: Company, actor: PeerActor, number: int) -> str:
    """Let a Like of a post of ours come in; return the post."""
    post = await our_post(company, f"Post {number}")
    await company.home.post(company.good, company.good.activity("Like", actor, post.uri), actor)
    return post.uri


async def test_what_always_raises_is_tried_five_times_and_then_dead_with_its_reason(
    company: Company, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """R-10, F-16: the good ones that came with it are done at once."""
    rosa = await introduce(company, company.good, "rosa")
    poisoned = await likes(company, rosa, 1)
    for number in (2, 3, 4):
        await likes(company, rosa, number)
    tries = 0
    real = interactions.received_likes

    async def poison(given: Sequence[ForeignReaction], *, now: datetime) -> list[bool]:
        nonlocal tries
        if poisoned in {each.object_uri for each in given}:
            tries += len(given) == 1
            raise RuntimeError("poison")
        return await real(given, now=now)

    monkeypatch.setattr(interactions, "received_likes", poison)
    with caplog.at_level(logging.CRITICAL, "talanoa.inbox"):
        await company.home.work()
        assert await Like.all().count() == 3
        for _ in range(6):
            company.home.clock.advance(11 * 60)
            await company.home.work()

    states = await ReceivedActivity.all().order_by("id").values_list("state", "attempts", "reason")
    assert states[1] == ("dead", 5, "RuntimeError: poison")
    assert [state for state, _tries, _reason in states[2:]] == ["done"] * 3
    assert tries == 5


async def test_what_takes_too_long_is_put_off_and_the_rest_goes_on(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-10: a handler that never ends counts as a try."""
    monkeypatch.setattr(worker, "LONGEST_SECONDS", 0.1)
    rosa = await introduce(company, company.good, "rosa")
    endless = await likes(company, rosa, 1)
    await likes(company, rosa, 2)
    real = interactions.received_likes

    async def slow(given: Sequence[ForeignReaction], *, now: datetime) -> list[bool]:
        if endless in {each.object_uri for each in given}:
            await asyncio.Event().wait()
        return await real(given, now=now)

    monkeypatch.setattr(interactions, "received_likes", slow)
    await company.home.work()

    assert await Like.all().count() == 1
    row = await ReceivedActivity.get(state="pending")
    assert (row.attempts, row.reason, row.lease_until) == (1, "TimeoutError: ", None)
    assert row.due_at == company.home.now + timedelta(seconds=5)


async def test_a_worker_that_dies_each_time_uses_the_tries_up(company: Company) -> None:
    """R-10: the attempt is counted before the work, so a crash counts too."""
    rosa = await introduce(company, company.good, "rosa")
    await likes(company, rosa, 1)
    for _ in range(5):
        assert len(await jobs.claim(worker.RECEIVED, now=company.home.now, limit=10)) == 1
        company.home.clock.advance(61)

    await company.home.work()

    row = await ReceivedActivity.all().order_by("-id").first()
    assert row is not None
    assert (row.state, row.reason) == ("dead", "the process ended during each of 5 tries")


async def test_a_refusal_leaves_nothing_but_its_reason(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-03: what the handler wrote before it refused is rolled back, its reason is committed."""
    rosa = await introduce(company, company.good, "rosa")
    target = await company.home.actor("/ap/g/practices")

    async def half(activity: object, scene: Scene) -> Outcome:
        await Follow.create(follower=scene.speaker, target=target, created_at=scene.now)
        raise Unauthorised("not yours")

    monkeypatch.setattr(dispatch, "HANDLERS", dict(dispatch.HANDLERS) | {"Like": half})
    await likes(company, rosa, 1)
    await company.home.work()

    assert (await company.home.rows())[-1][1:] == ("ignored", "Unauthorised: not yours")
    assert await Follow.all().count() == 0


async def test_whoever_lost_the_lease_writes_neither_effect_nor_end(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-07: the effect and the end are one transaction, fenced."""
    rosa = await introduce(company, company.good, "rosa")
    target = await company.home.actor("/ap/g/practices")

    async def overtaken(activity: object, scene: Scene) -> Outcome:
        await Follow.create(follower=scene.speaker, target=target, created_at=scene.now)
        await execute("UPDATE received_activity SET fence = fence + 1 WHERE state = 'pending'")
        return APPLIED

    monkeypatch.setattr(dispatch, "HANDLERS", dict(dispatch.HANDLERS) | {"Like": overtaken})
    await likes(company, rosa, 1)
    await worker.step(company.home.node.bench)

    assert await Follow.all().count() == 0
    assert (await company.home.rows())[-1][1] == "pending"


async def test_an_outage_in_the_middle_of_a_batch_undoes_all_of_it_and_counts_against_nobody(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa = await introduce(company, company.good, "rosa")
    for number in range(3):
        await likes(company, rosa, number)
    real, calls = interactions.received_likes, 0

    async def away(given: Sequence[ForeignReaction], *, now: datetime) -> list[bool]:
        nonlocal calls
        calls += 1
        found = await real(given, now=now)
        if calls == 1:
            raise OperationalError("disk I/O error")
        return found

    monkeypatch.setattr(interactions, "received_likes", away)
    with pytest.raises(OperationalError):
        await worker.step(company.home.node.bench)
    assert await Like.all().count() == 0

    company.home.clock.advance(61)
    await company.home.work()
    assert await Like.all().count() == 3


async def test_an_origin_that_hangs_delays_nobody(company: Company) -> None:
    """R-08 for what comes in: reading elsewhere goes on beside the work, a few at a time for one sender."""
    rosa = await introduce(company, company.good, "rosa")
    eve = await introduce(company, company.evil, "eve")
    asked = 0
    go_on = asyncio.Event()

    async def hang(_request: web.Request) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        await go_on.wait()
        return web.Response(status=404)

    for number in range(10):
        company.evil.handlers[f"/slow/{number}"] = hang
        create = company.evil.activity("Create", eve, f"{company.evil.base}/slow/{number}")
        await company.home.post(company.evil, create, eve)
    uri = await likes(company, rosa, 1)

    async with asyncio.timeout(5):
        while await worker.step(company.home.node.bench):
            pass
    assert await Like.filter(object_uri=uri).count() == 1
    assert len(company.home.node.bench.reading) == worker.READING_PER_HOST

    go_on.set()
    for _ in range(5):
        await company.home.work()
        company.home.clock.advance(3)
    assert [state for uri, state, _ in await company.home.rows() if "evil" in uri] == ["ignored"] * 11
    assert asked == 10


async def test_only_who_proved_it_is_heard(company: Company) -> None:
    """A host that a forwarded activity merely names does not get its breaker closed."""
    post = await our_post(company)
    rosa, eve = company.good.actor("rosa"), await introduce(company, company.evil, "eve")
    note = company.good.note(rosa, "<p>Yes</p>", inReplyTo=post.uri)
    await company.home.post(company.evil, company.good.activity("Create", rosa, note), eve)
    await company.home.work()

    assert await Host.filter(heard_at__isnull=False).values_list("name", flat=True) == ["evil.test"]


async def test_what_nobody_handles_is_ignored_with_a_reason(company: Company) -> None:
    """T-08: 202 for everything that is well signed, whatever it means."""
    rosa = await introduce(company, company.good, "rosa")
    odd = [
        company.good.activity("Dislike", rosa, BASE),
        company.good.activity("EmojiReact", rosa, BASE),
        company.good.activity("Like", rosa, BASE) | {"type": 5},
        company.good.activity("Like", rosa, BASE) | {"type": ["Like", "Lock"]},
        {name: value for name, value in company.good.activity("Create", rosa, BASE).items() if name != "object"},
        company.good.activity("Create", rosa, 5),
        company.good.activity("Create", rosa, []),
        company.good.activity("Update", rosa, {"type": "Note"}),
        company.good.activity("Follow", rosa, {"id": "javascript:1"}),
        company.good.activity("Undo", rosa, {"type": "Follow"}),
        company.good.activity("Accept", rosa, None),
        company.good.activity("Delete", rosa, {"id": None}),
        company.good.activity("Announce", rosa, {"type": "Note", "id": 4}),
    ]

    statuses = [(await company.home.post(company.good, each, rosa)).status for each in odd]
    await company.home.work()

    assert statuses == [202] * len(odd)
    found = (await company.home.rows())[1:]
    assert [(state, bool(reason)) for _uri, state, reason in found] == [("ignored", True)] * len(odd)
