"""Looking for more of a thread: asked for by a member, or by the node itself some time after a thread became known."""

from datetime import datetime, timedelta

from node.community import errands, objects
from node.community.errands import Errand
from node.community.viewer import of_actor
from node.community.visibility import may_read
from node.errors import NotFound
from node.models import Actor, Job, JobState

REST = timedelta(minutes=15)
"""So long nobody looks again around the same thing."""
LATER = timedelta(minutes=10)
"""So long the node waits for answers before it looks by itself."""


async def look_around(uri: str, *, by: Actor, now: datetime) -> Job:
    """Ask for more of the thread around something, at once; return the errand, which may have ended just now.

    Raises:
        NotFound: it isn't here, or not for this actor.

    Spec: security T-35.
    """
    thing = await objects.find(uri)
    if thing is None or not may_read(await of_actor(by), thing.readable):
        raise NotFound(f"nothing at {uri[:200]}")
    known = await _known(uri)
    if known is not None and _rests(known, now=now):
        return known
    job = await errands.ask(Errand.THREAD, uri, now=now)
    await Job.filter(id=job.id, state=JobState.PENDING, lease_until__isnull=True, due_at__gt=now).update(due_at=now)
    return job


async def look_around_later(uri: str, *, now: datetime) -> None:
    """Ask for more of a thread that has just become known, once its first answers may have been written."""
    if await _known(uri) is None:
        await errands.ask(Errand.THREAD, uri, now=now + LATER)


async def _known(uri: str) -> Job | None:
    return await errands.of(Errand.THREAD, uri)


def _rests(job: Job, *, now: datetime) -> bool:
    return job.state is not JobState.PENDING and job.ended_at is not None and job.ended_at + REST > now
