"""Counts before a change, the mode, entries that end, what was decided lately."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from node.community import trust
from node.community.trust import Consequences
from node.errors import Conflict, Invalid
from node.models import (
    Host,
    Job,
    Member,
    Mode,
    PolicyEntry,
)
from node.policy import registry as book_keeping
from node.policy.registry import Change, Registry
from node.settings import Settings
from tests.node.community.people import CARLO, LATER, MUCH_LATER, NOW, foreigner, member
from tests.node.community.trusting import (
    ACCEPTED,
    BLOCK,
    FAR,
    OWN,
    PENDING,
    SUSPENDED,
    change,
    follow,
    opened,
    standing,
    states,
    told,
    undo,
)


async def test_counts_come_before_the_change_and_change_nothing(database: Settings) -> None:
    registry = await opened()
    anna, boris = await member(), await member("boris", "Boris")
    berta, carlo = await foreigner(), await foreigner(CARLO)
    await Host.create(name="quiet.far.example", first_seen_at=NOW)
    await follow(berta, anna.actor, ACCEPTED)
    await follow(berta, boris.actor, PENDING)
    await follow(anna.actor, berta, ACCEPTED)
    await follow(carlo, boris.actor, ACCEPTED)

    before = await trust.preview(FAR)
    await change(BLOCK, registry)
    after = await trust.preview(FAR)

    hosts = ("far.example", "quiet.far.example")
    nothing = Consequences(
        (), followers=0, following=0, suspended=0, members=0, posts=0, practices=0, events=0, names=()
    )
    assert before == replace(nothing, hosts=hosts, followers=1, following=1, members=1, names=("@berta@far.example",))
    assert after == replace(nothing, hosts=hosts, suspended=2)
    assert await trust.preview(("new.test",)) == nothing


async def test_closing_suspends_strangers_and_reopening_restores_them(database: Settings) -> None:
    """A-16: partners stay."""
    registry, other = await opened(), await opened()
    anna = (await member()).actor
    await follow(await foreigner(), anna, ACCEPTED)
    await follow(await foreigner(CARLO), anna, ACCEPTED)
    await change(Change(("other.example",), "T4"), registry)

    closing = await trust.change_mode(Mode.CLOSED, registry=registry, by_member_id=None, now=NOW)
    closed = (await states(), registry.decide("far.example", now=NOW).preset, registry.is_closed)
    seen = (await other.refresh(), other.is_closed)
    concerned = await undo(closing.batch, registry)

    assert closed == ([SUSPENDED, ACCEPTED], "T0", True)
    assert (closing.lines, closing.changed, seen) == (("mode: open -> closed",), True, (True, True))
    assert (concerned, await states(), await trust.current_mode()) == ((), [ACCEPTED, ACCEPTED], Mode.OPEN)
    with pytest.raises(Conflict):
        await undo(closing.batch, registry)


async def test_a_mode_that_was_changed_since_is_not_taken_back(database: Settings) -> None:
    registry = await opened()
    closing = await trust.change_mode(Mode.CLOSED, registry=registry, by_member_id=None, now=NOW)
    await trust.change_mode(Mode.OPEN, registry=registry, by_member_id=None, now=NOW)

    with pytest.raises(Conflict):
        await undo(closing.batch, registry)
    with pytest.raises(Invalid):
        await trust.change_mode(Mode.CONSENT, registry=registry, by_member_id=None, now=NOW)

    assert [(fact.before, fact.after) for fact in await told()] == [
        ("mode open", "mode closed"),
        ("mode closed", "mode open"),
    ]


async def test_an_entry_that_runs_out_takes_its_effects_along(database: Settings) -> None:
    """A timed block ends by itself: follows come back, deliveries get their job, the log says so."""
    registry = await opened()
    anna = (await member()).actor
    await follow(await foreigner(), anna, ACCEPTED)
    await change(replace(BLOCK, expires_at=LATER), registry)
    early = await trust.expire(registry=registry, now=LATER - timedelta(seconds=1))
    blocked = await states()

    ended = await trust.expire(registry=registry, now=LATER)
    again = await trust.expire(registry=registry, now=MUCH_LATER)

    assert (early, blocked) == ((), [SUSPENDED])
    assert (ended, again) == (("*.far.example", "far.example"), ())
    assert (await states(), await standing()) == ([ACCEPTED], [])
    assert [(fact.before, fact.after) for fact in await told()] == [("", "T0"), ("expired", "none")]
    assert await Job.filter(kind="admission").count() == 2


async def test_two_processes_that_end_an_entry_at_once_tell_it_once(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, other = await opened(), Registry(own_host=OWN)
    await change(replace(BLOCK, expires_at=LATER), registry)
    wait = book_keeping.raise_version

    async def overtaken(*, now: datetime) -> None:
        monkeypatch.setattr(trust, "raise_version", wait)
        await trust.expire(registry=other, now=now)
        await wait(now=now)

    monkeypatch.setattr(trust, "raise_version", overtaken)
    monkeypatch.setattr(Registry, "refresh", lambda _self: asyncio.sleep(0))
    await trust.expire(registry=registry, now=LATER)

    assert [(fact.before, fact.after) for fact in await told()] == [("", "T0"), ("expired", "none")]


async def test_a_change_to_what_holds_already_says_so(database: Settings) -> None:
    registry = await opened()

    done = await change(Change(("far.example",), "T3"), registry)

    assert (done.lines, done.changed) == (("far.example: T3 -> T3",), False)
    assert await standing() == [("far.example", "T3")]


async def test_a_change_that_fails_half_way_is_not_in_force(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = await opened()
    anna = (await member()).actor
    await follow(await foreigner(), anna, ACCEPTED)

    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(trust, "apply_book", broken)
        with pytest.raises(ZeroDivisionError):
            await change(BLOCK, registry)

    assert registry.decide("far.example", now=NOW).preset == "T3"
    assert (await standing(), await told(), await states()) == ([], [], [ACCEPTED])


async def test_the_last_changes_are_listed_with_their_batches(database: Settings) -> None:
    registry = await opened()
    first = await change(BLOCK, registry)
    second = await change(Change(("other.example",), "T4"), registry)

    batches = [row.batch for row in await trust.recent_batches()]

    assert batches == [second.batch, first.batch]
    assert await trust.recent_batches(1) == [await PolicyEntry.get(batch=second.batch)]
    assert trust.block_patterns("x.example") == ("x.example", "*.x.example")
    assert await Member.all().count() == 0


async def test_a_domain_that_strangers_share_is_blocked_alone(database: Settings) -> None:
    """T-74: never all that is below a public suffix."""
    registry = await opened()
    with pytest.raises(Invalid) as refused:
        await change(Change(("*.gov.fj",), "T0"), registry)

    done = await change(Change(trust.block_patterns("gov.fj"), "T0"), registry)

    assert list(refused.value.fields) == ["host"]
    assert (await standing(), done.lines) == ([("gov.fj", "T0")], ("gov.fj: T3 -> T0",))
    await change(Change(("gov.fj", "*.gov.fj"), None), registry)
    assert await standing() == []


async def test_very_many_servers_are_counted_and_turned_in_batches(database: Settings) -> None:
    """A bound on each statement, none on how many servers a node has met."""
    registry = await opened()
    anna = await member()
    names = [f"host{number}.example" for number in range(1_200)]
    await Host.bulk_create([Host(name=name, first_seen_at=NOW) for name in names], batch_size=500)
    await follow(await foreigner(), anna.actor, ACCEPTED)
    await follow(anna.actor, await foreigner(CARLO), ACCEPTED)

    everybody = await trust.preview(("*",))
    named = await trust.preview(everybody.hosts)
    await trust.change_mode(Mode.CLOSED, registry=registry, by_member_id=None, now=NOW)

    assert named == everybody
    assert everybody == Consequences(
        tuple(sorted([*names, "far.example", "other.example"])),
        followers=1,
        following=1,
        suspended=0,
        members=1,
        posts=0,
        practices=0,
        events=0,
        names=("@carlo@other.example",),
    )
    assert await states() == [SUSPENDED, SUSPENDED]


async def test_the_neighbours_of_a_node_below_one_domain_can_be_meant_together(database: Settings) -> None:
    """The node itself stays what it is, whatever is said about those beside it."""
    await book_keeping.start(Mode.CLOSED, now=NOW)
    registry = Registry(own_host="fiji.network.example")
    await registry.refresh()

    presets = []
    for preset in ("T4", "T0"):
        await change(Change(("*.network.example",), preset), registry)
        hosts = ("tonga.network.example", "fiji.network.example", "network.example")
        presets.append([registry.decide(host, now=NOW).preset for host in hosts])

    assert presets == [["T4", "T5", "T0"], ["T0", "T5", "T0"]]
