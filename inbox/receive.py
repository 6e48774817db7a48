"""The door for pushed activities: from a request to a stored row, or to an exception that says why not.

The order is fixed: readable, admitted by policy, proven, authorised, stored. Nothing is fetched for a host that
policy does not admit, and nothing foreign is believed before its signature was verified.
"""

from dataclasses import dataclass, field
from datetime import datetime

import orjson

from federation import signatures
from federation.errors import Malformed, Refused, Unauthenticated
from federation.followers_sync import HEADER
from federation.http import Request
from federation.names import Uri, canonical_uri, host_of
from federation.signatures import Claim
from federation.signatures.proofs import check_proof, claimed_key
from federation.vocabulary.heads import Head, parse_head
from inbox.authority import REFETCHABLE, is_about_itself, is_own_word
from inbox.budget import Budget
from inbox.followers_notice import notice
from inbox.keys import KeyGone, KeyRing
from inbox.quota import Quota
from inbox.residents import Residents
from inbox.store import Incoming, Store
from inbox.stored_keys import KnownKey
from node.clock import Clock
from node.community import errands
from node.community.errands import Errand
from node.models import Actor, Event, Post, Practice
from node.policy.decide import Decision
from node.policy.registry import Registry

ACCEPTED = 202


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told."""

    status: int = ACCEPTED
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reception:
    """What the door needs; built once a process.

    Args:
        budget: how many activities a host may bring at once.
        quota: how much a host may bring in a day.
        hosts: the host names under which signed requests may be addressed to us.
        relaxed: development.
    """

    keys: KeyRing
    store: Store
    registry: Registry
    clock: Clock
    budget: Budget
    quota: Quota
    hosts: frozenset[str]
    relaxed: bool = field(default=False)
    residents: Residents = field(default_factory=Residents)


async def receive(request: Request, *, inbox: str, reception: Reception) -> Receipt:
    """Take an activity in; return only after it is committed.

    Args:
        request: as received, with our public URL.
        inbox: path of the inbox it came to.

    Raises:
        Malformed: unreadable (400).
        Unauthenticated: not proven, or not the signer's own word (401).
        Refused: policy does not admit the sender (403).
        NotFound, Withdrawn: whose inbox that would be is not here, or not any more (404, 410).
        TooMany: the host brings more than its budget or its quota (429).
        Unreachable, Full, Unavailable: not now (503).

    Spec: ActivityPub §7.1, §B.1; FEP-fe34.
    """
    now = reception.clock.now()
    claim = signatures.claim(request)
    key_uri = _key_uri(claim, relaxed=reception.relaxed)
    payer = _require_admitted(host_of(key_uri), reception, now)
    is_named = payer.entry is not None
    reception.budget.require(payer.host, is_named=is_named, at=reception.clock.monotonic())
    reception.quota.require(payer.host, is_named=is_named, now=now)
    await reception.residents.require(request.url, at=reception.clock.monotonic())
    activity = parse_head(request.body, relaxed=reception.relaxed)
    if await _is_farewell_of_a_stranger(activity, key_uri, reception):
        return Receipt()
    try:
        signer = await _proven_signer(request, claim, key_uri, reception, now)
    except KeyGone:
        return await _farewell_without_key(activity, key_uri, reception, now)
    reception.budget.spend(payer.host, is_named=is_named, at=reception.clock.monotonic())
    reception.quota.spend(payer.host, len(request.body), now=now)
    speaker, refetch = await _speaker(activity, signer, reception, now)
    actor = canonical_uri(speaker, relaxed=reception.relaxed)
    if host_of(actor) != payer.host:
        _require_admitted(host_of(actor), reception, now)
    await reception.store.keep(
        Incoming(
            actor_origin=f"{actor.scheme}://{actor.authority}",
            activity_uri=activity.id.text,
            actor_uri=activity.actor.text,
            signer_uri=speaker,
            type=activity.type,
            inbox=inbox,
            body=_pointer(activity) if refetch else request.body,
            received_at=now,
            refetch=refetch,
        )
    )
    if not refetch and request.header(HEADER) is not None:
        await notice(request, claim, speaker, now=now, relaxed=reception.relaxed)
    return Receipt()


def _key_uri(claim: Claim, *, relaxed: bool) -> Uri:
    try:
        return canonical_uri(claim.key_id, relaxed=relaxed)
    except Malformed as error:
        raise Unauthenticated(f"the key id is no https URI: {error}") from error


def _require_admitted(host: str, reception: Reception, now: datetime) -> Decision:
    if host == reception.registry.book.own_host:
        raise Refused("nobody else signs as this node")
    decision = reception.registry.decide(host, now=now)
    if not decision.is_admitted:
        raise Refused(f"policy does not admit {host} ({decision.because})")
    return decision


async def _is_farewell_of_a_stranger(activity: Head, key: Uri, reception: Reception) -> bool:
    """Delete or Update of an actor nobody here knows, by a key of its own origin: nothing to do, nothing asked."""
    if not is_about_itself(activity):
        return False
    if activity.actor.origin != key.origin:
        return False
    return not await Actor.exists(uri=activity.actor.text)


async def _farewell_without_key(activity: Head, key: Uri, reception: Reception, now: datetime) -> Receipt:
    """Take the Delete of an actor we know whose key is not served any more: whether it is gone is asked there.

    Raises:
        Unauthenticated: it is something else.
    """
    is_theirs = activity.actor.origin == key.origin
    if activity.type != "Delete" or not is_about_itself(activity) or not is_theirs:
        raise Unauthenticated(f"there is no key {key}")
    await errands.ask(Errand.ACTOR, activity.actor.text, now=now)
    return Receipt()


async def _proven_signer(request: Request, claim: Claim, key: Uri, reception: Reception, now: datetime) -> KnownKey:
    known = await reception.keys.find(key.text, now=now)
    try:
        signatures.verify(request, claim, known.public, now=now, hosts=reception.hosts)
    except Unauthenticated:
        fresh = await reception.keys.again(key.text, now=now)
        if fresh is None or fresh.public == known.public:
            raise
        signatures.verify(request, claim, fresh.public, now=now, hosts=reception.hosts)
        return fresh
    return known


async def _speaker(activity: Head, signer: KnownKey, reception: Reception, now: datetime) -> tuple[str, bool]:
    """Return whose word this is, and whether its object has to be read from its origin."""
    if is_own_word(activity, signer.public.owner):
        return signer.public.owner, False
    prover = await _prover(activity, reception, now)
    if prover is not None:
        return prover, False
    if activity.type in REFETCHABLE and await _concerns_us(activity):
        return signer.public.owner, True
    raise Unauthenticated(f"{signer.public.owner} signed what {activity.actor.text} is said to say")


async def _prover(activity: Head, reception: Reception, now: datetime) -> str | None:
    """Return the actor whose integrity proof the activity carries, None if it carries none that holds (FEP-8b32)."""
    named = claimed_key(activity.document)
    if named is None:
        return None
    try:
        key = canonical_uri(named, relaxed=reception.relaxed)
        _require_admitted(host_of(key), reception, now)
        known = await reception.keys.find(key.text, now=now)
        check_proof(activity.raw, known.public, now=now)
    except (Malformed, Unauthenticated):
        return None
    return known.public.owner if is_own_word(activity, known.public.owner) else None


def _pointer(activity: Head) -> bytes:
    """Return what is kept of a word that its actor did not prove: where to read the object."""
    about = activity.object
    kept = {
        "id": activity.id.text,
        "type": activity.type,
        "actor": activity.actor.text,
        "object": about.id if about else None,
    }
    return orjson.dumps(kept)


async def _concerns_us(activity: Head) -> bool:
    """Tell whether a foreign word brought by somebody else is about a thing we hold."""
    about = activity.object
    if about is None:
        return False
    answered = about.document.get("inReplyTo") if about.document else None
    uris = [uri for uri in (about.id, answered) if isinstance(uri, str)]
    for rows in (Post, Practice, Event):
        if uris and await rows.exists(uri__in=uris):
            return True
    return False
