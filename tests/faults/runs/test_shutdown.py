"""F-23, R-13: SIGTERM in the middle of the work; and clients that hang up while they are served."""

import asyncio
import json
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.runs.accounts import Balance
from tests.faults.runs.checker import settle_accounts, until_settled
from tests.faults.runs.driver import SHARED_INBOX, Writer, befriend, finish, write_on
from tests.faults.runs.ground import Ground, ground
from tests.faults.runs.hanging import Hanging
from tests.faults.runs.report import Line, Report
from tests.faults.runs.waiting import until
from tests.peers.cavage import Message
from tests.peers.values import ACTIVITY_TYPE

TIMES, TIMES_LONG = 3, 20
ABORTED, ABORTED_LONG = 200, 2000
LONGEST_SECONDS = 30.0


async def stop_under_load(place: Ground) -> float:
    """Start, let everybody write, ask the node to end while they do; return how many seconds it took."""
    await place.node.start()
    before = len(place.ledger.read())
    stop = asyncio.Event()
    writing = asyncio.create_task(write_on(place.writers, stop))
    await until(lambda: len(place.ledger.read()) >= before + 8, "acknowledgements")
    loop = asyncio.get_running_loop()
    began = loop.time()
    status = await place.node.signal(signal.SIGTERM)
    took = loop.time() - began
    stop.set()
    await writing
    assert status == 0
    return took


async def look(place: Ground) -> Balance:
    """Start once more and return the balance; the answers were 202, "not now" or none."""
    await place.node.start()
    await finish(place.writers)
    await until_settled(place.settings)
    found = await settle_accounts(place.ledger.read(), place.settings)
    assert found == Balance(found.acknowledged)
    assert {status for writer in place.writers for status in writer.statuses} <= {0, 202, 503}
    assert place.node.trouble == []
    return found


async def test_sigterm_under_load_ends_cleanly_and_loses_nothing_on_sqlite(
    founded_folder: Path, tmp_path: Path, report: Report, *, is_long: bool
) -> None:
    times = TIMES_LONG if is_long else TIMES
    async with ground(founded_folder, tmp_path, warm=is_long) as place:
        took = [await stop_under_load(place) for _ in range(times)]
        found = await look(place)

    assert max(took) <= LONGEST_SECONDS
    report.note(
        Line(
            "F-23 SIGTERM under load", "SQLite", f"{times} times", found.acknowledged, recoveries=place.node.recoveries
        )
    )


@pytest.mark.postgresql
async def test_sigterm_under_load_ends_cleanly_and_loses_nothing_on_postgresql(
    on_postgresql: tuple[Path, dict[str, str]], tmp_path: Path, report: Report, *, is_long: bool
) -> None:
    times = TIMES_LONG if is_long else 1
    template, database = on_postgresql
    async with ground(template, tmp_path, warm=True, changes=database) as place:
        took = [await stop_under_load(place) for _ in range(times)]
        found = await look(place)

    assert max(took) <= LONGEST_SECONDS
    report.note(
        Line(
            "F-23 SIGTERM under load",
            "PostgreSQL",
            f"{times} times",
            found.acknowledged,
            recoveries=place.node.recoveries,
        )
    )


async def test_hosts_that_hang_do_not_keep_the_node_from_ending(founded_folder: Path, tmp_path: Path) -> None:
    """R-13: what is under way is cut off after the drain time, and told again after the next start."""
    async with ground(founded_folder, tmp_path, warm=True, changes={"DRAIN_SECONDS": "1"}) as place:
        await place.node.start()
        await befriend([(peer, peer.actor("berta")) for peer in place.peers])
        hanging = Hanging()
        for peer in place.peers:
            hanging.take_over(peer)
        await place.publish("Who hears this?")
        await until(lambda: len(hanging.open) == len(place.peers), "every host hangs")

        assert await place.node.signal(signal.SIGTERM) == 0

        for peer in place.peers:
            peer.handlers.clear()
        await place.node.start()
        for peer in place.peers:
            assert len(await peer.expect(1, kind="Create", seconds=60)) == 1
        assert place.node.trouble == []


def raw_request(writer: Writer) -> bytes:
    """Return a signed delivery as bytes."""
    body = json.dumps(writer.reply()).encode()
    message = Message("POST", SHARED_INBOX, {"content-type": ACTIVITY_TYPE, "content-length": str(len(body))}, body)
    signed = writer.peer.sign(message, actor=writer.actor, scheme="cavage")
    lines = [f"POST {signed.target} HTTP/1.1", *(f"{name}: {value}" for name, value in signed.headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def abort(port: int, data: bytes, *, after_turns: int) -> None:
    """Send a request, or its first half, and hang up without waiting for the answer."""
    with suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        await writer.drain()
        for _ in range(after_turns):
            await asyncio.sleep(0)
        writer.transport.abort()


async def hang_up_again_and_again(place: Ground, number: int) -> Balance:
    """Open, send and abort that many connections; then the node answers, and nothing is lost."""
    await place.node.start()
    writer = place.writers[0]
    assert await writer.say()
    port = place.settings.listen.port
    for turn in range(0, number, 20):
        whole = [raw_request(writer) for _ in range(20)]
        cut = [data[: len(data) - (index % 2) * 40] for index, data in enumerate(whole)]
        await asyncio.gather(*(abort(port, data, after_turns=turn % 7) for data in cut))

    assert [await writer.say() for _ in range(4)] == [True, True, True, True]
    return await look_at_running(place)


async def test_clients_that_hang_up_leave_a_node_on_sqlite_that_answers(
    founded_folder: Path, tmp_path: Path, report: Report, *, is_long: bool
) -> None:
    """A cancelled request must not keep the lock of the database."""
    number = ABORTED_LONG if is_long else ABORTED
    async with ground(founded_folder, tmp_path, warm=True) as place:
        found = await hang_up_again_and_again(place, number)

    report.note(Line("Aborted POSTs", "SQLite", f"{number} connections", found.acknowledged))


@pytest.mark.postgresql
async def test_clients_that_hang_up_leave_a_node_on_postgresql_that_answers(
    on_postgresql: tuple[Path, dict[str, str]], tmp_path: Path, report: Report, *, is_long: bool
) -> None:
    """A cancelled request must not keep a connection of the pool."""
    number = ABORTED_LONG if is_long else ABORTED
    template, database = on_postgresql
    async with ground(template, tmp_path, warm=True, changes=database) as place:
        found = await hang_up_again_and_again(place, number)

    report.note(Line("Aborted POSTs", "PostgreSQL", f"{number} connections", found.acknowledged))


async def look_at_running(place: Ground) -> Balance:
    """Return the balance of a node that was not ended."""
    await until_settled(place.settings)
    found = await settle_accounts(place.ledger.read(), place.settings)
    assert found == Balance(found.acknowledged)
    assert place.node.trouble == []
    return found
