"""Allow, block, change the mode, take it back: follows, audit log, processes; on both databases."""

import asyncio
from dataclasses import replace

import pytest

from node.community import journal, trust
from node.community.facts import PolicyChanged
from node.errors import Conflict, Invalid, NotFound
from node.models import (
    Actor,
    ActorState,
    Job,
    JournalEntry,
    Mode,
    PolicyState,
)
from node.policy.registry import Change
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, NOW, foreigner, member
from tests.node.community.trusting import (
    ACCEPTED,
    BLOCK,
    FAR,
    OWN,
    PENDING,
    REFUSED,
    SUSPENDED,
    change,
    follow,
    opened,
    standing,
    states,
    told,
    undo,
)


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
