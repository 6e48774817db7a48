"""Errands: one row each, asked again when it is over (settled: the pull queue)."""

import asyncio

import pytest

from node.community import errands
from node.community.errands import Awaited, Errand
from node.errors import NotFound
from node.models import Job, JobState
from node.settings import Settings
from tests.node.community.people import LATER, NOW

HANDLE = "@berta@far.example"


async def test_an_errand_that_nobody_wrote_is_not_found(node_database: Settings) -> None:
    mail = await Job.create(kind="mail", key="1", due_at=NOW, created_at=NOW)

    for number in (0, mail.id):
        with pytest.raises(NotFound):
            await errands.awaited(number)


async def test_twenty_who_ask_at_once_write_one_errand(database: Settings) -> None:
    """A-25."""
    jobs = await asyncio.gather(*(errands.ask(Errand.HANDLE, HANDLE, now=NOW) for _ in range(20)))

    assert len({job.id for job in jobs}) == await Job.all().count() == 1


async def test_errands_about_different_things_are_different(database: Settings) -> None:
    long = f"https://far.example/{'x' * 600}"
    jobs = [
        await errands.ask(Errand.OBJECT, f"{long}/1", now=NOW),
        await errands.ask(Errand.OBJECT, f"{long}/2", now=NOW),
        await errands.ask(Errand.OBJECT, f"{long}/1", now=NOW),
        await errands.ask(Errand.FOLLOW, HANDLE, now=NOW, payload={"member_id": 1}),
        await errands.ask(Errand.FOLLOW, HANDLE, now=NOW, payload={"member_id": 2}),
        await errands.ask(Errand.HANDLE, HANDLE, now=NOW),
    ]

    first = jobs[0].id
    assert [job.id - first for job in jobs] == [0, jobs[1].id - first, 0, *(job.id - first for job in jobs[3:])]
    assert len({job.id for job in jobs}) == 5
    assert [job.payload["subject"] for job in jobs[:3]] == [f"{long}/1", f"{long}/2", f"{long}/1"]
    assert max(len(job.key) for job in jobs) == errands.LONGEST_KEY


async def test_what_is_under_way_is_not_asked_again(database: Settings) -> None:
    job = await errands.ask(Errand.HANDLE, HANDLE, now=NOW)
    await Job.filter(id=job.id).update(attempts=2, due_at=LATER)

    again = await errands.ask(Errand.HANDLE, HANDLE, now=NOW)

    assert (again.id, again.attempts, again.due_at) == (job.id, 2, LATER)


@pytest.mark.parametrize("state", [JobState.DONE, JobState.DEAD])
async def test_what_is_over_is_asked_afresh_and_forgets_its_answer(database: Settings, state: JobState) -> None:
    job = await errands.ask(Errand.REMOTE, "far.example", now=NOW)
    await errands.answer(job.id, {"subscribe": "https://far.example/follow?uri={uri}"})
    await Job.filter(id=job.id).update(state=state, attempts=5, reason="because", ended_at=NOW)
    over = await errands.awaited(job.id)

    again = await errands.ask(Errand.REMOTE, "far.example", now=LATER)

    found = {"subscribe": "https://far.example/follow?uri={uri}"}
    assert over == Awaited(Errand.REMOTE, "far.example", True, state is JobState.DEAD, "because", found)
    assert await errands.awaited(again.id) == Awaited(Errand.REMOTE, "far.example", False, False, "", {})
    assert (again.id, again.attempts, again.due_at, again.ended_at) == (job.id, 0, LATER, None)
