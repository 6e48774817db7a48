"""Errands: what somebody wants to have read elsewhere. Written here as jobs, run by the way in.

Pages, commands and the way out only write an errand; none of them waits for the network.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from node.database import atomic
from node.errors import NotFound
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
    STAMP = "stamp"
    """Whether the author of a quoted post lets it be quoted."""
    THREAD = "thread"
    """What was said around something that we hold: what it answers, and the answers to it."""
    REMOTE = "remote"
    """Where a visitor follows and answers: the templates of the visitor's own server."""
    MOVE = "move"
    """Whether the account that somebody says to have moved to agrees."""
    FEATURED = "featured"
    """What a followed actor pins to its profile."""
    FOLLOWERS = "followers"
    """Which of ours a foreign actor's server counts as its followers."""
    ALIAS = "alias"
    """Who a member was before they came here."""
    MOVE_AWAY = "move_away"
    """Where a member goes on."""


async def ask(
    errand: Errand,
    subject: str,
    *,
    now: datetime,
    payload: dict[str, object] | None = None,
    pause: timedelta = timedelta(0),
) -> Job:
    """Write an errand, or make a finished one due again; return its row, whose state tells what came of it.

    Args:
        subject: a handle, a URI or a host.
        payload: `member_id` for FOLLOW, ALIAS and MOVE_AWAY, `depth` for OBJECT, `target` for MOVE.
        pause: least time between the end of this errand and its repetition.
    """
    told = _told(errand, subject) | (payload or {})
    member = f" {told['member_id']}" if "member_id" in told else ""
    key = _key(f"{errand.value} {subject}{member}")
    async with atomic():
        await Job.bulk_create(
            [Job(kind=KIND, key=key, payload=told, due_at=now, created_at=now)], ignore_conflicts=True
        )
        ended = Job.filter(kind=KIND, key=key).exclude(state=JobState.PENDING)
        last = await ended.first() if pause else None
        due = max(now, last.ended_at + pause) if last and last.ended_at else now
        await ended.update(state=JobState.PENDING, due_at=due, attempts=0, reason="", ended_at=None, payload=told)
        return await Job.get(kind=KIND, key=key)


async def ask_many(errand: Errand, subjects: Sequence[str], *, now: datetime, due_at: Sequence[datetime]) -> None:
    """Write an errand for each of many subjects, due at the moment beside it; one that is there stays as it is.

    Args:
        subjects: hosts or URIs; their errands have no other payload.
    """
    jobs = [
        Job(
            kind=KIND, key=_key(f"{errand.value} {subject}"), payload=_told(errand, subject), due_at=due, created_at=now
        )
        for subject, due in zip(subjects, due_at, strict=True)
    ]
    keys = [job.key for job in jobs]
    async with atomic():
        await Job.bulk_create(jobs, ignore_conflicts=True)
        ended = Job.filter(kind=KIND, key__in=keys).exclude(state=JobState.PENDING)
        await ended.update(state=JobState.PENDING, due_at=now, attempts=0, reason="", ended_at=None)


def _told(errand: Errand, subject: str) -> dict[str, object]:
    return {"errand": errand.value, "subject": subject}


async def of(errand: Errand, subject: str) -> Job | None:
    """Return the row of an errand that belongs to no member, None if it was never asked for."""
    return await Job.get_or_none(kind=KIND, key=_key(f"{errand.value} {subject}"))


def _key(told: str) -> str:
    """Return the key of an errand; a long subject ends in its digest, so that two never share one."""
    if len(told) <= LONGEST_KEY:
        return told
    digest = hashlib.sha256(told.encode()).hexdigest()
    return f"{told[: LONGEST_KEY - len(digest) - 1]} {digest}"


async def answer(job_id: int, found: Mapping[str, str]) -> None:
    """Keep what an errand found, for the page that waits for it; asking again forgets it."""
    async with atomic():
        job = await Job.get(id=job_id, kind=KIND)
        job.payload = job.payload | {"answer": dict(found)}
        await job.save(update_fields=["payload"])


@dataclass(frozen=True, slots=True)
class Awaited:
    """An errand as the page that waits for it sees it.

    Args:
        subject: what was asked for: a handle, a URI or a host.
        is_over: nothing more comes of it; `has_failed` says how it ended.
        reason: what came of it, or why nothing did.
        answer: what was found, by name.
    """

    errand: Errand
    subject: str
    is_over: bool
    has_failed: bool
    reason: str
    answer: Mapping[str, str]


async def awaited(job_id: int) -> Awaited:
    """Return an errand for a page that waits for it.

    Raises:
        NotFound: there is no such errand.
    """
    job = await state_of(job_id)
    if job is None:
        raise NotFound(f"no errand {job_id}")
    found = job.payload.get("answer")
    return Awaited(
        errand=Errand(str(job.payload["errand"])),
        subject=str(job.payload["subject"]),
        is_over=job.state is not JobState.PENDING,
        has_failed=job.state is JobState.DEAD,
        reason=job.reason,
        answer={str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {},
    )


async def state_of(job_id: int) -> Job | None:
    """Return an errand's row, for pages that wait for it."""
    return await Job.get_or_none(id=job_id, kind=KIND)
