"""What is kept and how long: settings, runs and how far they are, a count on demand. T-30."""

from datetime import timedelta

import pytest

from node.community.kinds import Role
from node.models import Job, JobState, RetentionRun
from tests.web.building import Building
from tests.web.visitor import Visitor

PATH = "/admin/retention"


@pytest.fixture
async def admin(building: Building) -> Visitor:
    """Return a signed-in federation admin."""
    return await building.signed_in("fia", Role.FEDERATION_ADMIN)


async def test_a_moderator_can_neither_look_nor_count(building: Building) -> None:
    moderator = await building.signed_in("mele", Role.MODERATOR)
    about = await moderator.get("/about")
    token = str(about.document.forms[0].fields["form_token"])

    answers = [await moderator.get(PATH), await moderator.post(f"{PATH}/count", {"form_token": token})]

    assert [page.status for page in answers] == [403, 403]
    assert await Job.filter(kind="retention").count() == 0


async def test_the_settings_in_force_are_named(admin: Visitor) -> None:
    shown = (await admin.get(PATH)).shown()

    expected = ("180 days · KEEP_POSTS_DAYS", "30 days · KEEP_RECEIVED_DAYS", "1 day", "0 of 2,000 MiB")
    assert [part for part in expected if part not in shown] == []


async def test_a_count_is_a_job_and_the_page_says_so(building: Building, admin: Visitor) -> None:
    answer = await admin.send(await admin.get(PATH), f"{PATH}/count")
    page = await admin.get(PATH)

    assert (answer.status, answer.header("location")) == (303, PATH)
    (job,) = await Job.filter(kind="retention")
    assert (job.state, job.due_at) == (JobState.PENDING, building.clock.now())
    assert ("A worker begins to count" in page.shown(), "Count it" in page.shown()) == (True, False)


async def test_runs_say_how_far_they_are(building: Building, admin: Visitor) -> None:
    now = building.clock.now()
    long_ago = now - timedelta(days=1)
    counts = {"foreign posts": 1904, "notices": 0}
    await RetentionRun.create(key="whole", counts=counts, started_at=long_ago, ended_at=long_ago)
    await RetentionRun.create(key="dead", counts={"ended jobs": 1}, started_at=long_ago)
    await RetentionRun.create(key="now", counts={"ended jobs": 12}, started_at=now, is_dry=True)

    shown = (await admin.get(PATH)).shown()
    runs = shown[shown.index("The last runs") : shown.index("Settings in force")]

    assert [
        word for word in ("12 rows would go under way", "1 row went cut off", "1,904 rows went") if word not in runs
    ] == []
    assert ("Notices of members" in runs, "Posts from elsewhere" in runs) == (False, True)
