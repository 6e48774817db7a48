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
from node.community.hosts import PROVEN
from node.database import among, as_outage, execute
from node.jobs import Claim, LeaseLost
from node.models import Host
from outbox.deliver import DELIVERIES, WAITING, Van, deliver
from outbox.models import Delivery, DeliveryState
from outbox.parcels import Bodies, Parcel, load

AT_ONCE = 200
"""Deliveries claimed by one statement."""
PER_HOST = 2
A_SLICE = 2
"""Hosts begun, that is signatures made, before the other work of this process gets its turn."""
PAUSE_SECONDS = 0.25
"""While only a few places are free, more is claimed this often."""
EARLIER_FIRST = (
    "NOT EXISTS (SELECT 1 FROM delivery AS earlier WHERE earlier.ordering_key = delivery.ordering_key "
    "AND earlier.inbox_url = delivery.inbox_url AND earlier.id < delivery.id "
    "AND earlier.state = 'pending' AND (earlier.attempts < 3 OR earlier.lease_until IS NOT NULL) LIMIT 1 OFFSET 0)"
)
"""One about the same thing waits until the earlier one has ended or, after three tries, is parked.

The OFFSET keeps PostgreSQL from comparing all that waits with all that waits: it looks for each candidate instead.
"""
LONGEST_ATTEMPT = timedelta(seconds=45)
"""Two signatures, twenty seconds each, and the writing: an attempt that could outlive its lease is not begun."""
IS_PROVEN = f"EXISTS (SELECT 1 FROM host WHERE host.name = delivery.host AND {PROVEN})"  # noqa: S608
NONE_PROVEN_SECONDS = 1.0
"""Once nothing is due for hosts that answer, they are looked for this much later: it can mean reading all."""
LISTENS_EVERY = timedelta(seconds=1)
_log = logging.getLogger("talanoa.outbox")


class Worker:
    """The deliveries under way in this process."""

    def __init__(self, van: Van, *, wake: asyncio.Event, hosts_at_once: int = 128, per_host: int = PER_HOST) -> None:
        """Prepare.

        Args:
            wake: set when there is room for more.
            hosts_at_once: half of them for hosts that answer.
            per_host: deliveries to one host at once.
        """
        self._van = van
        self._wake = wake
        self._most = hosts_at_once
        self._per_host = per_host
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._doubtful: set[str] = set()
        self._none_proven_until = 0.0
        self._bodies = Bodies()
        self._claimed_at = 0.0
        self._listened_at = datetime.min.replace(tzinfo=UTC)

    async def step(self) -> int:
        """Start what is due; return how many deliveries were started. Does not wait for their end."""
        if not self._has_room() or await node_profile.is_held():
            return 0
        now = self._van.clock.now()
        await self._release(now)
        begun = self._claimed_at = self._van.clock.monotonic()
        claims = await self._claim(now)
        parcels = await load(claims, self._bodies, now=now)
        by_host = sorted(parcels, key=lambda parcel: (parcel.host.name, parcel.claim.id))
        for number, (host, group) in enumerate(groupby(by_host, key=lambda parcel: parcel.host.name)):
            waiting = list(group)
            if not waiting[0].host.is_proven:
                self._doubtful.add(host)
            self._under_way[host] = asyncio.create_task(self._serve(host, waiting, begun))
            if number % A_SLICE == A_SLICE - 1:
                await asyncio.sleep(0)
        return len(claims)

    def _has_room(self) -> bool:
        """Tell whether it is worth while to claim more: one by one would cost more than the deliveries."""
        room = self._most - len(self._under_way)
        if room >= self._most // 4 or not self._under_way:
            return True
        return room > 0 and self._van.clock.monotonic() - self._claimed_at >= PAUSE_SECONDS

    async def settle(self) -> None:
        """Return when no delivery is under way any more."""
        while self._under_way:
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        await self._van.ledger.settle()

    async def abandon(self) -> None:
        """Cut off what is under way; its leases run out and it is tried again."""
        for task in self._under_way.values():
            task.cancel()
        await self.settle()

    async def _claim(self, now: datetime) -> list[Claim]:
        """Claim for any hosts as long as half of the places are left to those that answer, then for these alone."""
        room = min(AT_ONCE, self._most - len(self._under_way))
        free = max(1, self._most // 2) - len(self._doubtful)
        claims = await self._claim_of(min(room, free), now) if free > 0 else []
        wanted = room - len(claims)
        if not self._doubtful or not wanted or self._claimed_at < self._none_proven_until:
            return claims
        proven = await self._claim_of(wanted, now, IS_PROVEN)
        if len(proven) < wanted:
            self._none_proven_until = self._claimed_at + NONE_PROVEN_SECONDS
        return claims + proven

    async def _claim_of(self, most: int, now: datetime, *conditions: str) -> list[Claim]:
        where, values = [*conditions, EARLIER_FIRST], list[object]()
        if self._under_way:
            condition, values = among("host", sorted(self._under_way))
            where.insert(0, f"NOT ({condition})")
        return await jobs.claim(DELIVERIES, now=now, limit=most, where=" AND ".join(where), values=values)

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

    async def _serve(self, host: str, parcels: Sequence[Parcel], begun: float) -> None:
        waiting = deque(parcels)
        try:
            if len(waiting) == 1 or parcels[0].host.open_until is not None:
                await self._drive(host, waiting, begun)
            else:
                await asyncio.gather(*(self._drive(host, waiting, begun) for _ in range(self._per_host)))
        finally:
            del self._under_way[host]
            self._doubtful.discard(host)
            if self._has_room():
                self._wake.set()

    async def _drive(self, host: str, waiting: deque[Parcel], begun: float) -> None:
        """Deliver the next one that waits, in order; once the host fails or the leases run out, the rest goes back."""
        while waiting:
            if self._van.clock.monotonic() - begun > (DELIVERIES.lease - LONGEST_ATTEMPT).total_seconds():
                await _give_back(waiting)
                return
            parcel = waiting.popleft()
            try:
                may_go_on = await deliver(parcel, self._van)
            except LeaseLost:
                _log.warning("another worker took over delivery %s", parcel.claim.id)
                continue
            except Exception as error:  # noqa: BLE001  one delivery must not stop the others
                await self._stumbled(parcel.claim, error)
                continue
            if not may_go_on:
                self._doubtful.add(host)
                await _give_back(waiting)
                return
            self._doubtful.discard(host)

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


async def _give_back(waiting: deque[Parcel]) -> None:
    """Give back what waits, out of the other lane's reach at once: nothing may overtake while it goes back."""
    rest = [parcel.claim for parcel in waiting]
    waiting.clear()
    for fence, group in groupby(sorted(rest, key=lambda each: each.fence), key=lambda each: each.fence):
        condition, known = among("id", [each.id for each in group])
        sql = (
            "UPDATE delivery SET attempts = attempts - 1, lease_until = NULL "  # noqa: S608
            f"WHERE {condition} AND fence = ? AND state = ?"
        )
        await execute(sql, [*known, fence, DeliveryState.PENDING.value])
