"""One attempt: ask policy, sign now, post, judge the answer, and write what became of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from federation.client import Answer, Signing
from federation.errors import Malformed, Refused
from federation.retry import EXPIRES_AFTER, Breaker, Verdict, after_failure, judge, wait_before
from federation.signatures import Scheme
from node import jobs
from node.clock import Clock
from node.community import errands, follows
from node.community.errands import Errand
from node.community.hosts import HostState
from node.jobs import Claim, Queue
from node.models import Actor, Follow, Host, KeyKind
from node.policy.registry import Registry
from outbox import gone
from outbox.followers_digest import FollowerDigests
from outbox.keys import SigningKeys
from outbox.ledger import Arrival, Entry, Ledger, Other
from outbox.models import Delivery, DeliveryState
from outbox.parcels import Parcel

DELIVERIES = Queue("delivery", tries=None)
SCHEME_BELIEVED_FOR = timedelta(days=30)
MISSING_TIMES = 3
MISSING_WITHIN = timedelta(hours=24)
WAITING = "the host does not answer; waiting for a probe"
_log = logging.getLogger("talanoa.deliver")


class Client(Protocol):
    """What of the protocol client this module needs."""

    async def post(self, url: str, body: bytes, *, signing: Signing, admit: Callable[[str], None]) -> Answer:
        """POST an activity to an inbox."""
        ...


@dataclass(frozen=True, slots=True)
class Van:
    """What deliveries need; built once a process.

    Args:
        jitter: gives -0.2 to 0.2.
        ledger: takes the ends.
        digests: says who of a server's people follow a sender.
    """

    client: Client
    keys: SigningKeys
    registry: Registry
    clock: Clock
    jitter: Callable[[], float]
    ledger: Ledger = field(default_factory=Ledger)
    digests: FollowerDigests = field(default_factory=FollowerDigests)


@dataclass(frozen=True, slots=True)
class Signature:
    """A scheme and the kind of key it is used with."""

    scheme: Scheme
    kind: KeyKind


CAVAGE = Signature(Scheme.CAVAGE, KeyKind.RSA)
RFC9421 = Signature(Scheme.RFC9421, KeyKind.RSA)
RFC9421_ED25519 = Signature(Scheme.RFC9421, KeyKind.ED25519)


async def deliver(parcel: Parcel, van: Van) -> bool:
    """Make one attempt and write its end; return whether the host may be tried with the next delivery at once.

    Raises:
        LeaseLost: somebody else claimed the delivery since.
    """
    now = van.clock.now()
    if not van.registry.decide(parcel.host.name, now=now).is_admitted:
        await van.ledger.enter(Other(parcel, partial(_hold, parcel.claim)))
        return False
    if parcel.created_at + EXPIRES_AFTER <= now:
        await van.ledger.enter(Other(parcel, partial(_expire, parcel, now)))
        return True
    if parcel.host.open_until is not None and parcel.host.open_until > now:
        await van.ledger.enter(Other(parcel, partial(_wait, parcel.claim, until=parcel.host.open_until)))
        return False
    with van.ledger.awaiting():
        answer, signature, verdict = await _attempt(parcel, van)
    await van.ledger.enter(_end(parcel, (answer, verdict), signature, van))
    return verdict is not Verdict.RETRY


async def _attempt(parcel: Parcel, van: Van) -> tuple[Answer, Signature, Verdict]:
    attempt = parcel.claim.attempts
    signature = preferred(parcel.host, now=van.clock.now())
    answer = await _post(parcel, signature, van)
    verdict = judge(answer.status, attempt=attempt)
    if verdict is Verdict.TRY_OTHER_SCHEME:
        signature = RFC9421 if signature.scheme is Scheme.CAVAGE else CAVAGE
        answer = await _post(parcel, signature, van)
        verdict = judge(answer.status, attempt=attempt, other_scheme_tried=True)
    return answer, signature, verdict


def preferred(host: HostState, *, now: datetime) -> Signature:
    """Return how to sign for a host: our own kind reads RFC 9421 with Ed25519, everybody reads cavage."""
    if host.is_talanoa:
        return RFC9421_ED25519
    learned = host.signature_scheme_at
    is_current = learned is not None and learned + SCHEME_BELIEVED_FOR > now
    return RFC9421 if is_current and host.signature_scheme == Scheme.RFC9421.value else CAVAGE


async def _post(parcel: Parcel, signature: Signature, van: Van) -> Answer:
    def admit(host: str) -> None:
        if not van.registry.decide(host, now=van.clock.now()).is_admitted:
            raise Refused(f"policy does not admit {host}")

    now = van.clock.now()
    key = await van.keys.of_id(parcel.sender_id, signature.kind)
    more = await van.digests.headers(parcel.sender_id, parcel.inbox_url, now=now)
    signing = Signing(key, signature.scheme, now, more)
    try:
        return await van.client.post(parcel.inbox_url, parcel.body, signing=signing, admit=admit)
    except (Malformed, Refused) as error:
        return Answer(status=403, error=str(error))


def _end(parcel: Parcel, result: tuple[Answer, Verdict], signature: Signature, van: Van) -> Entry:
    answer, verdict = result
    now = van.clock.now()
    if verdict is Verdict.DELIVERED:
        return Arrival(parcel, answer.status, signature.scheme.value, now)
    _log.info("delivery %s to %s: %s %s", parcel.claim.id, parcel.host.name, verdict.value, answer.status)
    return Other(parcel, partial(_failed, parcel, answer, verdict, van))


async def _failed(parcel: Parcel, answer: Answer, verdict: Verdict, van: Van) -> None:
    """Write the end of an attempt that did not arrive, what it says about the host, and what follows."""
    now = van.clock.now()
    reason = answer.error or f"answered {answer.status}"
    await Delivery.filter(id=parcel.claim.id).update(last_status=answer.status)
    await gone.notice_moved(parcel.inbox_url, answer.status, now=now)
    if verdict is Verdict.RETRY:
        await _again(parcel, answer, reason, van)
        await _struck(parcel.host.name, reason, now=now)
        return
    await jobs.complete(parcel.claim, now=now, state=DeliveryState.REFUSED, reason=reason)
    await _noted(parcel.host.name, reason, now=now)
    if verdict is Verdict.GONE:
        await _look_after(parcel.inbox_url, now=now)
        await gone.notice(parcel.inbox_url, parcel.host.name, answer.status, now=now)


async def _again(parcel: Parcel, answer: Answer, reason: str, van: Van) -> None:
    """Plan the next try, the last of them at the end of the week."""
    wait = wait_before(parcel.claim.attempts + 1, jitter=van.jitter(), retry_after_seconds=answer.retry_after_seconds)
    end = parcel.created_at + EXPIRES_AFTER
    await jobs.postpone(parcel.claim, until=min(van.clock.now() + wait, end), reason=reason)


async def _expire(parcel: Parcel, now: datetime) -> None:
    reason = f"last: {parcel.last_reason}"
    await jobs.complete(parcel.claim, now=now, state=DeliveryState.EXPIRED, reason=reason)


async def _wait(claim: Claim, *, until: datetime) -> None:
    """Leave the host alone until `until`; nothing was tried, so nothing is counted."""
    await jobs.postpone(claim, until=until, reason=WAITING)
    await Delivery.filter(id=claim.id).update(attempts=claim.attempts - 1)


async def _hold(claim: Claim) -> None:
    await jobs.give_back(claim)
    held = Delivery.filter(id=claim.id, state=DeliveryState.PENDING)
    await held.update(state=DeliveryState.HELD, reason="held: policy does not admit the host")


async def _struck(name: str, reason: str, *, now: datetime) -> None:
    host = await Host.get(name=name)
    breaker = after_failure(Breaker(host.failures, host.open_until), now=now)
    await Host.filter(id=host.id).update(
        failures=breaker.failures, open_until=breaker.probe_at, last_error=reason[:300], last_error_at=now
    )


async def _noted(name: str, reason: str, *, now: datetime) -> None:
    noted = Host.filter(name=name)
    await noted.update(last_error=reason[:300], last_error_at=now, failures=0, open_until=None)


async def _look_after(inbox_url: str, *, now: datetime) -> None:
    """An inbox is not there any more: whoever had it is read anew; without it for a day, they follow no longer.

    Their server says whether they are gone for good; that removes the rest.
    """
    foreign = Actor.filter(is_local=False)
    actor = (
        await foreign.filter(inbox_url=inbox_url).first() or await foreign.filter(shared_inbox_url=inbox_url).first()
    )
    if actor is None:
        return
    await errands.ask(Errand.ACTOR, actor.uri, now=now)
    missing = Delivery.filter(inbox_url=inbox_url, last_status=404, ended_at__gt=now - MISSING_WITHIN)
    if actor.inbox_url == inbox_url and await missing.count() >= MISSING_TIMES:
        for row in await Follow.filter(follower_id=actor.id, target__is_local=True).select_related("target"):
            await follows.undo(actor, row.target, now=now)
