"""Allow, block, change the mode, take it back: follows, audit log, processes; on both databases."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from node.community import journal, trust
from node.community.facts import PolicyChanged
from node.community.trust import Consequences, Outcome
from node.errors import Conflict, Invalid, NotFound
from node.models import (
    Actor,
    ActorState,
    Follow,
    FollowState,
    Host,
    Job,
    JournalEntry,
    Member,
    Mode,
    PolicyEntry,
    PolicyState,
)
from node.policy import registry as book_keeping
from node.policy.registry import Change, Registry
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, MUCH_LATER, NOW, foreigner, member

OWN = "home.example"
FAR = ("far.example", "*.far.example")
BLOCK = Change(FAR, "T0", "spam")
ACCEPTED, PENDING, REFUSED, SUSPENDED = (
    FollowState.ACCEPTED,
    FollowState.PENDING,
    FollowState.REFUSED,
    FollowState.SUSPENDED,
)


async def opened(mode: Mode = Mode.OPEN) -> Registry:
    await book_keeping.start(mode, now=NOW)
    registry = Registry(own_host=OWN)
    await registry.refresh()
    return registry


async def follow(follower: Actor, target: Actor, state: FollowState) -> object:
    row = await Follow.create(follower=follower, target=target, state=state, created_at=NOW)
    return row.id


async def states() -> list[FollowState]:
    return [row.state for row in await Follow.all().order_by("id")]


async def change(wanted: Change, registry: Registry, by: int | None = None) -> Outcome:
    return await trust.change(wanted, registry=registry, by_member_id=by, now=NOW)


async def undo(batch: str, registry: Registry) -> tuple[str, ...]:
    return await trust.undo(batch, registry=registry, by_member_id=None, now=LATER)


async def standing() -> list[tuple[str, str]]:
    return [(row.pattern, row.preset) for row in await trust.entries()]


async def told() -> list[PolicyChanged]:
    facts = [journal.read(entry) for entry in await JournalEntry.all().order_by("id")]
    return [fact for fact in facts if isinstance(fact, PolicyChanged)]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Change((), "T0"), "host"),
        (Change(("far.example", "10.0.0.1"), "T0"), "host"),
        (Change(("*.example",), "T0"), "host"),
        (Change(("localhost",), "T3"), "host"),
        (Change((OWN,), "T0"), "host"),
        (Change(("HOME.example.",), "T0"), "host"),
        (Change(("far.example",), "T6"), "preset"),
        (Change(("far.example",), "T0", "because"), "reason_code"),
        (Change(("far.example",), "T0", reason="x" * 2001), "reason"),
        (Change(("far.example",), "T4", expires_at=NOW), "expires_at"),
    ],
)
async def test_what_makes_no_sense_changes_nothing(node_database: Settings, wanted: Change, field: str) -> None:
    """T-72 to T-78, T-83 as entries."""
    registry = await opened()

    with pytest.raises(Invalid) as refused:
        await change(wanted, registry)

    assert list(refused.value.fields) == [field]
    assert (await standing(), await told(), (await PolicyState.get()).version) == ([], [], 1)


async def test_a_block_suspends_what_stood_and_its_undo_restores_exactly_that(database: Settings) -> None:
    """T-81, T-82: accepted ones come back; waiting and refused ones are as they were; others are untouched."""
    registry = await opened()
    anna, boris, clara = [(await member(name, name.title())).actor for name in ("anna", "boris", "clara")]
    berta, carlo = await foreigner(), await foreigner(CARLO)
    below = await foreigner(
        replace(BERTA, uri="https://a.far.example/u/dora", name="dora", host="a.far.example", keys=())
    )
    before = {
        await follow(berta, anna, ACCEPTED): SUSPENDED,
        await follow(berta, boris, PENDING): PENDING,
        await follow(anna, berta, ACCEPTED): SUSPENDED,
        await follow(boris, berta, REFUSED): REFUSED,
        await follow(clara, berta, PENDING): PENDING,
        await follow(below, anna, ACCEPTED): SUSPENDED,
        await follow(carlo, anna, ACCEPTED): ACCEPTED,
        await follow(anna, boris, ACCEPTED): ACCEPTED,
    }
    stood = await states()

    done = await change(BLOCK, registry)
    blocked = await states()
    concerned = await undo(done.batch, registry)

    assert blocked == list(before.values())
    assert await states() == stood
    assert (concerned, await standing()) == (FAR, [])
    assert done.lines == ("far.example: T3 -> T0", "*.far.example: T3 -> T0") and done.changed
    assert registry.decide("far.example", now=NOW).preset == "T3"


async def test_who_is_suspended_by_their_own_server_stays_so(database: Settings) -> None:
    registry = await opened()
    berta = await foreigner(replace(BERTA, is_suspended=True, document='{"suspended": true}'))
    assert berta.state is ActorState.SUSPENDED

    done = await change(BLOCK, registry)
    await undo(done.batch, registry)

    assert (await Actor.get(id=berta.id)).state is ActorState.SUSPENDED


async def test_a_batch_is_taken_back_once(database: Settings) -> None:
    registry = await opened()
    done = await change(BLOCK, registry)
    await undo(done.batch, registry)
    removal = await change(Change(("far.example",), None), registry)

    for batch, error in ((done.batch, Conflict), (removal.batch, NotFound), ("no such batch", NotFound)):
        with pytest.raises(error):
            await undo(batch, registry)

    assert await standing() == []
    assert [fact.undoes for fact in await told()] == ["", done.batch, ""]


async def test_a_removal_is_taken_back_once(database: Settings) -> None:
    registry = await opened(Mode.CLOSED)
    await change(Change(("far.example",), "T4"), registry)
    removal = await change(Change(("far.example",), None), registry)
    assert removal.lines == ("far.example: T4 -> T0",)
    await undo(removal.batch, registry)

    with pytest.raises(Conflict):
        await undo(removal.batch, registry)

    assert await standing() == [("far.example", "T4")]
    assert registry.decide("far.example", now=NOW).preset == "T4"


async def test_an_earlier_change_waits_for_the_later_one(database: Settings) -> None:
    """All at the same moment: the order of the batches is that of the acts, not of their names."""
    registry = await opened()
    first = await change(BLOCK, registry)
    second = await change(Change(("far.example",), "T4"), registry)
    third = await change(Change(("far.example",), None), registry)
    for batch in (first.batch, second.batch):
        with pytest.raises(Conflict):
            await undo(batch, registry)
    assert await standing() == [("*.far.example", "T0")]

    steps = []
    for batch in (third.batch, second.batch, first.batch):
        await undo(batch, registry)
        steps.append(await standing())

    assert steps == [
        [("*.far.example", "T0"), ("far.example", "T4")],
        [("*.far.example", "T0"), ("far.example", "T0")],
        [],
    ]


async def test_a_removal_is_not_taken_back_over_a_newer_entry(database: Settings) -> None:
    registry = await opened()
    await change(Change(("far.example",), "T4"), registry)
    removal = await change(Change(("far.example",), None), registry)
    await change(BLOCK, registry)

    with pytest.raises(Conflict):
        await undo(removal.batch, registry)

    assert registry.decide("far.example", now=NOW).preset == "T0"


async def test_an_entry_of_a_list_is_not_in_the_way(database: Settings) -> None:
    registry = await opened()
    done = await change(BLOCK, registry)
    await change(replace(BLOCK, source="list one"), registry)

    await undo(done.batch, registry)

    assert await standing() == [("*.far.example", "T0"), ("far.example", "T0")]
    assert {row.source for row in await trust.entries()} == {"list one"}


async def test_undone_twice_at_once_it_is_undone_once(database: Settings) -> None:
    registry = await opened()
    done = await change(BLOCK, registry)

    results = await asyncio.gather(*(undo(done.batch, registry) for _ in range(5)), return_exceptions=True)

    assert sorted(type(result).__name__ for result in results) == ["Conflict"] * 4 + ["tuple"]
    assert [fact.undoes for fact in await told()] == ["", done.batch]


async def test_changes_at_once_leave_one_entry_a_pattern(database: Settings) -> None:
    """A-25, A-16: they wait for one another; each process ends with the same book."""
    first, second = await opened(), await opened()
    presets = ["T0", "T1", "T2", "T3", "T4", "T5"]

    await asyncio.gather(
        *(change(Change(FAR, preset), (first, second)[index % 2]) for index, preset in enumerate(presets))
    )
    await asyncio.gather(first.refresh(), second.refresh())

    found = await standing()
    assert [pattern for pattern, _ in found] == ["*.far.example", "far.example"]
    assert len({preset for _, preset in found}) == 1
    assert first.book == second.book and first.book.version == 7
    assert len(await told()) == await journal.verify_chain() == 6


async def test_a_change_is_told_with_a_job_for_what_waits_to_go_out(database: Settings) -> None:
    """R-18: the entry in the audit log, its place in the chain, and the job that holds or releases deliveries."""
    registry, anna = await opened(), await member()

    done = await change(replace(BLOCK, patterns=("FAR.example", "*.far.example.", "far.example")), registry, anna.id)

    entry = await JournalEntry.get()
    assert journal.read(entry) == PolicyChanged(
        batch=done.batch, version=2, patterns=FAR, before="", after="T0", reason_code="spam", undoes=""
    )
    assert (entry.by_member_id, entry.chain_no) == (anna.id, 1)
    assert await Job.all().values_list("kind", "key") == [("admission", str(entry.id))]
    assert [row.made_by_id for row in await trust.entries()] == [anna.id, anna.id]


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
