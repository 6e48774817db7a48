"""Numbers for Prometheus: off by default, nobody's without the token, and every end is counted. R-19."""

from dataclasses import replace

import pytest

from node.models import Host, Job, JobState
from tests.web.admin.test_dead import admin as admin
from tests.web.building import Building
from tests.web.visitor import Visitor
from web.errors import FAILURES

TOKEN = "a-token-of-the-test"


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer x", f"Bearer {TOKEN}"])
async def test_without_the_setting_there_is_nothing(building: Building, given: str) -> None:
    page = await building.visitor().get("/metrics", authorization=given)

    assert (page.status, "talanoa_" in page.text) == (404, False)


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer x", f"Basic {TOKEN}"])
async def test_a_wrong_token_opens_nothing(building: Building, given: str) -> None:
    watched = Building(replace(building.settings, metrics_token=TOKEN), building.clock)

    page = await watched.visitor().get("/metrics", authorization=given)

    assert (page.status, "talanoa_" in page.text) == (404, False)


async def test_every_queue_end_host_and_failure_is_counted(building: Building, admin: Visitor) -> None:
    """R-19: depth, oldest age, state of hosts, dead letters, 5xx; what was lost is countable by its end."""
    watched, now = Building(replace(building.settings, metrics_token=TOKEN), building.clock), building.clock.now()
    await Host.filter(name="reef.example").update(failures=6)
    await Job.create(kind="mail", key="2", due_at=now, created_at=now, state=JobState.PENDING)
    building.clock.advance(90)  # what waits longest was there two seconds before

    page = await watched.visitor().get("/metrics", authorization=f"Bearer {TOKEN}")

    lines = page.text.splitlines()
    assert page.header("content-type") == "text/plain; version=0.0.4; charset=utf-8"
    for line in (
        'talanoa_deliveries{state="refused"} 1',
        'talanoa_received{state="dead"} 1',
        'talanoa_jobs{kind="mail",state="dead"} 1',
        'talanoa_oldest_seconds{queue="jobs"} 92',
        'talanoa_hosts{state="failing"} 1',
        'talanoa_host_failures{host="reef.example"} 6',
        'talanoa_reports{state="open"} 0',
        f"talanoa_http_server_errors_total {FAILURES.total}",
    ):
        assert line in lines
    assert not any(word in page.text for word in ("berta", "anna", "fia"))
