"""Deliveries that did not arrive, one by one: what was sent, what was answered, another try, or an end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from node.database import atomic
from node.errors import NotFound
from outbox.models import Delivery, DeliveryState

LOST = (DeliveryState.REFUSED, DeliveryState.EXPIRED)
SHOWN = 20
DISCARDED = "discarded by an operator; it had ended with: "
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Lost:
    """A delivery that did not arrive; `body` is the JSON as sent, `last_status` 0 for no answer."""

    id: int
    host: str
    inbox_url: str
    activity_uri: str
    type: str
    state: str
    last_status: int
    attempts: int
    reason: str
    body: str
    created_at: datetime
    ended_at: datetime | None


async def lost() -> tuple[Lost, ...]:
    """Return the last deliveries that were refused or expired, the latest first."""
    found = Delivery.filter(state__in=list(LOST)).order_by("-ended_at", "-id").limit(SHOWN)
    return tuple(_lost(row) for row in await found.select_related("activity"))


async def one(delivery_id: int) -> Lost:
    """Return one delivery.

    Raises:
        NotFound: there is none with this number.
    """
    row = await Delivery.get_or_none(id=delivery_id).select_related("activity")
    if row is None:
        raise NotFound(f"no delivery {delivery_id}")
    return _lost(row)


async def retry(delivery_id: int, *, now: datetime) -> None:
    """Let a delivery that was refused or expired be tried once more; it has its seven days anew.

    Raises:
        NotFound: none of these has this number.
    """
    async with atomic():
        ended = Delivery.filter(id=delivery_id, state__in=list(LOST))
        again = {"state": DeliveryState.PENDING, "attempts": 0, "reason": "", "ended_at": None}
        if not await ended.update(**again, due_at=now, created_at=now):
            raise NotFound(f"delivery {delivery_id} did not end without arriving")


async def discard(delivery_ids: Iterable[int], *, now: datetime) -> int:
    """Let deliveries that did not arrive rest for good, their reasons kept; return how many."""
    done = 0
    async with atomic():
        for row in await Delivery.filter(id__in=list(delivery_ids), state__in=list(LOST)):
            ended = {"state": DeliveryState.CANCELLED, "reason": (DISCARDED + row.reason)[:LONGEST_REASON]}
            done += await Delivery.filter(id=row.id, state__in=list(LOST)).update(**ended, ended_at=now)
    return done


def _lost(row: Delivery) -> Lost:
    return Lost(
        row.id,
        row.host,
        row.inbox_url,
        row.activity.uri,
        row.activity.type,
        row.state.value,
        row.last_status or 0,
        row.attempts,
        row.reason,
        row.activity.body,
        row.created_at,
        row.ended_at,
    )
