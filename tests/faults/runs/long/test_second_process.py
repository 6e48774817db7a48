"""F-36: commands write to the database of a running node on SQLite; nobody is told that it is locked."""

import asyncio
import multiprocessing
from collections.abc import Mapping
from pathlib import Path

from node.clock import SystemClock
from node.community import trust
from node.database import close_database, open_database, using
from node.policy.registry import Change, Registry
from node.settings import load
from tests.databases import MODULES
from tests.faults.runs.ground import ground
from tests.faults.runs.load import accounts, answers, under_load
from tests.faults.runs.report import Line, Report

WRITES = 300


async def _change_again_and_again(environment: Mapping[str, str]) -> None:
    settings = load(dict(environment), {})
    context = await open_database(settings, MODULES, everywhere=False)
    try:
        with using(context):
            registry = Registry(own_host="home.test", relaxed=True)
            for number in range(WRITES):
                now = SystemClock().now()
                wanted = Change((f"host{number}.example",), "T0", reason_code="other", reason="one of many")
                await trust.change(wanted, registry=registry, by_member_id=None, now=now)
    finally:
        await close_database(context)


def write_many_times(environment: Mapping[str, str]) -> None:
    """Block one host after the other, as `talanoa block` does, in a process of its own."""
    asyncio.run(_change_again_and_again(environment))


async def test_hundreds_of_commands_beside_a_running_node_disturb_nobody(
    founded_folder: Path, tmp_path: Path, report: Report
) -> None:
    async with ground(founded_folder, tmp_path, warm=True) as place:
        await place.node.start()
        other = multiprocessing.get_context("forkserver").Process(
            target=write_many_times, args=(dict(place.node.environment),)
        )
        async with under_load(place):
            other.start()
            await asyncio.to_thread(other.join, 900)
        found = await accounts(place)

        assert other.exitcode == 0
        assert answers(place) == {202}
    report.note(Line("F-36 a second process", "SQLite", f"{WRITES} changes of the policy", found.acknowledged))
