"""Jobs, for whoever looks after the node: how many of each kind, what was given up and why, another try."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count

from node.database import atomic
from node.errors import NotFound
from node.models import Job, JobState

DEAD_SHOWN = 50


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A job that was given up; `reason` is for operators."""

    id: int
    kind: str
    attempts: int
    reason: str
    ended_at: datetime | None


async def counts() -> Mapping[str, Mapping[str, int]]:
    """Count the jobs by kind and state."""
    rows = await Job.all().annotate(number=Count("id")).group_by("kind", "state").values_list("kind", "state", "number")
    kinds: dict[str, dict[str, int]] = {}
    for kind, state, number in rows:
        kinds.setdefault(str(kind), {})[JobState(str(state)).value] = int(str(number))
    return kinds


async def given_up() -> tuple[GivenUp, ...]:
    """Return the jobs that were given up, the latest first."""
    rows = await Job.filter(state=JobState.DEAD).order_by("-ended_at", "-id").limit(DEAD_SHOWN)
    return tuple(GivenUp(row.id, row.kind, row.attempts, row.reason, row.ended_at) for row in rows)


async def retry(job_id: int, *, now: datetime) -> None:
    """Let a job that was given up be tried once more.

    Raises:
        NotFound: there is none with this number.
    """
    async with atomic():
        dead = Job.filter(id=job_id, state=JobState.DEAD)
        if not await dead.update(state=JobState.PENDING, due_at=now, attempts=0, reason="", ended_at=None):
            raise NotFound(f"no job {job_id} was given up")
