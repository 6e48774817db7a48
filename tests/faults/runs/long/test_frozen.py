"""F-09, R-07: a worker freezes with work in its hands, another takes over, the first one wakes up again."""

import asyncio
import signal
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.runs.ground import Ground, ground
from tests.faults.runs.load import accounts, under_load
from tests.faults.runs.nodes import NodeProcess
from tests.faults.runs.report import Line, Report

FREEZES = 6
FROZEN_SECONDS = 6.0
"""Twice as long as the leases of these nodes hold."""


async def freeze_again_and_again(place: Ground, worker: NodeProcess) -> None:
    """Stop the worker for longer than its leases hold, under load, and let it go on."""
    for _ in range(FREEZES):
        async with under_load(place):
            worker.send(signal.SIGSTOP)
            await asyncio.sleep(FROZEN_SECONDS)
            worker.send(signal.SIGCONT)


@pytest.mark.postgresql
async def test_a_frozen_worker_that_wakes_up_marks_nothing_that_another_has_done(
    on_postgresql: tuple[Path, dict[str, str]], tmp_path: Path, report: Report
) -> None:
    template, database = on_postgresql
    async with ground(template, tmp_path, warm=True, changes=database) as place:
        place.node.part = "web"
        workers = [replace(place.node, part="work", name=name, recoveries=[]) for name in ("steady", "frozen")]
        for process in (place.node, *workers):
            await process.start()
        try:
            await freeze_again_and_again(place, workers[1])
            found = await accounts(place)
        finally:
            for worker in workers:
                worker.send(signal.SIGCONT)
                await worker.close()

        accepts = [entry for peer in place.peers for entry in peer.of_type("Accept")]
        told = Counter(entry.raw for entry in accepts)
        again = told.total() - len(told)
        assert [process.trouble for process in workers] == [[], []]
    tried = f"{FREEZES} times {FROZEN_SECONDS:.0f} s, one of two workers"
    report.note(Line("F-09 frozen worker", "PostgreSQL", tried, found.acknowledged, again=again))
