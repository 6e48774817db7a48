"""Keep deliveries going, fair between hosts: two at once a host, and half of the room for hosts that answer.

A slow host occupies only its own two places; everybody else is served meanwhile.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from federation.retry import EXPIRES_AFTER
from node import jobs
from node.community import node_profile
from node.database import as_outage, marks
from node.jobs import Claim, LeaseLost
from node.models import Host
from outbox.deliver import DELIVERIES, WAITING, Van, deliver
from outbox.models import Delivery, DeliveryState

AT_ONCE = 60
PER_HOST = 2
HOSTS_AT_ONCE = 64
FAILING_HOSTS_AT_ONCE = 32
EARLIER_FIRST = (
    "NOT EXISTS (SELECT 1 FROM delivery AS earlier WHERE earlier.inbox_url = delivery.inbox_url "
    "AND earlier.ordering_key = delivery.ordering_key AND earlier.id < delivery.id "
    "AND earlier.state = 'pending' AND (earlier.attempts < 3 OR earlier.lease_until IS NOT NULL))"
)
"""One about the same thing waits until the earlier one has ended or, after three tries, is parked."""
LONGEST_ATTEMPT = timedelta(seconds=45)
"""Two signatures, twenty seconds each, and the writing: an attempt that could outlive its lease is not begun."""
LISTENS_EVERY = timedelta(seconds=1)
_log = logging.getLogger("talanoa.outbox")


class Worker:
    """The deliveries under way in this process."""

    def __init__(self, van: Van, *, wake: asyncio.Event) -> None:
        self._van = van
        self._wake = wake
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._failing: set[str] = set()
        self._listened_at = datetime.min.replace(tzinfo=UTC)

    async def step(self) -> int:
        """Start what is due; return how many deliveries were started. Does not wait for their end."""
        room = HOSTS_AT_ONCE - len(self._under_way)
        if room <= 0 or await node_profile.is_held():
            return 0
        now = self._van.clock.now()
        await self._release(now)
        where, values = await self._condition()
        claims = await jobs.claim(DELIVERIES, now=now, limit=AT_ONCE, where=where, values=values)
        by_host = sorted(claims, key=lambda claim: str(claim.row["host"]))
        started = 0
        for host, group in groupby(by_host, key=lambda claim: str(claim.row["host"])):
            started += await self._start(host, sorted(group, key=lambda claim: claim.id), room)
            room = HOSTS_AT_ONCE - len(self._under_way)
        return started

    async def settle(self) -> None:
        """Return when no delivery is under way any more."""
        while self._under_way:
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def abandon(self) -> None:
        """Cut off what is under way; its leases run out and it is tried again."""
        for task in self._under_way.values():
            task.cancel()
        await self.settle()

    async def _condition(self) -> tuple[str, list[object]]:
        conditions, values = [EARLIER_FIRST], list[object]()
        busy = set(self._under_way)
        if len(self._failing & busy) >= FAILING_HOSTS_AT_ONCE:
            busy |= {str(name) for name in await Host.filter(failures__gt=0).values_list("name", flat=True)}
        if busy:
            conditions.append(f"host NOT IN ({marks(len(busy))})")
            values.extend(sorted(busy))
        return " AND ".join(conditions), values

    async def _release(self, now: datetime) -> None:
        """Make due what waits for a probe of a host that we have heard from meanwhile."""
        if now < self._listened_at + LISTENS_EVERY:
            return
        since, self._listened_at = self._listened_at, now - LISTENS_EVERY
        heard = Host.filter(open_until__isnull=True, heard_at__gte=since)
        for name in await heard.values_list("name", flat=True):
            waiting = Delivery.filter(host=name, state=DeliveryState.PENDING, due_at__gt=now, reason=WAITING)
            if await waiting.exists():
                await waiting.update(due_at=now)

    async def _start(self, host: str, claims: Sequence[Claim], room: int) -> int:
        if room <= 0:
            await _give_back(deque(claims))
            return 0
        task = asyncio.create_task(self._serve(host, claims))
        self._under_way[host] = task
        return len(claims)

    async def _serve(self, host: str, claims: Sequence[Claim]) -> None:
        waiting = deque(claims)
        try:
            await asyncio.gather(*(self._drive(host, waiting) for _ in range(PER_HOST)))
        finally:
            del self._under_way[host]
            self._wake.set()

    async def _drive(self, host: str, waiting: deque[Claim]) -> None:
        """Deliver the next one that waits, in order; once the host fails or the leases run out, the rest goes back."""
        begun = self._van.clock.monotonic()
        while waiting:
            if self._van.clock.monotonic() - begun > (DELIVERIES.lease - LONGEST_ATTEMPT).total_seconds():
                await _give_back(waiting)
                return
            claim = waiting.popleft()
            try:
                may_go_on = await deliver(claim, self._van)
            except LeaseLost:
                _log.warning("another worker took over delivery %s", claim.id)
                continue
            except Exception as error:  # noqa: BLE001  one delivery must not stop the others
                await self._stumbled(claim, error)
                continue
            if not may_go_on:
                self._failing.add(host)
                await _give_back(waiting)
                return
        self._failing.discard(host)

    async def _stumbled(self, claim: Claim, error: Exception) -> None:
        if as_outage(error):
            _log.warning("delivery %s: the database can't be used now", claim.id)
            return
        _log.error("delivery %s failed in this house", claim.id, exc_info=error)
        until = self._van.clock.now() + jobs.wait_before(claim.attempts + 1, jitter=0.0)
        try:
            await jobs.postpone(claim, until=until, reason=f"{type(error).__name__}: {error}")
        except LeaseLost:
            _log.warning("another worker took over delivery %s", claim.id)


async def sweep(van: Van) -> int:
    """End the held deliveries whose week is over; return how many."""
    now = van.clock.now()
    old = Delivery.filter(state=DeliveryState.HELD, created_at__lte=now - EXPIRES_AFTER)
    return await old.update(state=DeliveryState.CANCELLED, reason="cancelled by policy", ended_at=now)


async def _give_back(waiting: deque[Claim]) -> None:
    """Give back what waits, out of the other lane's reach at once: nothing may overtake while it goes back."""
    rest = list(waiting)
    waiting.clear()
    for claim in rest:
        try:
            await jobs.give_back(claim)
        except LeaseLost:
            _log.warning("another worker took over delivery %s", claim.id)
