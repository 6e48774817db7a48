"""Errands: written once, watched by a page, answered by the way in."""

import pytest

from node.community import errands
from node.community.errands import Awaited, Errand
from node.database import atomic
from node.errors import NotFound
from node.models import Job, JobState
from node.settings import Settings
from tests.node.community.people import LATER, NOW


async def test_nobody_waits_for_an_errand_that_was_never_written(node_database: Settings) -> None:
    other = await Job.create(kind="mail", key="1", due_at=NOW, created_at=NOW)

    for job_id in (other.id, other.id + 1):
        with pytest.raises(NotFound):
            await errands.awaited(job_id)


async def test_an_errand_is_under_way_until_it_ended(node_database: Settings) -> None:
    job = await errands.ask(Errand.REMOTE, "@lani@far.example", now=NOW)

    waiting = await errands.awaited(job.id)
    await errands.answer(job.id, {"subscribe": "https://far.example/?u={uri}"})
    async with atomic():
        await Job.filter(id=job.id).update(state=JobState.DONE, reason="found")
    over = await errands.awaited(job.id)

    assert waiting == Awaited(Errand.REMOTE, "@lani@far.example", is_over=False, has_failed=False, reason="", answer={})
    assert over == Awaited(
        Errand.REMOTE,
        "@lani@far.example",
        is_over=True,
        has_failed=False,
        reason="found",
        answer={"subscribe": "https://far.example/?u={uri}"},
    )


async def test_asking_again_forgets_the_answer(node_database: Settings) -> None:
    job = await errands.ask(Errand.REMOTE, "@lani@far.example", now=NOW)
    await errands.answer(job.id, {"subscribe": "x"})
    async with atomic():
        await Job.filter(id=job.id).update(state=JobState.DEAD, reason="unreachable")

    again = await errands.ask(Errand.REMOTE, "@lani@far.example", now=LATER)
    found = await errands.awaited(again.id)

    assert (again.id, found.is_over, found.has_failed, found.answer) == (job.id, False, False, {})
