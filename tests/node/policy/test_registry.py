"""The book in the database and a process's copy of it, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from node.database import atomic
from node.errors import NotFound
from node.models import Mode, PolicyEntry, PolicyState
from node.policy.decide import Book
from node.policy.registry import Change, Registry, raise_version, set_mode, start, write
from node.settings import Settings

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
OWN = "home.example"


async def put(change: Change, batch: str = "one") -> None:
    async with atomic():
        await raise_version(now=NOW)
        await write(change, batch=batch, by_member_id=None, now=NOW)


def test_before_the_first_read_nobody_is_admitted() -> None:
    """R-18: a process that could not read the book yet lets nobody in."""
    registry = Registry(own_host=OWN)

    answers = [registry.decide(host, now=NOW).preset for host in ("x.example", OWN)]

    assert (answers, registry.is_closed, registry.book.version) == (["T0", "T5"], True, 0)


async def test_without_a_policy_in_the_database_nobody_is_admitted(database: Settings) -> None:
    registry = Registry(own_host=OWN)

    assert await registry.refresh() is False

    assert registry.book == Book(0, Mode.CLOSED, OWN)
    with pytest.raises(NotFound):
        async with atomic():
            await raise_version(now=NOW)


async def test_a_book_is_not_refreshed_inside_a_change(node_database: Settings) -> None:
    """What is rolled back after all must not stay in force."""
    await start(Mode.OPEN, now=NOW)
    registry = Registry(own_host=OWN)

    with pytest.raises(RuntimeError):
        async with atomic():
            await registry.refresh()

    assert registry.book.version == 0


async def test_a_change_that_is_rolled_back_leaves_no_trace(database: Settings) -> None:
    await start(Mode.OPEN, now=NOW)
    registry = Registry(own_host=OWN)
    await registry.refresh()

    with pytest.raises(ZeroDivisionError):
        async with atomic():
            await raise_version(now=NOW)
            await write(Change(("x.example",), "T0"), batch="one", by_member_id=None, now=NOW)
            assert (await registry.read()).entries.keys() == {"x.example"}
            raise ZeroDivisionError

    assert (await registry.refresh(), registry.decide("x.example", now=NOW).preset) == (False, "T3")
    await put(Change(("y.example",), "T0"))
    assert (await registry.refresh(), registry.decide("y.example", now=NOW).preset) == (True, "T0")


async def test_another_process_sees_a_change_at_its_next_look(database: Settings) -> None:
    """R-18, T-81: the version tells it."""
    await start(Mode.OPEN, now=NOW)
    here, there = Registry(own_host=OWN), Registry(own_host=OWN)
    looks = [await there.refresh(), await there.refresh()]
    await put(Change(("x.example", "*.x.example"), "T0", "spam", "sells watches"))

    stale = there.decide("x.example", now=NOW).preset
    looks += [await there.refresh(), await there.refresh(), await here.refresh()]

    assert (stale, looks) == ("T3", [True, False, True, False, True])
    decided = there.decide("a.x.example", now=NOW)
    assert (decided.preset, decided.entry.pattern, decided.entry.reason) == ("T0", "*.x.example", "sells watches")
    assert there.book == here.book


async def test_an_older_read_does_not_replace_a_newer_one(node_database: Settings) -> None:
    await start(Mode.OPEN, now=NOW)

    class Slow(Registry):
        async def read(self) -> Book:
            book = await super().read()
            has_read.set()
            await gates.pop(0).wait()
            return book

    first, second, has_read = asyncio.Event(), asyncio.Event(), asyncio.Event()
    gates = [first, second]
    registry = Slow(own_host=OWN)
    older = asyncio.create_task(registry.refresh())
    await has_read.wait()
    await put(Change(("x.example",), "T0"))
    newer = asyncio.create_task(registry.refresh())
    second.set()
    await newer
    first.set()
    await older

    assert (registry.book.version, registry.decide("x.example", now=NOW).preset) == (2, "T0")


async def test_the_first_start_decides_the_mode_once(database: Settings) -> None:
    await asyncio.gather(*(start(mode, now=NOW) for mode in (Mode.CLOSED, Mode.CLOSED, Mode.CLOSED)))
    await start(Mode.OPEN, now=NOW)

    assert await PolicyState.all().values_list("id", "version", "mode") == [(1, 1, Mode.CLOSED)]


async def test_a_change_ends_the_entries_before_it_and_no_others(database: Settings) -> None:
    await start(Mode.CLOSED, now=NOW)
    until = NOW + timedelta(days=90)
    await put(Change(("x.example",), "T4", source="list one"), "one")
    await put(Change(("x.example", "y.example"), "T3", expires_at=until), "two")
    await put(Change(("x.example",), "T0", "spam", "why", "between us"), "three")
    await put(Change(("y.example",), None), "four")

    columns = ("pattern", "preset", "source", "batch", "ended_by_batch", "reason_code", "private_note", "expires_at")
    assert await PolicyEntry.all().order_by("id").values_list(*columns) == [
        ("x.example", "T4", "list one", "one", None, "other", "", None),
        ("x.example", "T3", "local", "two", "three", "other", "", until),
        ("y.example", "T3", "local", "two", "four", "other", "", until),
        ("x.example", "T0", "local", "three", None, "spam", "between us", None),
    ]
    assert (await PolicyState.get()).version == 5


async def test_the_mode_is_changed_like_an_entry(database: Settings) -> None:
    await start(Mode.OPEN, now=NOW)
    registry = Registry(own_host=OWN)
    await registry.refresh()

    async with atomic():
        await raise_version(now=NOW)
        before = await set_mode(Mode.CLOSED, now=NOW)
    await registry.refresh()

    assert (before, registry.is_closed, registry.book.version) == (Mode.OPEN, True, 2)


async def test_what_was_decided_is_decided_anew_when_the_book_changes_or_an_entry_runs_out(database: Settings) -> None:
    """T-79: nothing that was remembered outlives the book it was read from."""
    await start(Mode.OPEN, now=NOW)
    registry = Registry(own_host=OWN)
    await registry.refresh()
    before = [registry.decide("x.example", now=NOW).preset for _ in range(2)]
    await put(Change(("x.example",), "T0", expires_at=NOW + timedelta(hours=1)))
    await registry.refresh()

    timed = [registry.decide("x.example", now=NOW + timedelta(minutes=each)).preset for each in (0, 59, 60, 59)]

    assert (before, timed) == (["T3", "T3"], ["T0", "T0", "T3", "T0"])


def test_only_so_many_decisions_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.policy.registry.MOST_DECIDED", 3)
    registry = Registry(own_host=OWN)

    for number in range(10):
        registry.decide(f"x{number}.example", now=NOW)

    assert len(registry._decided) <= 3
