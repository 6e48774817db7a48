"""One attempt: ask policy, sign now, post, judge the answer, and write what became of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from federation.client import Answer, Signing
from federation.errors import Malformed, Refused
from federation.retry import EXPIRES_AFTER, Breaker, Verdict, after_failure, judge, wait_before
from federation.signatures import Scheme
from node import jobs
from node.clock import Clock
from node.community import errands, follows, hosts
from node.community.errands import Errand
from node.database import atomic, moment
from node.jobs import Claim, Queue
from node.models import Actor, Follow, Host, KeyKind
from node.policy.registry import Registry
from outbox.keys import SigningKeys
from outbox.models import Delivery, DeliveryState

DELIVERIES = Queue("delivery", tries=None)
SCHEME_BELIEVED_FOR = timedelta(days=30)
ASK_AGAIN_AFTER = timedelta(days=1)
"""What a host did not tell of its software is asked for once a day."""
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
    """What deliveries need; built once a process. `jitter` gives -0.2 to 0.2."""

    client: Client
    keys: SigningKeys
    registry: Registry
    clock: Clock
    jitter: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Signature:
    """A scheme and the kind of key it is used with."""

    scheme: Scheme
    kind: KeyKind


CAVAGE = Signature(Scheme.CAVAGE, KeyKind.RSA)
RFC9421 = Signature(Scheme.RFC9421, KeyKind.RSA)
RFC9421_ED25519 = Signature(Scheme.RFC9421, KeyKind.ED25519)


async def deliver(claim: Claim, van: Van) -> bool:
    """Make one attempt; return whether the host may be tried with the next delivery at once."""
    now = van.clock.now()
    delivery = await Delivery.get(id=claim.id).select_related("activity")
    host = await hosts.seen(delivery.host, now=now)
    if not van.registry.decide(delivery.host, now=now).is_admitted:
        await _hold(claim)
        return False
    if delivery.created_at + EXPIRES_AFTER <= now:
        await jobs.complete(claim, now=now, state=DeliveryState.EXPIRED, reason=f"last: {delivery.reason}")
        return True
    if host.open_until is not None and host.open_until > now:
        await _wait(claim, until=host.open_until)
        return False
    answer, signature, verdict = await _attempt(delivery, claim, host, van)
    await _write(claim, (answer, verdict), (host, signature), van)
    return verdict is not Verdict.RETRY


async def _attempt(delivery: Delivery, claim: Claim, host: Host, van: Van) -> tuple[Answer, Signature, Verdict]:
    sender = await Actor.get(id=delivery.sender_id)
    signature = preferred(host, now=van.clock.now())
    answer = await _post(delivery, sender, signature, van)
    verdict = judge(answer.status, attempt=claim.attempts)
    if verdict is Verdict.TRY_OTHER_SCHEME:
        signature = RFC9421 if signature.scheme is Scheme.CAVAGE else CAVAGE
        answer = await _post(delivery, sender, signature, van)
        verdict = judge(answer.status, attempt=claim.attempts, other_scheme_tried=True)
    return answer, signature, verdict


def preferred(host: Host, *, now: datetime) -> Signature:
    """Return how to sign for a host: our own kind reads RFC 9421 with Ed25519, everybody reads cavage."""
    if host.is_talanoa:
        return RFC9421_ED25519
    learned = host.signature_scheme_at
    is_current = learned is not None and learned + SCHEME_BELIEVED_FOR > now
    return RFC9421 if is_current and host.signature_scheme == Scheme.RFC9421.value else CAVAGE


async def _post(delivery: Delivery, sender: Actor, signature: Signature, van: Van) -> Answer:
    now = van.clock.now()

    def admit(host: str) -> None:
        if not van.registry.decide(host, now=van.clock.now()).is_admitted:
            raise Refused(f"policy does not admit {host}")

    key = await van.keys.of(sender, signature.kind)
    body = delivery.activity.body.encode()
    try:
        return await van.client.post(delivery.inbox_url, body, signing=Signing(key, signature.scheme, now), admit=admit)
    except (Malformed, Refused) as error:
        return Answer(status=403, error=str(error))


async def _write(claim: Claim, result: tuple[Answer, Verdict], tried: tuple[Host, Signature], van: Van) -> None:
    """Write the end of the attempt, what it says about the host, and what follows, in one transaction."""
    answer, verdict = result
    host, signature = tried
    now = van.clock.now()
    reason = answer.error or f"answered {answer.status}"
    async with atomic():
        await Delivery.filter(id=claim.id).update(last_status=answer.status)
        match verdict:
            case Verdict.DELIVERED:
                await jobs.complete(claim, now=now, state=DeliveryState.DELIVERED)
                await _reached(host, signature, now=now)
            case Verdict.RETRY:
                await _again(claim, answer, reason, van)
                await _failed(host.name, reason, now=now)
            case _:
                await jobs.complete(claim, now=now, state=DeliveryState.REFUSED, reason=reason)
                await _noted(host, reason, now=now)
                if verdict is Verdict.GONE:
                    await _look_after(str(claim.row["inbox_url"]), now=now)
    _log.info("delivery %s to %s: %s %s", claim.id, host.name, verdict.value, answer.status)


async def _again(claim: Claim, answer: Answer, reason: str, van: Van) -> None:
    """Plan the next try, the last of them at the end of the week."""
    wait = wait_before(claim.attempts + 1, jitter=van.jitter(), retry_after_seconds=answer.retry_after_seconds)
    end = (moment(claim.row["created_at"]) or van.clock.now()) + EXPIRES_AFTER
    await jobs.postpone(claim, until=min(van.clock.now() + wait, end), reason=reason)


async def _wait(claim: Claim, *, until: datetime) -> None:
    """Leave the host alone until `until`; nothing was tried, so nothing is counted."""
    async with atomic():
        await jobs.postpone(claim, until=until, reason=WAITING)
        await Delivery.filter(id=claim.id).update(attempts=claim.attempts - 1)


async def _hold(claim: Claim) -> None:
    async with atomic():
        await jobs.give_back(claim)
        held = Delivery.filter(id=claim.id, state=DeliveryState.PENDING)
        await held.update(state=DeliveryState.HELD, reason="held: policy does not admit the host")


async def _reached(host: Host, signature: Signature, *, now: datetime) -> None:
    scheme = signature.scheme.value
    await Host.filter(id=host.id).update(
        reached_at=now, failures=0, open_until=None, probes=0, signature_scheme=scheme, signature_scheme_at=now
    )
    if host.nodeinfo_at is None and (host.reached_at is None or host.reached_at + ASK_AGAIN_AFTER < now):
        await errands.ask(Errand.NODEINFO, host.name, now=now)


async def _failed(name: str, reason: str, *, now: datetime) -> None:
    host = await Host.get(name=name)
    breaker = after_failure(Breaker(host.failures, host.open_until), now=now)
    await Host.filter(id=host.id).update(
        failures=breaker.failures, open_until=breaker.probe_at, last_error=reason[:300], last_error_at=now
    )


async def _noted(host: Host, reason: str, *, now: datetime) -> None:
    await Host.filter(id=host.id).update(last_error=reason[:300], last_error_at=now, failures=0, open_until=None)


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
