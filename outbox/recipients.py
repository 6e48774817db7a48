"""Whose inboxes: followers, named people, partners and those reached before, each inbox once, as policy allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from federation.errors import Malformed
from federation.names import canonical_uri, host_of
from node.models import Actor, ActorState, Follow, FollowState, Visibility
from node.policy.grants import FollowGrant, Read
from node.policy.registry import Registry
from outbox.models import Reach
from outbox.telling import Audience, Telling

OPEN = frozenset({Visibility.PUBLIC, Visibility.QUIET})


@dataclass(frozen=True, slots=True)
class Recipient:
    """An inbox and the host that policy, budget and breaker know it by."""

    inbox_url: str
    host: str


async def recipients(telling: Telling, *, registry: Registry, relaxed: bool, now: datetime) -> list[Recipient]:
    """Return the inboxes for an activity, in a stable order.

    Args:
        telling: what is told; its visibility decides between shared and personal inboxes.

    Spec: ActivityPub §7.1.1.
    """
    wanted: dict[str, None] = {}
    for actor in await _followers(telling.audience.followers_of):
        if registry.decide(actor.host, now=now).grants.follow is not FollowGrant.NONE:
            _add(wanted, _inbox(actor, shared=telling.visibility in OPEN))
    for actor in (*telling.audience.named, *await _acquainted(telling.audience)):
        _add(wanted, _inbox(actor, shared=False))
    if telling.audience.reached_by is not None:
        for url in await Reach.filter(object_uri=telling.audience.reached_by).values_list("inbox_url", flat=True):
            _add(wanted, str(url))
    if telling.audience.partners:
        for actor in await _partners(registry, now):
            _add(wanted, _inbox(actor, shared=True))
    return _allowed(wanted, telling, registry=registry, relaxed=relaxed, now=now)


def _add(wanted: dict[str, None], url: str | None) -> None:
    if url:
        wanted[url] = None


def _inbox(actor: Actor, *, shared: bool) -> str | None:
    if actor.is_local or actor.state is ActorState.GONE:
        return None
    return (actor.shared_inbox_url if shared else None) or actor.inbox_url


def _allowed(
    urls: Iterable[str], telling: Telling, *, registry: Registry, relaxed: bool, now: datetime
) -> list[Recipient]:
    found = []
    for url in urls:
        host = _host(url, relaxed=relaxed)
        if host is None or host == registry.book.own_host:
            continue
        decision = registry.decide(host, now=now)
        is_for_partners = telling.visibility is Visibility.NETWORK
        if decision.is_admitted and (not is_for_partners or decision.grants.read is Read.NETWORK):
            found.append(Recipient(url, host))
    return found


def _host(url: str, *, relaxed: bool) -> str | None:
    try:
        return host_of(canonical_uri(url, relaxed=relaxed))
    except Malformed:
        return None


async def _followers(of: tuple[Actor, ...]) -> list[Actor]:
    if not of:
        return []
    rows = await Follow.filter(
        target_id__in=[actor.id for actor in of], state=FollowState.ACCEPTED, follower__is_local=False
    ).select_related("follower")
    return [row.follower for row in rows]


async def _acquainted(audience: Audience) -> list[Actor]:
    if audience.acquainted is None:
        return []
    actor = audience.acquainted
    followed = await Follow.filter(follower_id=actor.id, target__is_local=False).select_related("target")
    following = await Follow.filter(target_id=actor.id, follower__is_local=False).select_related("follower")
    return [*(row.target for row in followed), *(row.follower for row in following)]


async def _partners(registry: Registry, now: datetime) -> list[Actor]:
    """Return one actor for each partner host that we know, its shared inbox serving the whole host."""
    hosts = [
        host
        for pattern in registry.book.entries
        if not (host := pattern).startswith("*.") and registry.decide(host, now=now).grants.read is Read.NETWORK
    ]
    actors = await Actor.filter(is_local=False, host__in=hosts, shared_inbox_url__isnull=False).order_by("id")
    return list({actor.host: actor for actor in actors}.values())
