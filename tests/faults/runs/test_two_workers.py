"""F-04, R-03, R-07: two workers on one database, one of them killed again and again; nothing is done twice."""

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.runs.accounts import FOLLOW, Balance
from tests.faults.runs.checker import settle_accounts, until_settled
from tests.faults.runs.driver import finish, write_on
from tests.faults.runs.ground import Ground, ground
from tests.faults.runs.nodes import NodeProcess
from tests.faults.runs.report import Line, Report
from tests.faults.runs.waiting import until

KILLS, KILLS_LONG = 3, 20
A_KILL = 12
AT_ONCE_PER_HOST = 2


async def kill_again_and_again(place: Ground, worker: NodeProcess, kills: int) -> None:
    """Kill and start the worker, each time after the node has acknowledged some more."""
    for _ in range(kills):
        before = len(place.ledger.read())
        await until(lambda: len(place.ledger.read()) >= before + A_KILL, "acknowledgements")  # noqa: B023
        await worker.kill()
        await worker.start()


@pytest.mark.postgresql
async def test_a_worker_that_is_killed_leaves_its_work_to_the_other(
    on_postgresql: tuple[Path, dict[str, str]], tmp_path: Path, report: Report, *, is_long: bool
) -> None:
    kills = KILLS_LONG if is_long else KILLS
    template, database = on_postgresql
    async with ground(template, tmp_path, warm=True, changes=database) as place:
        place.node.part = "web"
        workers = [replace(place.node, part="work", name=name, recoveries=[]) for name in ("steady", "killed")]
        for process in (place.node, *workers):
            await process.start()
        stop = asyncio.Event()
        writing = asyncio.create_task(write_on(place.writers, stop))
        try:
            await kill_again_and_again(place, workers[1], kills)
            stop.set()
            await writing
            await finish(place.writers)
            await until_settled(place.settings)
        finally:
            for worker in workers:
                await worker.close()

        found = await settle_accounts(place.ledger.read(), place.settings)
        assert found == Balance(found.acknowledged)
        accepts = [entry for peer in place.peers for entry in peer.of_type("Accept")]
        follows = [uri for uri, kind in place.ledger.read().items() if kind == FOLLOW]
        told = Counter(str(entry.activity["object"]["id"]) for entry in accepts)
        assert sorted(told) == sorted(follows)
        assert len({entry.raw for entry in accepts}) == len(follows)
        again = told.total() - len(told)
        assert again <= kills * len(place.peers) * AT_ONCE_PER_HOST
        assert [process.trouble for process in (place.node, *workers)] == [[], [], []]
    tried = f"{kills} kills of one of two workers"
    report.note(Line("F-04 kill of a worker", "PostgreSQL", tried, found.acknowledged, again=again))
