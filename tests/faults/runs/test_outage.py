"""F-20, R-11: PostgreSQL is away for a while; the node says "not now", forgets nothing, and goes on by itself."""

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.databases import Cluster
from tests.faults.runs.accounts import Balance
from tests.faults.runs.checker import settle_accounts, until_settled
from tests.faults.runs.driver import finish, write_on
from tests.faults.runs.ground import Ground, found_on_postgresql, ground
from tests.faults.runs.report import Line, Report
from tests.faults.runs.waiting import until

AWAY_SECONDS, AWAY_SECONDS_LONG = 10.0, 60.0
TIMES, TIMES_LONG = 1, 2
LONGEST_ANSWER_SECONDS = 30.0
RECOVERS_WITHIN_SECONDS = 30.0


async def go_away(place: Ground, cluster: Cluster, seconds: float) -> tuple[Counter[int], float]:
    """Stop the database under load and start it again; return the answers of that time, and when it went on."""
    cluster.end_server()
    before = sum((writer.statuses for writer in place.writers), Counter[int]())
    await asyncio.sleep(seconds)
    during = sum((writer.statuses for writer in place.writers), Counter[int]()) - before
    known = len(place.ledger.read())
    await asyncio.to_thread(cluster.launch)
    back = time.monotonic()
    await until(lambda: len(place.ledger.read()) > known, "the first acknowledgement after the return")
    return during, time.monotonic() - back


@pytest.mark.postgresql
async def test_a_database_that_goes_away_is_waited_for(
    own_cluster: Cluster, tmp_path: Path, report: Report, *, is_long: bool
) -> None:
    seconds, times = (AWAY_SECONDS_LONG, TIMES_LONG) if is_long else (AWAY_SECONDS, TIMES)
    template = tmp_path / "template"
    template.mkdir()
    database = await found_on_postgresql(own_cluster, template)
    async with ground(template, tmp_path, warm=True, changes={"DATABASE_URL": database}) as place:
        await place.node.start()
        stop = asyncio.Event()
        writing = asyncio.create_task(write_on(place.writers, stop))
        await until(lambda: len(place.ledger.read()) >= 8, "acknowledgements")
        outcomes = [await go_away(place, own_cluster, seconds) for _ in range(times)]
        stop.set()
        async with asyncio.timeout(LONGEST_ANSWER_SECONDS):
            await writing
        await finish(place.writers)
        await until_settled(place.settings)

        found = await settle_accounts(place.ledger.read(), place.settings)
        assert found == Balance(found.acknowledged)
        for during, _ in outcomes:
            assert during[503] > 0
            assert set(during) <= {202, 503}
            assert during[202] <= len(place.writers), "more than the answers that were on their way"
        assert max(recovered for _, recovered in outcomes) <= RECOVERS_WITHIN_SECONDS
        assert place.node.trouble == []
    recoveries = [recovered for _, recovered in outcomes]
    tried = f"stopped {times} times for {seconds:.0f} s"
    report.note(Line("F-20 database away", "PostgreSQL", tried, found.acknowledged, recoveries=recoveries))
