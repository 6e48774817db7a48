"""Work through what came in: claim many, read from elsewhere what is needed, apply each in a savepoint, commit once.

The effects of an activity and its end state commit together. What a handler refuses is ignored with a reason; what
fails unexpectedly is tried again and ends as a dead letter that an admin can read.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast

import orjson

from federation.errors import ProtocolError, Unreachable
from federation.names import canonical_uri, host_of
from federation.vocabulary.parse import parse_activity
from federation.vocabulary.types import Activity
from inbox.dispatch import dispatch
from inbox.fetch import Fetcher
from inbox.gather import NOTHING, Gathered, gather, wanted
from inbox.models import ReceivedActivity, ReceivedState
from inbox.scene import Outcome, Scene, ignored
from node import jobs
from node.clock import Clock
from node.community import foreign_deletions, hosts, objects
from node.database import as_outage, atomic
from node.errors import CommunityError, Later
from node.jobs import Claim, LeaseLost, Queue
from node.models import Actor, ActorState
from node.policy.decide import Decision
from node.policy.registry import Registry

RECEIVED = Queue("received_activity")
AT_ONCE = 50
LONGEST_SECONDS = 30.0
READING_AT_ONCE = 48
READING_PER_HOST = 4
READING_PAUSE = timedelta(seconds=3)
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


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed activity; `wanted` has to be read beforehand, `gathered` is what was read."""

    claim: Claim
    activity: Activity
    inboxes: tuple[str, ...]
    host: str
    wanted: str | None = None
    gathered: Gathered = NOTHING


async def step(bench: Bench) -> int:
    """Do what is due; return how many activities were taken up. Does not wait for what is read elsewhere."""
    claims = await jobs.claim(RECEIVED, now=bench.clock.now(), limit=AT_ONCE)
    if not claims:
        return 0
    opened = [found for claim in claims if (found := await _opened(claim, bench)) is not None]
    await _apply_all([each for each in opened if each.wanted is None], bench)
    for each in opened:
        if each.wanted is not None:
            await _begin_reading(each, bench)
    return len(claims)


async def settle(bench: Bench) -> None:
    """Return when nothing is being read any more."""
    while bench.reading:
        await asyncio.wait(bench.reading)


async def _opened(claim: Claim, bench: Bench) -> Ready | None:
    """Return an activity as it stands in its row; None if it has been put off."""
    try:
        activity = parse_activity(cast(bytes, claim.row["body"]), relaxed=bench.relaxed)
        refetch = bool(claim.row["refetch"])
        uri = await wanted(activity, refetch=refetch, relaxed=bench.relaxed)
    except ProtocolError as error:
        await _end(claim, f"{type(error).__name__}: {error}", bench)
        return None
    except Exception as error:  # noqa: BLE001  a poison activity must not stop the others
        await _put_off(claim, error, bench)
        return None
    # Whoever proved it counts; whom it merely names has proven nothing.
    host = host_of(canonical_uri(str(claim.row["signer_uri"]), relaxed=bench.relaxed))
    return Ready(claim, activity, _paths(claim.row["inboxes"]), host, uri)


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
        failed = [(ready, error) for ready in batch if (error := await _applied(ready, bench)) is not None]
        for host in {ready.host for ready in batch}:
            await hosts.heard(host, now=bench.clock.now())
    bench.wake_others.set()
    for ready, error in failed:
        await _put_off(ready.claim, error, bench)


async def _applied(ready: Ready, bench: Bench) -> Exception | None:
    """Apply one activity in its own savepoint; return what went wrong, if the batch can go on."""
    deadline = asyncio.timeout(LONGEST_SECONDS)
    try:
        async with atomic(), deadline:
            await _apply(ready, bench)
    except LeaseLost:
        _log.warning("another worker took over activity %s", ready.claim.id)
    except Exception as error:
        if as_outage(error) and not deadline.expired():
            raise
        return error
    return None


async def _apply(ready: Ready, bench: Bench) -> None:
    outcome = await _outcome(ready, bench)
    state = ReceivedState.DONE if outcome.applied else ReceivedState.IGNORED
    await jobs.complete(ready.claim, now=bench.clock.now(), state=state, reason=outcome.reason)


async def _outcome(ready: Ready, bench: Bench) -> Outcome:
    now = bench.clock.now()
    signer = str(ready.claim.row["signer_uri"])

    def decide(host: str) -> Decision:
        return bench.registry.decide(host, now=now)

    speaker = await Actor.get_or_none(uri=signer)
    if speaker is None or speaker.state is ActorState.GONE:
        return ignored("the speaker is gone")
    decision = decide(ready.host)
    if not decision.is_admitted:
        return ignored(f"policy does not admit {decision.host}")
    scene = Scene(speaker, decision, decide, now, bench.relaxed, ready.inboxes, ready.gathered.objects)
    try:
        async with atomic():
            if ready.gathered.gone_uri is not None:
                return await _confirmed_gone(ready.gathered.gone_uri, scene)
            return await dispatch(ready.activity, scene)
    except Later:
        raise
    except (ProtocolError, CommunityError) as error:
        return ignored(f"{type(error).__name__}: {error}")


async def _confirmed_gone(uri: str, scene: Scene) -> Outcome:
    """Its origin says 410: remove it on behalf of whoever owns it."""
    known = await objects.find(uri)
    if known is None:
        return ignored("we do not hold it")
    deleted = await foreign_deletions.receive_deletion(uri, by=known.publisher, now=scene.now)
    return Outcome(applied=deleted.changed, reason=deleted.reason)


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


def _paths(value: object) -> tuple[str, ...]:
    found = orjson.loads(value) if isinstance(value, str | bytes) else value
    return tuple(str(each) for each in found) if isinstance(found, list) else ()
