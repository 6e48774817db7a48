"""F-18, R-01, R-11: the Nth write, sync or opening of a file fails, for as long as the node is told to live so."""

import asyncio
import shutil
import signal
from pathlib import Path

import pytest

from tests.faults.runs.checker import integrity
from tests.faults.runs.ground import Ground, ground
from tests.faults.runs.load import accounts, answers, goes_on, under_load
from tests.faults.runs.report import Line, Report

INJECTIONS = (
    "pwrite64:error=ENOSPC",
    "pwrite64:error=EIO",
    "fdatasync:error=EIO",
    "fsync:error=EIO",
    "openat:error=EMFILE",
)
STEP = 7
SECONDS = 6.0


async def suffer(place: Ground, injection: str) -> None:
    """Let every seventh call of one kind fail for a while."""
    tracer = await asyncio.create_subprocess_exec(
        *("strace", "-f", "-qq", "-e", "trace=none", "-e", f"inject={injection}:when={STEP}+{STEP}"),
        *("-p", str(place.node.pid)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    await asyncio.sleep(SECONDS)
    tracer.send_signal(signal.SIGINT)
    await tracer.wait()


@pytest.mark.parametrize("injection", INJECTIONS)
async def test_calls_that_fail_leave_the_database_whole_and_everything_acknowledged_in_it(
    founded_folder: Path, tmp_path: Path, report: Report, injection: str
) -> None:
    assert shutil.which("strace"), "this test needs strace"
    async with ground(founded_folder, tmp_path, warm=True) as place:
        await place.node.start()
        pid = place.node.pid
        async with under_load(place):
            await suffer(place, injection)
            recovery = await goes_on(place)
        found = await accounts(place)

        assert place.node.pid == pid
        assert answers(place) <= {0, 202, 503}
        assert integrity(place.node.folder / "talanoa.db") == []
    call, _, error = injection.partition(":error=")
    tried = f"every {STEP}th {call}: {error}, {SECONDS:.0f} s"
    report.note(Line("F-18 failing calls", "SQLite", tried, found.acknowledged, recoveries=[recovery]))
