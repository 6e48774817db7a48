"""The loops of a working node: an error is logged and not fatal, and all of them end within the drain time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from node.community import links, sessions, trust
from node.community.node_profile import Description
from node.errors import Unavailable
from node.models import ActorKey, LinkPurpose, OneTimeLink, Session
from node.policy.registry import Change, Registry
from node.serving import foundation, loops
from node.serving.assembly import Node, assemble
from node.serving.loops import clean, equip, watch_policy, work
from node.settings import Settings
from tests.clock import START, FakeClock
from tests.node.community.people import member

SECONDS = 20.0


@pytest.fixture
async def node(database: Settings, clock: FakeClock) -> AsyncIterator[Node]:
    await foundation.lay(database, Description(name="Home"), now=START)
    found = assemble(database, name="Home", clock=clock)
    await found.registry.refresh()
    yield found
    await found.surroundings.client.aclose()


async def stopped(working: asyncio.Task[None], stop: asyncio.Event) -> None:
    stop.set()
    async with asyncio.timeout(SECONDS):
        await working


async def test_a_step_that_fails_is_logged_and_tried_again(
    node: Node, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    again, stop = asyncio.Event(), asyncio.Event()
    failures = [Unavailable("the database is away"), ValueError("a bug")]

    async def failing(*_: object) -> int:
        if failures:
            raise failures.pop()
        again.set()
        return 0

    monkeypatch.setattr("outbox.admission.step", failing)
    monkeypatch.setattr(loops, "NEWCOMER_SECONDS", 0.01)
    monkeypatch.setattr("node.community.portraits.dress", failing_round := Failing())
    working = asyncio.create_task(work(node, stop))
    async with asyncio.timeout(SECONDS):
        await again.wait()
        await failing_round.again.wait()
    await stopped(working, stop)

    told = {(record.name, record.levelno) for record in caplog.records}
    assert told >= {
        ("talanoa.jobs", logging.ERROR),
        ("talanoa.jobs", logging.WARNING),
        ("talanoa.work", logging.ERROR),
    }


class Failing:
    """A round that fails once."""

    def __init__(self) -> None:
        self.again = asyncio.Event()
        self._failed = False

    async def __call__(self, **_: object) -> int:
        if not self._failed:
            self._failed = True
            raise ValueError("a bug")
        self.again.set()
        return 0


async def test_what_does_not_end_is_cut_off_after_the_drain_time(
    node: Node, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A peer that never answers doesn't keep the process."""
    begun, cut, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def hanging(*_: object) -> int:
        begun.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            cut.set()
        return 0

    monkeypatch.setattr("inbox.errands.step", hanging)
    hurried = replace(node, surroundings=replace(node.surroundings, settings=replace(node.settings, drain_seconds=0)))
    working = asyncio.create_task(work(hurried, stop))
    async with asyncio.timeout(SECONDS):
        await begun.wait()
    await stopped(working, stop)

    assert cut.is_set() and working.exception() is None
    assert "cut off what was still under way" in caplog.text


async def test_work_that_dies_is_not_passed_over(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends, so that whoever watches it starts it anew."""

    class Died(BaseException):
        pass

    async def dying(*_: object) -> int:
        raise Died

    monkeypatch.setattr("inbox.errands.step", dying)

    with pytest.raises(Died):
        async with asyncio.timeout(SECONDS):
            await work(node, asyncio.Event())


async def test_a_process_that_only_serves_notices_a_change_of_policy(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-18, T-81: within a second, whoever changed it."""
    seen, stop = asyncio.Event(), asyncio.Event()

    class Telling(Registry):
        async def refresh(self) -> bool:
            changed = await super().refresh()
            if changed and self.book.entries:
                seen.set()
            return changed

    here, elsewhere = Telling(own_host="home.example"), Registry(own_host="home.example")
    monkeypatch.setattr(loops, "POLICY_SECONDS", 0.01)
    watching = asyncio.create_task(watch_policy(replace(node, registry=here), stop))
    await trust.change(Change(("far.example",), "T0"), registry=elsewhere, by_member_id=None, now=START)
    async with asyncio.timeout(SECONDS):
        await seen.wait()
    await stopped(watching, stop)

    assert here.book == elsewhere.book
    assert not here.decide("far.example", now=START).is_admitted


def test_the_policy_is_looked_at_each_second() -> None:
    assert loops.POLICY_SECONDS == 1.0


async def test_newcomers_get_keys_and_a_picture(node: Node, tmp_path: Path) -> None:
    anna = await member()

    await equip(node)
    await equip(node)

    keys = await ActorKey.filter(actor_id=anna.actor_id).count()
    await anna.actor.refresh_from_db()
    assert (keys, str(anna.actor.avatar_url).startswith("https://home.example/media/")) == (2, True)


async def test_what_ran_out_is_cleaned_away(node: Node, clock: FakeClock) -> None:
    anna = await member()
    await sessions.start(anna, agent="", now=START)
    await links.make_for(anna, LinkPurpose.SIGN_IN, now=START)
    counts = []
    for days in (1, 13, 30):
        clock.advance(days * 86_400)
        await clean(node)
        counts.append((await Session.all().count(), await OneTimeLink.all().count()))

    assert counts == [(1, 1), (0, 1), (0, 0)]
