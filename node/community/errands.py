"""Errands: what somebody wants to have read elsewhere. Written here as jobs, run by the way in.

Pages, commands and the way out only write an errand; none of them waits for the network.
"""

from datetime import datetime
from enum import StrEnum

from node.database import atomic
from node.models import Job, JobState

KIND = "fetch"
LONGEST_KEY = 500


class Errand(StrEnum):
    """What is to be read."""

    FOLLOW = "follow"
    HANDLE = "handle"
    ACTOR = "actor"
    OBJECT = "object"
    KEY = "key"
    NODEINFO = "nodeinfo"


async def ask(errand: Errand, subject: str, *, now: datetime, payload: dict[str, object] | None = None) -> Job:
    """Write an errand, or make a finished one due again; return its row, whose state tells what came of it.

    Args:
        subject: a handle, a URI or a host.
        payload: `member_id` for FOLLOW, `depth` for OBJECT.
    """
    told = {"errand": errand.value, "subject": subject, **(payload or {})}
    member = f" {told['member_id']}" if "member_id" in told else ""
    key = f"{errand.value} {subject}{member}"[:LONGEST_KEY]
    async with atomic():
        await Job.bulk_create(
            [Job(kind=KIND, key=key, payload=told, due_at=now, created_at=now)], ignore_conflicts=True
        )
        ended = Job.filter(kind=KIND, key=key).exclude(state=JobState.PENDING)
        await ended.update(state=JobState.PENDING, due_at=now, attempts=0, reason="", ended_at=None, payload=told)
        return await Job.get(kind=KIND, key=key)


async def state_of(job_id: int) -> Job | None:
    """Return an errand's row, for pages that wait for it."""
    return await Job.get_or_none(id=job_id, kind=KIND)
