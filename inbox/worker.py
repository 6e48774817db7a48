"""Work through what came in: claim many, read from elsewhere what is needed, apply each in a savepoint, commit once.

The effects of an activity and its end state commit together. What a handler refuses is ignored with a reason; what
fails unexpectedly is tried again and ends as a dead letter that an admin can read.
"""

import asyncio
import logging
from dataclasses import dataclass

import orjson

from federation.errors import ProtocolError, Unreachable
from federation.names import canonical_uri, host_of
from federation.vocabulary.parse import parse_activity
from federation.vocabulary.types import Activity
from inbox.dispatch import dispatch
from inbox.fetch import Fetcher
from inbox.gather import Gathered, gather
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
_log = logging.getLogger("talanoa.inbox")


@dataclass(frozen=True, slots=True)
class Bench:
    """What the worker works with; built once a process.

    Args:
        wake_others: set when something was applied: facts may wait for the bridge.
    """

    fetcher: Fetcher
    registry: Registry
    clock: Clock
    wake_others: asyncio.Event
    relaxed: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed activity, with whatever had to be read beforehand."""

    claim: Claim
    activity: Activity
    inboxes: tuple[str, ...]
    gathered: Gathered


async def step(bench: Bench) -> int:
    """Do what is due; return how many activities ended or were put off."""
    claims = await jobs.claim(RECEIVED, now=bench.clock.now(), limit=AT_ONCE)
    if not claims:
        return 0
    prepared = await asyncio.gather(*(_prepare(claim, bench) for claim in claims))
    await _apply_all([ready for ready in prepared if ready is not None], bench)
    bench.wake_others.set()
    return len(claims)


async def _prepare(claim: Claim, bench: Bench) -> Ready | None:
    """Parse, and read from elsewhere what the handler will need; None if it has been put off."""
    now = bench.clock.now()
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            activity = parse_activity(bytes(claim.row["body"]), relaxed=bench.relaxed)  # type: ignore[call-overload]
            refetch = bool(claim.row["refetch"])
            gathered = await gather(activity, bench.fetcher, refetch=refetch, relaxed=bench.relaxed, now=now)
    except (Unreachable, TimeoutError) as error:
        await _put_off(claim, error, bench)
        return None
    except ProtocolError as error:
        await jobs.complete(claim, now=now, state="ignored", reason=f"{type(error).__name__}: {error}")
        return None
    except Exception as error:  # noqa: BLE001  a poison activity must not stop the others
        await _put_off(claim, error, bench)
        return None
    return Ready(claim, activity, _paths(claim.row["inboxes"]), gathered)


async def _apply_all(batch: list[Ready], bench: Bench) -> None:
    """Apply a batch in one transaction; what fails is rolled back alone and put off afterwards."""
    if not batch:
        return
    async with atomic():
        failed = [(ready, error) for ready in batch if (error := await _applied(ready, bench)) is not None]
        for host in {_host(ready, bench) for ready in batch}:
            await hosts.heard(host, now=bench.clock.now())
    for ready, error in failed:
        await _put_off(ready.claim, error, bench)


def _host(ready: Ready, bench: Bench) -> str:
    """Return the host of whoever proved the activity; whom it merely names proves nothing."""
    return host_of(canonical_uri(str(ready.claim.row["signer_uri"]), relaxed=bench.relaxed))


async def _applied(ready: Ready, bench: Bench) -> Exception | None:
    """Apply one activity in its own savepoint; return what went wrong, if the batch can go on."""
    try:
        async with atomic(), asyncio.timeout(LONGEST_SECONDS):
            await _apply(ready, bench)
    except LeaseLost:
        _log.warning("another worker took over activity %s", ready.claim.id)
    except Exception as error:
        if as_outage(error):
            raise
        return error
    return None


async def _apply(ready: Ready, bench: Bench) -> None:
    outcome = await _outcome(ready, bench)
    state = "done" if outcome.applied else "ignored"
    await jobs.complete(ready.claim, now=bench.clock.now(), state=state, reason=outcome.reason)


async def _outcome(ready: Ready, bench: Bench) -> Outcome:
    now = bench.clock.now()
    signer = str(ready.claim.row["signer_uri"])

    def decide(host: str) -> Decision:
        return bench.registry.decide(host, now=now)

    speaker = await Actor.get_or_none(uri=signer)
    if speaker is None or speaker.state is ActorState.GONE:
        return ignored("the speaker is gone")
    decision = decide(_host(ready, bench))
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
