"""F-03, R-01: the node and the whole of PostgreSQL are killed at once, again and again."""

import asyncio
import secrets
from pathlib import Path

import pytest

from tests.databases import Cluster
from tests.faults.runs.checker import end_leases
from tests.faults.runs.ground import found_on_postgresql, ground
from tests.faults.runs.load import accounts, under_load
from tests.faults.runs.report import Line, Report

CYCLES = 20
RECOVERS_WITHIN_SECONDS = 30.0


@pytest.mark.postgresql
async def test_a_node_and_its_database_killed_together_lose_nothing(
    own_cluster: Cluster, tmp_path: Path, report: Report
) -> None:
    template = tmp_path / "template"
    template.mkdir()
    database = await found_on_postgresql(own_cluster, template)
    async with ground(template, tmp_path, warm=True, changes={"DATABASE_URL": database}) as place:
        for _ in range(CYCLES):
            await place.node.start()
            async with under_load(place):
                await asyncio.sleep(secrets.randbelow(350) / 1000)
                own_cluster.kill_server()
                await place.node.kill()
            await asyncio.to_thread(own_cluster.launch)
        await end_leases(place.settings)
        await place.node.start()
        found = await accounts(place)

        assert max(place.node.recoveries) <= RECOVERS_WITHIN_SECONDS
    tried = f"{CYCLES} kills of node and database together"
    recoveries = place.node.recoveries
    report.note(Line("F-03 everything killed", "PostgreSQL", tried, found.acknowledged, recoveries=recoveries))
