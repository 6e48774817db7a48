"""What came in and waits or failed, for whoever looks after the node: counts, and another try."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count

from inbox.models import ReceivedActivity, ReceivedState
from node.database import atomic
from node.errors import NotFound

DEAD_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Backlog:
    """All received activities by state; `oldest_at` is when the longest waiting one came."""

    states: Mapping[str, int]
    oldest_at: datetime | None


async def backlog() -> Backlog:
    """Count what came in."""
    counted = ReceivedActivity.all().annotate(number=Count("id")).group_by("state")
    rows = await counted.values_list("state", "number")
    oldest = await ReceivedActivity.filter(state=ReceivedState.PENDING).order_by("received_at").first()
    states = {ReceivedState(str(state)).value: int(str(number)) for state, number in rows}
    return Backlog(states, oldest.received_at if oldest else None)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A received activity that was given up; `reason` is for operators."""

    id: int
    type: str
    actor_uri: str
    attempts: int
    reason: str
    received_at: datetime


async def given_up() -> tuple[GivenUp, ...]:
    """Return what was given up, the latest first."""
    rows = await ReceivedActivity.filter(state=ReceivedState.DEAD).order_by("-id").limit(DEAD_SHOWN)
    return tuple(GivenUp(row.id, row.type, row.actor_uri, row.attempts, row.reason, row.received_at) for row in rows)


async def retry_one(received_id: int, *, now: datetime) -> None:
    """Let one that was given up be tried once more.

    Raises:
        NotFound: there is none with this number.
    """
    async with atomic():
        dead = ReceivedActivity.filter(id=received_id, state=ReceivedState.DEAD)
        if not await dead.update(state=ReceivedState.PENDING, due_at=now, attempts=0, reason="", ended_at=None):
            raise NotFound(f"no received activity {received_id} was given up")


async def retry(*, now: datetime) -> int:
    """Let what was given up be tried once more; return how many."""
    dead = ReceivedActivity.filter(state=ReceivedState.DEAD)
    return await dead.update(state=ReceivedState.PENDING, due_at=now, attempts=0, reason="", ended_at=None)
