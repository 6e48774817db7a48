"""What waits to go out, for whoever looks after the node: counts, reasons, and another try at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count

from node.community import host_ends
from node.database import atomic, rows
from node.models import Host
from outbox.models import Delivery, DeliveryState

HOSTS_SHOWN = 20
LOST_SHOWN = 50
WAITING = (DeliveryState.PENDING, DeliveryState.HELD)
BUSIEST = (
    "SELECT host, SUM(number) AS number, MIN(first) AS first, MIN(MIN(first)) OVER () AS first_of_all FROM "
    "(SELECT host, COUNT(*) AS number, MIN(id) AS first FROM delivery WHERE state IN (?, ?) GROUP BY state, host) "
    "AS waiting GROUP BY host ORDER BY number DESC, host LIMIT ?"
)
"""One walk along an index over all that waits, however much it is; the rows themselves are not read."""


@dataclass(frozen=True, slots=True)
class WaitingHost:
    """The deliveries that wait for one host; `due_at`, `attempts` and `reason` are of the one that waits longest."""

    host: str
    number: int
    oldest_at: datetime
    due_at: datetime
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """All deliveries by state, and the hosts for which most of them wait."""

    states: Mapping[str, int]
    oldest_at: datetime | None
    hosts: tuple[WaitingHost, ...]


async def backlog() -> Backlog:
    """Count the deliveries."""
    counted = await Delivery.all().annotate(number=Count("id")).group_by("state").values_list("state", "number")
    states = {DeliveryState(str(state)).value: int(str(number)) for state, number in counted}
    busiest = await rows(BUSIEST, [*(state.value for state in WAITING), HOSTS_SHOWN])
    numbers = {int(str(row["first"])): int(str(row["number"])) for row in busiest}
    first_of_all = int(str(busiest[0]["first_of_all"])) if busiest else 0
    longest = await Delivery.in_bulk({*numbers, first_of_all}, "id")
    hosts = [_waiting(longest[row_id], number) for row_id, number in numbers.items() if row_id in longest]
    return Backlog(states, longest[first_of_all].created_at if first_of_all in longest else None, tuple(hosts))


@dataclass(frozen=True, slots=True)
class Ended:
    """A delivery that did not arrive; `last_status` is the HTTP status of the last try, 0 for none."""

    host: str
    type: str
    state: str
    last_status: int
    attempts: int
    reason: str
    ended_at: datetime | None


async def not_arrived() -> tuple[Ended, ...]:
    """Return the last deliveries that ended without arriving, the latest first."""
    lost = Delivery.filter(state__in=[DeliveryState.REFUSED, DeliveryState.EXPIRED, DeliveryState.CANCELLED])
    ended = await lost.order_by("-ended_at", "-id").limit(LOST_SHOWN).select_related("activity")
    return tuple(
        Ended(
            row.host, row.activity.type, row.state.value, row.last_status or 0, row.attempts, row.reason, row.ended_at
        )
        for row in ended
    )


async def retry(host: str | None = None, *, now: datetime) -> int:
    """Let waiting deliveries, of one host or of all, be tried at once; return how many.

    What policy holds stays held; what has ended has ended. A host that is named and was taken for gone is not any more.
    """
    waiting = Delivery.filter(state=DeliveryState.PENDING, due_at__gt=now)
    failing = Host.filter(open_until__isnull=False)
    if host is not None:
        waiting, failing = waiting.filter(host=host), failing.filter(name=host)
    async with atomic():
        if host is not None:
            await host_ends.resume(host)
        await failing.update(open_until=None, failures=0, probes=0)
        return await waiting.update(due_at=now)


def _waiting(row: Delivery, number: int) -> WaitingHost:
    return WaitingHost(row.host, number, row.created_at, row.due_at, row.attempts, row.reason)
