"""Jobs, for whoever looks after the node: how many of each kind, what was given up and why, another try."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count

from node.database import atomic
from node.errors import NotFound
from node.models import Job, JobState

DEAD_SHOWN = 50
DISCARDED = "discarded by an operator; it had failed with: "


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A job that was given up; `reason` is for operators."""

    id: int
    kind: str
    attempts: int
    reason: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class OneJob:
    """A job with what it was to do."""

    id: int
    kind: str
    key: str
    payload: Mapping[str, object]
    state: str
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


async def discard(job_ids: Iterable[int], *, now: datetime) -> int:
    """Let jobs that were given up rest for good, their reasons kept; return how many."""
    done = 0
    async with atomic():
        for row in await Job.filter(id__in=list(job_ids), state=JobState.DEAD):
            ended = {"state": JobState.DONE, "reason": DISCARDED + row.reason, "ended_at": now}
            done += await Job.filter(id=row.id, state=JobState.DEAD).update(**ended)
    return done


async def one(job_id: int) -> OneJob:
    """Return one job with what it was to do.

    Raises:
        NotFound: there is none with this number.
    """
    row = await Job.get_or_none(id=job_id)
    if row is None:
        raise NotFound(f"no job {job_id}")
    return OneJob(row.id, row.kind, row.key, row.payload, row.state.value, row.attempts, row.reason, row.ended_at)


async def oldest_due_at(*, now: datetime) -> datetime | None:
    """Return since when the longest due job waits, None if none is due."""
    oldest = await Job.filter(state=JobState.PENDING, due_at__lte=now).order_by("due_at").first()
    return oldest.due_at if oldest else None
