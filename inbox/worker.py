"""Work through what came in: claim many, read from elsewhere what is needed, apply them together, commit once.

The effects of an activity and its end state commit together. What a handler refuses is ignored with a reason; what
fails unexpectedly is tried again and ends as a dead letter that an admin can read.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta

from federation.errors import ProtocolError, Unreachable
from inbox.apply import Moment, apply_all
from inbox.fetch import Fetcher
from inbox.gather import gather
from inbox.models import ReceivedActivity, ReceivedState
from inbox.opening import Ready, opened
from node import jobs
from node.clock import Clock
from node.community import hosts
from node.database import as_outage, atomic, moment
from node.errors import CommunityError
from node.jobs import Claim, LeaseLost, Queue
from node.policy.registry import Registry

RECEIVED = Queue("received_activity")
AT_ONCE = 100
"""So many are applied in one transaction: while it lasts, what arrives waits to be committed."""
IN_A_ROW = 10
"""So many are parsed in a row; then others have their turn."""
LONGEST_SECONDS = 30.0
READING_AT_ONCE = 48
READING_PER_HOST = 4
NAMED = 5
READING_PAUSE = timedelta(seconds=3)
LONGEST_IN_LINE = timedelta(hours=6)
_log = logging.getLogger("talanoa.inbox")


@dataclass(frozen=True, slots=True)
class Bench:
    """What the worker works with; built once a process.

    Args:
        wake_others: set when something was applied: facts may wait for the bridge.
        reading: what waits for other servers: activities by the host that sent each, and errands.
    """

    fetcher: Fetcher
    registry: Registry
    clock: Clock
    wake_others: asyncio.Event
    relaxed: bool
    reading: dict[asyncio.Task[None], str] = field(default_factory=dict)


async def step(bench: Bench) -> int:
    """Do what is due; return how many activities were taken up. Does not wait for what is read elsewhere."""
    claims = await jobs.claim(RECEIVED, now=bench.clock.now(), limit=AT_ONCE)
    if not claims:
        return 0
    ready = await _opened(claims, bench)
    await _apply_all([each for each in ready if each.wanted is None], bench)
    for each in ready:
        if each.wanted is not None:
            await _begin_reading(each, bench)
    return len(claims)


async def settle(bench: Bench) -> None:
    """Return when nothing is being read any more."""
    while bench.reading:
        await asyncio.wait(bench.reading)


async def _opened(claims: list[Claim], bench: Bench) -> list[Ready]:
    """Return the activities that can be read; end or put off the others: poison must not stop anybody."""
    ready: list[Ready] = []
    for number, claim in enumerate(claims, start=1):
        try:
            ready.append(await opened(claim, relaxed=bench.relaxed))
        except ProtocolError as error:
            await _end(claim, f"{type(error).__name__}: {error}", bench)
        except Exception as error:  # noqa: BLE001  it is put off with its reason
            await _put_off(claim, error, bench)
        if number % IN_A_ROW == 0:
            await asyncio.sleep(0)
    return ready


async def _begin_reading(ready: Ready, bench: Bench) -> None:
    """Read in the background: a slow origin delays nobody, and one sender occupies only a few places."""
    hosts_reading = list(bench.reading.values())
    if len(hosts_reading) >= READING_AT_ONCE or hosts_reading.count(ready.host) >= READING_PER_HOST:
        await _come_back(ready.claim, bench)
        return
    begin(_read_and_apply(ready, bench), ready.host, bench)


def begin(work: Coroutine[None, None, None], name: str, bench: Bench) -> None:
    """Let something that waits for other servers go on beside everything else.

    Args:
        name: counts against the places of this name, such as a host.
    """
    task = asyncio.create_task(work)
    bench.reading[task] = name
    task.add_done_callback(lambda done: _ended(done, bench))


def _ended(task: asyncio.Task[None], bench: Bench) -> None:
    del bench.reading[task]
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.log(logging.WARNING if as_outage(error) else logging.ERROR, "reading ended badly", exc_info=error)


async def _come_back(claim: Claim, bench: Bench) -> None:
    """Let an activity wait for its turn to be read; a slow server must not fill the queue for everybody."""
    if bench.clock.now() - (moment(claim.row["received_at"]) or bench.clock.now()) > LONGEST_IN_LINE:
        await _end(claim, "its origin was too slow for too long", bench)
        return
    try:
        async with atomic():
            until = bench.clock.now() + READING_PAUSE
            await jobs.postpone(claim, until=until, reason="waits until other things have been read")
            await ReceivedActivity.filter(id=claim.id).update(attempts=claim.attempts - 1)
    except LeaseLost:
        _log.warning("another worker took over activity %s", claim.id)


async def _read_and_apply(ready: Ready, bench: Bench) -> None:
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            found = await gather(str(ready.wanted), bench.fetcher, now=bench.clock.now())
    except (Unreachable, TimeoutError) as error:
        await _put_off(ready.claim, error, bench)
    except ProtocolError as error:
        await _end(ready.claim, f"{type(error).__name__}: {error}", bench)
    except Exception as error:  # noqa: BLE001  it is put off with its reason
        await _put_off(ready.claim, error, bench)
    else:
        await _apply_all([replace(ready, gathered=found)], bench)


async def _end(claim: Claim, reason: str, bench: Bench) -> None:
    try:
        await jobs.complete(claim, now=bench.clock.now(), state=ReceivedState.IGNORED, reason=reason)
    except LeaseLost:
        _log.warning("another worker took over activity %s", claim.id)


async def _apply_all(batch: list[Ready], bench: Bench) -> None:
    """Apply a batch in one transaction; what fails is rolled back alone and put off afterwards."""
    if not batch:
        return
    async with atomic():
        failed = await _failed(batch, bench)
        await hosts.heard_all({ready.host for ready in batch}, now=bench.clock.now())
    bench.wake_others.set()
    for ready, error in failed:
        if not isinstance(error, LeaseLost):
            await _put_off(ready.claim, error, bench)


async def _failed(batch: list[Ready], bench: Bench) -> list[tuple[Ready, Exception]]:
    """Apply a batch together or, if anything in it fails, each alone: it then harms nobody else."""
    if len(batch) > 1 and await _applied(batch, bench) is None:
        return []
    return [(ready, error) for ready in batch if (error := await _applied([ready], bench)) is not None]


async def _applied(batch: list[Ready], bench: Bench) -> Exception | None:
    """Apply activities in one savepoint; return what went wrong, if others can go on. Then nothing of them is left."""
    deadline = asyncio.timeout(LONGEST_SECONDS)
    try:
        async with atomic(), deadline:
            await apply_all(batch, Moment(bench.registry, bench.clock.now(), bench.relaxed))
    except Exception as error:
        if as_outage(error) and not deadline.expired():
            raise
        names = ", ".join(str(ready.claim.id) for ready in batch[:NAMED])
        _log.info("%s activities (%s ...) are rolled back: %s: %s", len(batch), names, type(error).__name__, error)
        return error
    return None


async def _put_off(claim: Claim, error: Exception, bench: Bench) -> None:
    reason = f"{type(error).__name__}: {error}"
    known = isinstance(error, ProtocolError | CommunityError | TimeoutError)
    _log.log(
        logging.INFO if known else logging.ERROR,
        "activity %s put off: %s",
        claim.id,
        reason,
        exc_info=None if known else error,
    )
    try:
        await jobs.fail(claim, now=bench.clock.now(), reason=reason)
    except LeaseLost:
        _log.warning("another worker took over activity %s", claim.id)
