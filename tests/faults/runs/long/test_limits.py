"""F-19, F-26, R-11: the disk is full, or the process may open nothing more; reading goes on, nothing is lost."""

import asyncio
import resource
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path

import aiohttp
import pytest

from tests.faults.runs.checker import integrity
from tests.faults.runs.ground import Ground, ground
from tests.faults.runs.load import accounts, answers, goes_on, under_load
from tests.faults.runs.report import Line, Report

DISK = "size=64m"
FULL_SECONDS = 20.0
RECOVERS_WITHIN_SECONDS = 15.0
TIMES = 3
FILES = 48


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a file system of 64 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Write until nothing more fits; return the file that takes the room."""
    path = folder / "ballast"
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            _write_on(file, b"\0" * size)
    return path


def _write_on(file: FileIO, some: bytes) -> None:
    with suppress(OSError):
        while True:
            file.write(some)


async def page_statuses(place: Ground, number: int) -> list[int]:
    """Return what a visitor gets who opens the front page again and again."""
    port, found = place.settings.listen.port, []
    async with aiohttp.ClientSession() as session:
        for _ in range(number):
            async with session.get(f"http://127.0.0.1:{port}/", headers={"host": "home.test"}) as answer:
                found.append(answer.status)
    return found


async def test_a_full_disk_is_told_and_waited_for(founded_folder: Path, small_disk: Path, report: Report) -> None:
    recoveries = []
    async with ground(founded_folder, small_disk, warm=True) as place:
        await place.node.start()
        async with under_load(place):
            for _ in range(TIMES):
                ballast = fill(small_disk)
                await asyncio.sleep(FULL_SECONDS / 2)
                read = await page_statuses(place, 20)
                await asyncio.sleep(FULL_SECONDS / 2)
                ballast.unlink()
                recoveries.append(await goes_on(place))
                assert read.count(200) >= 19, read
        found = await accounts(place)

        assert answers(place) <= {202, 503}
        assert 503 in answers(place), "the disk was never full"
        assert integrity(place.node.folder / "talanoa.db") == []
    assert max(recoveries) <= RECOVERS_WITHIN_SECONDS
    tried = f"{TIMES} times {FULL_SECONDS:.0f} s"
    report.note(Line("F-19 full disk", "SQLite", tried, found.acknowledged, recoveries=recoveries))


async def test_a_process_that_may_open_no_more_files_lives_and_goes_on(
    founded_folder: Path, tmp_path: Path, report: Report
) -> None:
    recoveries = []
    async with ground(founded_folder, tmp_path, warm=True) as place:
        await place.node.start()
        pid = place.node.pid
        usual = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        async with under_load(place):
            for _ in range(TIMES):
                opened = len(list(Path(f"/proc/{pid}/fd").iterdir()))
                resource.prlimit(pid, resource.RLIMIT_NOFILE, (min(opened, FILES), usual[1]))
                await asyncio.sleep(FULL_SECONDS / 2)
                resource.prlimit(pid, resource.RLIMIT_NOFILE, usual)
                recoveries.append(await goes_on(place))
        found = await accounts(place)

        assert place.node.pid == pid
        assert answers(place) <= {0, 202, 503}
    assert max(recoveries) <= RECOVERS_WITHIN_SECONDS
    tried = f"{TIMES} times {FULL_SECONDS / 2:.0f} s"
    report.note(Line("F-26 no more files", "SQLite", tried, found.acknowledged, recoveries=recoveries))
