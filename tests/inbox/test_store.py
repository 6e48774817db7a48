"""What came in is committed together, and each waits for its own commit. R-01, R-02, R-09."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from inbox import store
from inbox.models import ReceivedActivity
from inbox.store import Incoming, Store
from node.errors import Full, Unavailable
from node.settings import Settings
from tests.clock import START

ONE = Incoming(
    actor_origin="https://far.example",
    activity_uri="https://far.example/activities/1",
    actor_uri="https://far.example/users/rosa",
    signer_uri="https://far.example/users/rosa",
    type="Like",
    inbox="/ap/inbox",
    body=b"{}",
    received_at=START,
)


def numbered(number: int) -> Incoming:
    return replace(ONE, activity_uri=f"https://far.example/activities/{number}")


async def kept() -> list[tuple[str, list[str]]]:
    return [(row.activity_uri, row.inboxes) for row in await ReceivedActivity.all().order_by("activity_uri")]


async def test_an_error_goes_to_each_who_waits_and_the_next_one_is_written(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-11: the database is away, so all of them are told to come back."""
    keeping = Store(wake=asyncio.Event())

    async def away(_batch: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(store, "_insert", away)
    outcomes = await asyncio.gather(*(keeping.keep(numbered(n)) for n in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 5

    monkeypatch.undo()
    await keeping.keep(numbered(9))
    assert await kept() == [("https://far.example/activities/9", ["/ap/inbox"])]


async def test_one_that_can_not_be_written_harms_nobody_who_came_with_it(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping = Store(wake=asyncio.Event())
    insert = store._insert

    async def picky(batch: Any) -> None:
        if any(each.type == "Bad" for each in batch):
            raise IntegrityError("no")
        await insert(batch)

    monkeypatch.setattr(store, "_insert", picky)
    batch = [numbered(1), replace(numbered(2), type="Bad"), numbered(3)]
    outcomes = await asyncio.gather(*(keeping.keep(each) for each in batch), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [type(None), IntegrityError, type(None)]
    assert [uri[-1] for uri, _ in await kept()] == ["1", "3"]


async def test_when_too_many_wait_the_next_is_sent_away(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-09."""
    monkeypatch.setattr(store, "MOST_WAITING", 3)
    keeping = Store(wake=asyncio.Event())

    outcomes = await asyncio.gather(*(keeping.keep(numbered(n)) for n in range(5)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [type(None)] * 3 + [Full] * 2
    assert len(await kept()) == 3


async def test_when_the_worker_is_far_behind_the_next_is_sent_away_until_it_has_caught_up(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-09: by the number of rows that wait, in this process or any other."""
    monkeypatch.setattr(store, "COUNT_SECONDS", 0.0)
    keeping = Store(wake=asyncio.Event(), most_pending=2)
    await keeping.keep(numbered(1))
    await keeping.keep(numbered(2))
    await keeping.settle()

    with pytest.raises(Full):
        await keeping.keep(numbered(3))
    await ReceivedActivity.filter(activity_uri=numbered(1).activity_uri).update(state="done")
    await keeping.keep(numbered(3))

    assert len(await kept()) == 3


async def test_whoever_comes_while_the_writer_counts_is_written_too(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for ever."""
    keeping = Store(wake=asyncio.Event())
    counting, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        counting.set()
        await go_on.wait()

    monkeypatch.setattr(keeping, "_count", slowly)
    async with asyncio.timeout(10):
        await keeping.keep(numbered(1))
        await counting.wait()
        late = asyncio.create_task(keeping.keep(numbered(2)))
        await asyncio.sleep(0)
        go_on.set()
        await late

    assert len(await kept()) == 2


async def test_what_arrives_together_is_one_transaction(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Group commit, on both databases: two hundred posts, two transactions."""
    keeping = Store(wake=asyncio.Event())
    sizes: list[int] = []
    insert = store._insert

    async def counted(batch: Any) -> None:
        sizes.append(len(batch))
        await insert(batch)

    monkeypatch.setattr(store, "_insert", counted)
    await asyncio.gather(*(keeping.keep(numbered(n)) for n in range(200)))

    assert len(sizes) <= 3
    assert sum(sizes) == 200
    assert await ReceivedActivity.all().count() == 200


async def test_a_second_inbox_is_added_to_the_row_not_to_the_work(database: Settings) -> None:
    """In the same batch and in a later one; the same inbox twice is there once."""
    keeping = Store(wake=asyncio.Event())
    inboxes = ("/ap/inbox", "/ap/u/amina/inbox", "/ap/inbox")

    await asyncio.gather(*(keeping.keep(replace(ONE, inbox=inbox)) for inbox in inboxes))
    await keeping.keep(replace(ONE, inbox="/ap/g/posts/inbox"))

    assert await kept() == [(ONE.activity_uri, ["/ap/inbox", "/ap/u/amina/inbox", "/ap/g/posts/inbox"])]


async def test_the_same_id_from_another_origin_is_another_activity(database: Settings) -> None:
    """V-F17."""
    keeping = Store(wake=asyncio.Event())

    await asyncio.gather(keeping.keep(ONE), keeping.keep(replace(ONE, actor_origin="https://evil.example")))

    assert await ReceivedActivity.all().count() == 2


async def test_whoever_hangs_up_while_waiting_holds_up_nobody(node_database: Settings) -> None:
    """Two hundred aborted posts."""
    keeping = Store(wake=asyncio.Event())
    tasks = [asyncio.create_task(keeping.keep(numbered(n))) for n in range(200)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    await keeping.keep(numbered(999))
    await keeping.settle()
    assert {int(uri.rpartition("/")[2]) for uri, _ in await kept()} >= {*range(1, 200, 2), 999}


async def test_nobody_waits_for_ever_behind_a_database_that_says_nothing(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-11: neither who is being written nor who came later; when it speaks again the next one is written."""
    monkeypatch.setattr(store, "LONGEST_WRITE_SECONDS", 0.01)
    keeping, go_on = Store(wake=asyncio.Event()), asyncio.Event()
    insert = store._insert

    async def silent(batch: Any) -> None:
        await go_on.wait()
        await insert(batch)

    monkeypatch.setattr(store, "_insert", silent)
    async with asyncio.timeout(30):
        first = await asyncio.gather(*(keeping.keep(numbered(n)) for n in range(30)), return_exceptions=True)
        later = await asyncio.gather(*(keeping.keep(numbered(n)) for n in range(30)), return_exceptions=True)
        go_on.set()
        await keeping.settle()
        monkeypatch.setattr(store, "LONGEST_WRITE_SECONDS", 30.0)
        await keeping.keep(numbered(1))

    assert {type(outcome) for outcome in first + later} == {Unavailable}
    assert len(await kept()) == 30
