"""The ends of deliveries, written in groups: one transaction for all that ended at about the same time.

Whoever enters an end waits until it is committed. So a host's next delivery starts only after the one before is
marked, and a crash repeats at most what was under way.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import cast
from zlib import crc32

from node.community import errands, hosts
from node.community.errands import Errand
from node.database import among, as_outage, atomic, rows
from node.jobs import LeaseLost
from outbox.models import DeliveryState
from outbox.parcels import Parcel

GATHER_SECONDS = 0.05
A_GROUP = 100
ASK_AGAIN_AFTER = timedelta(days=1)
"""What a host did not tell of its software is asked for once a day."""
ASKED_WITHIN_SECONDS = 600
"""A post to a thousand new hosts is not followed by a thousand questions at once."""
_log = logging.getLogger("talanoa.deliver")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery that arrived at `at`: the status, and the signature scheme that the host understood."""

    parcel: Parcel
    status: int
    scheme: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Other:
    """Another end, written by itself; `write` is called inside the group's transaction, in a savepoint."""

    parcel: Parcel
    write: Callable[[], Awaitable[None]]


Entry = Arrival | Other
_Waiting = tuple[Entry, "asyncio.Future[None]"]


class Ledger:
    """The ends that wait to be written in this process."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._coming = 0
        self._keeper: asyncio.Task[None] | None = None
        self._is_worth_it = asyncio.Event()

    @contextmanager
    def awaiting(self) -> Iterator[None]:
        """Let the others wait a moment for the end of what is done inside."""
        self._coming += 1
        try:
            yield
        finally:
            self._coming -= 1
            self._look()

    async def enter(self, entry: Entry) -> None:
        """Return when the end is committed.

        Raises:
            LeaseLost: somebody else claimed the delivery since; nothing of this end is written.
            Unavailable: the database can't be used now.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, done))
        self._look()
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep())
        await done

    async def settle(self) -> None:
        """Return when all that was entered is written."""
        while self._keeper is not None:
            await asyncio.wait([self._keeper])

    def _look(self) -> None:
        if self._waiting and (not self._coming or len(self._waiting) >= A_GROUP):
            self._is_worth_it.set()

    async def _keep(self) -> None:
        try:
            while self._waiting:
                await self._gathered()
                group, self._waiting = self._waiting[:A_GROUP], self._waiting[A_GROUP:]
                await _settled(group)
        finally:
            self._keeper = None

    async def _gathered(self) -> None:
        """Wait until the group is full, nothing more is coming, or long enough."""
        self._is_worth_it.clear()
        self._look()
        try:
            async with asyncio.timeout(GATHER_SECONDS):
                await self._is_worth_it.wait()
        except TimeoutError:
            return


async def _settled(group: Sequence[_Waiting]) -> None:
    """Write a group, and let everybody know what became of theirs."""
    try:
        failed = await _written([entry for entry, _ in group])
    except Exception as error:  # noqa: BLE001  each of those who wait gets it and decides
        failed = {entry.parcel.claim.id: error for entry, _ in group}
    for entry, done in group:
        problem = failed.get(entry.parcel.claim.id)
        if done.done():  # nobody waits any more
            continue
        if problem is None:
            done.set_result(None)
        else:
            done.set_exception(problem)


async def _written(group: Sequence[Entry]) -> dict[int, Exception]:
    """Write the ends in one transaction; return by delivery which could not be written."""
    arrivals = [entry for entry in group if isinstance(entry, Arrival)]
    failed: dict[int, Exception] = {}
    async with atomic():
        await hosts.lock(sorted({entry.parcel.host.name for entry in group}))
        failed.update(await _arrived(arrivals))
        for entry in group:
            if isinstance(entry, Other) and (error := await _by_itself(entry)):
                failed[entry.parcel.claim.id] = error
    return failed


async def _by_itself(entry: Other) -> Exception | None:
    try:
        async with atomic():
            await entry.write()
    except Exception as error:
        if as_outage(error):
            raise
        return error
    return None


async def _arrived(arrivals: Sequence[Arrival]) -> dict[int, Exception]:
    """Mark what arrived, and what it says about the hosts; return what was claimed by others since."""
    marked: list[Arrival] = []
    for _, group in groupby(sorted(arrivals, key=_alike), key=_alike):
        same = list(group)
        ids = await _marked(same)
        marked += [each for each in same if each.parcel.claim.id in ids]
    for scheme, group in groupby(sorted(marked, key=lambda each: each.scheme), key=lambda each: each.scheme):
        same = list(group)
        await hosts.reached(sorted({each.parcel.host.name for each in same}), scheme, now=same[-1].at)
    await _ask_their_software(marked)
    lost = {each.parcel.claim.id for each in arrivals} - {each.parcel.claim.id for each in marked}
    return {number: LeaseLost(f"delivery {number} was claimed by somebody else") for number in lost}


def _alike(arrival: Arrival) -> tuple[int, int]:
    return arrival.status, arrival.parcel.claim.fence


async def _marked(same: Sequence[Arrival]) -> set[int]:
    """Write one end for many deliveries of one fence; return those that were still ours."""
    condition, known = among("id", [each.parcel.claim.id for each in same])
    sql = (
        "UPDATE delivery SET state = ?, reason = '', last_status = ?, ended_at = ?, "  # noqa: S608
        f"lease_until = NULL WHERE {condition} AND fence = ? AND state = ? RETURNING id"
    )
    status, fence = _alike(same[0])
    at = max(each.at for each in same)
    found = await rows(sql, [DeliveryState.DELIVERED.value, status, at, *known, fence, DeliveryState.PENDING.value])
    _log.debug("%s deliveries arrived, answered %s", len(found), status)
    return {cast(int, row["id"]) for row in found}


async def _ask_their_software(arrivals: Sequence[Arrival]) -> None:
    wanted = {each.parcel.host.name: each.at for each in arrivals if _is_to_be_asked(each)}
    if wanted:
        names = sorted(wanted)
        now = max(wanted.values())
        due = [now + timedelta(seconds=crc32(name.encode()) % ASKED_WITHIN_SECONDS) for name in names]
        await errands.ask_many(Errand.NODEINFO, names, now=now, due_at=due)


def _is_to_be_asked(arrival: Arrival) -> bool:
    host = arrival.parcel.host
    return host.nodeinfo_at is None and (host.reached_at is None or host.reached_at + ASK_AGAIN_AFTER < arrival.at)
