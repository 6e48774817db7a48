"""Whose inboxes: followers, named people, partners and those reached before, each inbox once, as policy allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tortoise.queryset import QuerySet

from federation.errors import Malformed
from federation.names import canonical_uri, host_of
from node.community import host_ends
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
    shared = telling.visibility in OPEN
    wanted: dict[str, None] = {}
    for each in await _followers(telling.audience.followers_of):
        if registry.decide(each.host, now=now).grants.follow is not FollowGrant.NONE:
            _add(wanted, each.inbox_url)
    for actor in telling.audience.named:
        if not actor.is_local and actor.state is not ActorState.GONE:
            _add(wanted, actor.shared_inbox_url if shared else None, actor.inbox_url)
    for each in await _acquainted(telling.audience):
        _add(wanted, each.inbox_url)
    if telling.audience.reached_by is not None:
        reached = Reach.filter(object_uri=telling.audience.reached_by).order_by("id")
        for url in await reached.values_list("inbox_url", flat=True):
            _add(wanted, str(url))
    if telling.audience.partners:
        for inbox_url in await _partners(registry, now):
            _add(wanted, inbox_url)
    found = _allowed(wanted, telling, registry=registry, relaxed=relaxed, now=now)
    gone = await host_ends.gone() if found else frozenset()
    return [each for each in found if each.host not in gone]


def _add(wanted: dict[str, None], *urls: str | None) -> None:
    """Add the first of `urls` that there is."""
    found = next((url for url in urls if url), None)
    if found is not None:
        wanted[found] = None


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


async def _followers(of: tuple[Actor, ...]) -> list[Recipient]:
    """Return the inboxes of all who follow: ten thousand followers on one server are one line."""
    if not of:
        return []
    rows = Follow.filter(target_id__in=[actor.id for actor in of], state=FollowState.ACCEPTED)
    return await _inboxes(rows, "follower")


async def _acquainted(audience: Audience) -> list[Recipient]:
    if audience.acquainted is None:
        return []
    actor = audience.acquainted
    followed = await _inboxes(Follow.filter(follower_id=actor.id), "target")
    return [*followed, *await _inboxes(Follow.filter(target_id=actor.id), "follower")]


async def _inboxes(rows: QuerySet[Follow], side: str) -> list[Recipient]:
    """Return where the foreign people on one side of follows take post, by shared inboxes where there are some."""
    foreign = rows.filter(**{f"{side}__is_local": False}).exclude(**{f"{side}__state": ActorState.GONE})
    found: list[Recipient] = []
    for is_alone, column in ((False, "shared_inbox_url"), (True, "inbox_url")):
        some = foreign.filter(**{f"{side}__shared_inbox_url__isnull": is_alone, f"{side}__{column}__isnull": False})
        pairs = await some.distinct().order_by(f"{side}__{column}").values_list(f"{side}__{column}", f"{side}__host")
        found += [Recipient(str(url), str(host)) for url, host in pairs]
    return found


async def _partners(registry: Registry, now: datetime) -> list[str]:
    """Return the shared inbox of each partner host of which we know somebody."""
    hosts = [
        pattern
        for pattern in registry.book.entries
        if not pattern.startswith("*.") and registry.decide(pattern, now=now).grants.read is Read.NETWORK
    ]
    known = Actor.filter(is_local=False, host__in=hosts, shared_inbox_url__isnull=False)
    rows = await known.order_by("id").values_list("host", "shared_inbox_url")
    return [str(url) for url in dict(rows).values()]
