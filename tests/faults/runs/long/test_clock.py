"""F-21, R-12: the wall clock of the node jumps by an hour and by a day, forward and back, while others write."""

import asyncio
from pathlib import Path

from tests.faults.runs.checker import integrity
from tests.faults.runs.ground import Ground, ground
from tests.faults.runs.load import accounts, answers, goes_on, under_load
from tests.faults.runs.report import Line, Report
from tests.faults.runs.seam import move_clock

JUMPS = (1, 0, -1, 0, 24, 0, -24, 0)
SECONDS = 5.0


async def jump_about(place: Ground) -> None:
    """Move the clock; each time that it is right again the node must go on."""
    for hours in JUMPS:
        move_clock(place.node.folder, hours)
        await asyncio.sleep(SECONDS)
        if hours == 0:
            await goes_on(place)


async def test_a_clock_that_jumps_loses_and_doubles_nothing(
    founded_folder: Path, tmp_path: Path, report: Report
) -> None:
    """Signatures that the moved clock finds too old or too new are refused and come again; all else goes on."""
    async with ground(founded_folder, tmp_path, warm=True) as place:
        await place.node.start()
        async with under_load(place):
            await jump_about(place)
        found = await accounts(place)

        assert answers(place) <= {202, 401, 429, 503}
        assert integrity(place.node.folder / "talanoa.db") == []
    report.note(Line("F-21 clock jumps", "SQLite", f"{len(JUMPS)} jumps of 1 to 24 h", found.acknowledged))
