"""Work that waits in a table: claimed with a lease, done once, tried again, given up with a reason.

One pattern for jobs, received activities and deliveries. The attempt is counted and committed
before the work starts, so that a crash counts too. The fencing number grows with each claim:
whoever lost the lease can't write the end of the work.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import cast

from node.database import as_outage, atomic, dialect, execute, few_sizes, in_transaction, marks, moment, rows

LEASE = timedelta(seconds=60)
POLL_SECONDS = 0.25
REASON_CHARACTERS = 300
TRIES = 5
ALONE_AFTER = 2
"""Work that a process held when it ended this often is claimed alone: whatever ends it takes nothing else along."""
_WAITS = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
_OUTAGE_SECONDS = 1.0
_log = logging.getLogger("talanoa.jobs")


class LeaseLost(Exception):
    """Somebody else has claimed the row since; what was done for it must be rolled back."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A table whose rows are work.

    Args:
        table: has the columns id, state, due_at, lease_until, fence, attempts, reason, ended_at.
        lease: how long a claim holds; at most a minute.
        tries: attempts before a row is dead; None for a table that decides by other means.
    """

    table: str
    lease: timedelta = LEASE
    tries: int | None = TRIES
    pending: str = "pending"
    dead: str = "dead"


JOBS = Queue("job")


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that is ours until the lease ends.

    Args:
        attempts: this one included.
        row: all columns; times and JSON as the database gives them (see `database.moment`).
    """

    queue: Queue
    id: int
    fence: int
    attempts: int
    row: Mapping[str, object]

    @property
    def is_last_try(self) -> bool:
        """Tell whether a failure now makes the row dead."""
        return self.queue.tries is not None and self.attempts >= self.queue.tries


async def claim(
    queue: Queue, *, now: datetime, limit: int, where: str = "", values: Sequence[object] = ()
) -> list[Claim]:
    """Lease up to `limit` due rows, the longest due first, and count the attempt.

    Must not be called inside `atomic()`: the attempt has to be committed before the work.

    Args:
        queue: where the work waits.
        now: aware UTC.
        limit: rows at most.
        where: a further condition on the columns, such as `kind IN (?, ?)`.
        values: the values for the `?` of `where`.

    Returns:
        the leased rows; those that used up their tries by crashing are made dead instead.
    """
    if in_transaction():
        raise RuntimeError("a claim commits by itself; call it outside atomic()")
    due = f"state = ? AND due_at <= ? AND (lease_until IS NULL OR lease_until <= ?){_and(where)}"
    chosen = due, [queue.pending, now, now, *values]
    found = await _suspect(queue, chosen, now=now) or await _leased(queue, chosen, now=now, limit=limit)
    claims = sorted((_claimed(queue, row) for row in found), key=_longest_due)
    return await _without_used_up(queue, claims, now=now)


async def _suspect(queue: Queue, due: tuple[str, list[object]], *, now: datetime) -> list[Mapping[str, object]]:
    """Lease one row that processes left behind when they ended; none for a table whose rows never die of it."""
    if queue.tries is None:
        return []
    condition, values = due
    left_behind = f"{condition} AND lease_until IS NOT NULL AND attempts >= ?"
    return await _leased(queue, (left_behind, [*values, ALONE_AFTER]), now=now, limit=1)


async def _leased(
    queue: Queue, due: tuple[str, list[object]], *, now: datetime, limit: int
) -> list[Mapping[str, object]]:
    if dialect() == "sqlite":
        return await _claim_on_sqlite(queue, due, now=now, limit=limit)
    condition, values = due
    chosen = (
        f"id = ANY(ARRAY(SELECT id FROM {queue.table} WHERE {condition} ORDER BY due_at, id LIMIT ? "  # noqa: S608
        "FOR UPDATE SKIP LOCKED))"
    )
    return await _lease(queue, (chosen, [*values, limit]), now=now)


async def _claim_on_sqlite(
    queue: Queue, due: tuple[str, list[object]], *, now: datetime, limit: int
) -> list[Mapping[str, object]]:
    condition, values = due
    if not await rows(f"SELECT 1 FROM {queue.table} WHERE {condition} LIMIT 1", values):  # noqa: S608
        return []
    chosen = f"id IN (SELECT id FROM {queue.table} WHERE {condition} ORDER BY due_at, id LIMIT ?)"  # noqa: S608
    async with atomic():
        return await _lease(queue, (chosen, [*values, limit]), now=now)


async def _lease(queue: Queue, chosen: tuple[str, list[object]], *, now: datetime) -> list[Mapping[str, object]]:
    condition, values = chosen
    sql = (
        f"UPDATE {queue.table} SET lease_until = ?, fence = fence + 1, attempts = attempts + 1 "  # noqa: S608
        f"WHERE {condition} RETURNING *"
    )
    return await rows(sql, [now + queue.lease, *values])


def _and(where: str) -> str:
    return f" AND ({where})" if where else ""


def _claimed(queue: Queue, row: Mapping[str, object]) -> Claim:
    number, fence, attempts = (cast(int, row[name]) for name in ("id", "fence", "attempts"))
    return Claim(queue, number, fence, attempts, row)


def _longest_due(claim: Claim) -> tuple[datetime | None, int]:
    return moment(claim.row["due_at"]), claim.id


async def _without_used_up(queue: Queue, claims: list[Claim], *, now: datetime) -> list[Claim]:
    if queue.tries is None:
        return claims
    for used_up in [each for each in claims if each.attempts > queue.tries]:
        await give_up(used_up, now=now, reason=f"the process ended during each of {queue.tries} tries")
    return [each for each in claims if each.attempts <= queue.tries]


async def complete(claim: Claim, *, now: datetime, state: str = "done", reason: str = "") -> None:
    """Write the end of the work; call it in the `atomic()` of its effects.

    Raises:
        LeaseLost: somebody else claimed the row since; roll the effects back.
    """
    await complete_many([claim], now=now, state=state, reason=reason)


async def complete_many(claims: Sequence[Claim], *, now: datetime, state: str = "done", reason: str = "") -> None:
    """Write the same end for many claims of one queue.

    Raises:
        LeaseLost: at least one of them was claimed by somebody else since.
    """
    for fence, group in groupby(sorted(claims, key=lambda each: each.fence), key=lambda each: each.fence):
        ids = [each.id for each in group]
        await _change(
            claims[0].queue,
            ("state = ?, reason = ?, ended_at = ?, lease_until = NULL", [state, reason[:REASON_CHARACTERS], now]),
            (ids, fence),
        )


async def postpone(claim: Claim, *, until: datetime, reason: str) -> None:
    """Give the row back, due again at `until`.

    Raises:
        LeaseLost: somebody else claimed the row since.
    """
    change = ("due_at = ?, reason = ?, lease_until = NULL", [until, reason[:REASON_CHARACTERS]])
    await _change(claim.queue, change, ([claim.id], claim.fence))


async def give_back(claim: Claim) -> None:
    """Give the row back as if it had never been claimed, for a process that shuts down.

    Raises:
        LeaseLost: somebody else claimed the row since.
    """
    await _change(claim.queue, ("attempts = attempts - 1, lease_until = NULL", []), ([claim.id], claim.fence))


async def give_up(claim: Claim, *, now: datetime, reason: str) -> None:
    """Make the row dead, with a reason that an admin can read.

    Raises:
        LeaseLost: somebody else claimed the row since.
    """
    await complete(claim, now=now, state=claim.queue.dead, reason=reason)


async def fail(claim: Claim, *, now: datetime, reason: str, jitter: float = 0.0) -> None:
    """Plan another try, or make the row dead if this was the last.

    Args:
        claim: the work that failed; call it outside the transaction that was rolled back.
        now: aware UTC.
        reason: for the admin; no addresses, no bodies.
        jitter: -0.2 up to 0.2, the share by which the wait is moved.

    Raises:
        LeaseLost: somebody else claimed the row since.
    """
    if claim.is_last_try:
        await give_up(claim, now=now, reason=reason)
        return
    await postpone(claim, until=now + wait_before(claim.attempts + 1, jitter=jitter), reason=reason)


def wait_before(attempt: int, *, jitter: float) -> timedelta:
    """Return how long to wait before `attempt` (2 is the first repetition) of work in this house."""
    return _WAITS[min(max(attempt - 2, 0), len(_WAITS) - 1)] * (1 + jitter)


async def _change(queue: Queue, change: tuple[str, Sequence[object]], claimed: tuple[Sequence[int], int]) -> None:
    text, values = change
    ids, fence = claimed
    named = few_sizes(ids)
    touched = await execute(
        f"UPDATE {queue.table} SET {text} WHERE id IN ({marks(len(named))}) AND fence = ? AND state = ?",  # noqa: S608
        [*values, *named, fence, queue.pending],
    )
    if touched != len(ids):
        raise LeaseLost(f"{len(ids) - touched} rows of {queue.table} were claimed by somebody else")


async def run_forever(
    step: Callable[[], Awaitable[int]],
    *,
    wake: asyncio.Event,
    stop: asyncio.Event,
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Call `step` until `stop` is set: at once while there is work, then on `wake` or after the poll.

    Args:
        step: does what is due and returns how much it was; an error of it is logged, not fatal.
        wake: set by whoever has just written work.
        stop: set to end after the step under way.
        poll_seconds: longest pause, for work that another process wrote.
    """
    while not stop.is_set():
        wake.clear()
        pause = await _stepped(step, poll_seconds)
        if pause:
            await _pause((wake, stop), pause)


async def _stepped(step: Callable[[], Awaitable[int]], poll_seconds: float) -> float:
    try:
        return 0.0 if await step() else poll_seconds
    except LeaseLost as error:
        _log.warning("lease lost: %s", error)
        return poll_seconds
    except Exception as error:  # noqa: BLE001  the workers' own loop must go on
        outage = as_outage(error)
        _log.log(logging.WARNING if outage else logging.ERROR, "step failed", exc_info=None if outage else error)
        return _OUTAGE_SECONDS


async def _pause(events: Sequence[asyncio.Event], seconds: float) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
