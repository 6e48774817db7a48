"""What came in and waits or failed, for whoever looks after the node: counts, and another try."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count

from inbox.models import ReceivedActivity, ReceivedState


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


async def retry(*, now: datetime) -> int:
    """Let what was given up be tried once more; return how many."""
    dead = ReceivedActivity.filter(state=ReceivedState.DEAD)
    return await dead.update(state=ReceivedState.PENDING, due_at=now, attempts=0, reason="", ended_at=None)
