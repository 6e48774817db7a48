"""F-01, R-01, R-03: the node is killed at random moments; what it acknowledged is there, once."""

import asyncio
import secrets
from pathlib import Path

from tests.faults.runs.accounts import FOLLOW, REPLY, Balance, balance
from tests.faults.runs.checker import end_leases, integrity, settle_accounts, until_settled
from tests.faults.runs.driver import finish, write_on
from tests.faults.runs.ground import Ground, ground
from tests.faults.runs.report import Line, Report
from tests.faults.runs.waiting import until

CYCLES = 10
CYCLES_LONG = 60
LEAST_A_CYCLE = 4


def test_the_checker_misses_what_was_acknowledged_and_is_not_there() -> None:
    ledger = {"https://a.test/1": REPLY, "https://a.test/2": FOLLOW, "https://a.test/3": REPLY}

    found = balance(ledger, {"https://a.test/1": (1, 1, 1), "https://a.test/2": (1, 0, 0)})

    assert found == Balance(3, lost=("https://a.test/2", "https://a.test/3"))


def test_the_checker_sees_what_was_done_twice() -> None:
    found = balance({"https://a.test/1": FOLLOW}, {"https://a.test/1": (1, 2, 1)})

    assert found == Balance(1, doubled=("https://a.test/1",))


async def one_cycle(place: Ground, milliseconds: int) -> None:
    """Start, let everybody write, kill; the time counts from the first acknowledgement but three."""
    await place.node.start()
    before = len(place.ledger.read())
    stop = asyncio.Event()
    writing = asyncio.create_task(write_on(place.writers, stop))
    await until(lambda: len(place.ledger.read()) >= before + LEAST_A_CYCLE, "acknowledgements")
    await asyncio.sleep(milliseconds / 1000)
    await place.node.kill()
    stop.set()
    await writing


async def test_the_checker_catches_a_node_that_answers_before_it_has_written(
    founded_folder: Path, tmp_path: Path
) -> None:
    async with ground(founded_folder, tmp_path, warm=True) as place:
        place.node.answers_too_early = True
        await place.node.start()
        writer = place.writers[0]
        assert await writer.say()
        await place.node.kill()
        place.node.answers_too_early = False
        await place.node.start()
        assert await writer.say()
        await until_settled(place.settings)

        lost, held = place.ledger.read()
        assert await settle_accounts(place.ledger.read(), place.settings) == Balance(2, lost=(lost,))
        assert held != lost


async def test_kill_9_at_random_moments_loses_and_doubles_nothing(
    founded_folder: Path, tmp_path: Path, report: Report, *, is_long: bool
) -> None:
    cycles = CYCLES_LONG if is_long else CYCLES
    async with ground(founded_folder, tmp_path) as place:
        for cycle in range(cycles):
            place.node.warm = cycle % 2 == 1
            await one_cycle(place, secrets.randbelow(350))
            assert integrity(place.node.folder / "talanoa.db") == []
        await end_leases(place.settings)
        await place.node.start()
        await finish(place.writers)
        await until_settled(place.settings)

        found = await settle_accounts(place.ledger.read(), place.settings)
        assert found == Balance(found.acknowledged)
        assert found.acknowledged >= cycles * LEAST_A_CYCLE
        assert place.node.trouble == []
        tried = f"{cycles} kills, {len(place.writers)} servers writing"
        report.note(
            Line("F-01 kill -9 at random", "SQLite", tried, found.acknowledged, recoveries=place.node.recoveries)
        )
        place.ledger.acknowledge(REPLY, "http://peer1.test/never/activity")
        planted = await settle_accounts(place.ledger.read(), place.settings)
        assert planted.lost == ("http://peer1.test/never/activity",)
