"""What a change of trust does to those whom it concerns: counted before, follows suspended or restored by it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q, Subquery

from node.community import suspensions
from node.community.once import Columns
from node.models import Actor, Event, Follow, FollowState, Host, Member, Post, Practice
from node.policy.decide import Book, decide, patterns_about
from node.policy.grants import FollowGrant
from node.policy.patterns import WILDCARD

EVERYBODY = "*"
MOST_NAMES = 10
HOSTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Consequences:
    """What stands between us and the hosts of some patterns now.

    Args:
        followers: their accounts that follow ours.
        following: their accounts that ours follow.
        suspended: follows, either way, that an earlier change suspended and that would come back.
        members: members of ours who would notice.
        posts, practices, events: what we hold from there.
        names: some of the accounts that ours follow.
    """

    hosts: tuple[str, ...]
    followers: int
    following: int
    suspended: int
    members: int
    posts: int
    practices: int
    events: int
    names: tuple[str, ...]


async def preview(patterns: tuple[str, ...]) -> Consequences:
    """Count what the hosts of `patterns` have with us; changes nothing."""
    hosts = await known_hosts(patterns)
    counts, ours, theirs = Counter[str](), set[int](), list[int]()
    for some in _batches(hosts):
        place: Columns = {"is_local": False, "host__in": some}
        counts.update(await _counts(place))
        incoming = Follow.filter(_of("follower", place), state=FollowState.ACCEPTED)
        outgoing = Follow.filter(_of("target", place), state=FollowState.ACCEPTED)
        pairs = await outgoing.order_by("id").values_list("follower_id", "target_id")
        ours |= {actor_id for (actor_id,) in await incoming.distinct().values_list("target_id")}
        ours |= {follower_id for follower_id, _ in pairs}
        theirs += [target_id for _, target_id in pairs]
    return Consequences(
        hosts=tuple(hosts),
        followers=counts["followers"],
        following=len(theirs),
        suspended=counts["suspended"],
        members=await Member.filter(actor_id__in=list(ours)).count(),
        posts=counts["posts"],
        practices=counts["practices"],
        events=counts["events"],
        names=await _names(theirs),
    )


async def _counts(place: Columns) -> dict[str, int]:
    standing = {"withdrawn_at__isnull": True}
    either = _of("follower", place) | _of("target", place)
    return {
        "followers": await Follow.filter(_of("follower", place), state=FollowState.ACCEPTED).count(),
        "suspended": await Follow.filter(either, state=FollowState.SUSPENDED).count(),
        "posts": await Post.filter(_of("author", place), **standing).count(),
        "practices": await Practice.filter(_of("publisher", place), **standing).count(),
        "events": await Event.filter(_of("publisher", place), **standing).count(),
    }


async def apply_book(patterns: tuple[str, ...], *, book: Book, now: datetime) -> None:
    """Suspend the follows that `book` forbids and restore those that it allows again; the same for what was written.

    Args:
        patterns: whom the change concerns; `*` for everybody.
        book: as it will be; called in the transaction that writes it.
    """
    decisions = [decide(host, book, now=now) for host in await known_hosts(patterns)]
    for is_admitted in (False, True):
        for some in _batches([each.host for each in decisions if each.is_admitted is is_admitted]):
            await suspensions.follow_policy(*some, is_admitted=is_admitted)
    shut = {each.host for each in decisions if each.grants.follow is FollowGrant.NONE}
    await _turn(sorted(shut), was=FollowState.ACCEPTED, becomes=FollowState.SUSPENDED)
    free = [each.host for each in decisions if each.host not in shut]
    await _turn(free, was=FollowState.SUSPENDED, becomes=FollowState.ACCEPTED)


async def known_hosts(patterns: tuple[str, ...]) -> list[str]:
    """Return the hosts we met that any of `patterns` speaks about, by name."""
    actors, hosts = Actor.filter(is_local=False), Host.all()
    if EVERYBODY not in patterns and len(patterns) <= HOSTS_AT_ONCE:
        actors, hosts = actors.filter(_named("host", patterns)), hosts.filter(_named("name", patterns))
    known = {host for (host,) in await actors.distinct().values_list("host")}
    known |= {host for (host,) in await hosts.values_list("name")}
    wanted = frozenset(patterns)
    return sorted(host for host in known if EVERYBODY in wanted or not wanted.isdisjoint(patterns_about(host)))


def _named(column: str, patterns: tuple[str, ...]) -> Q:
    exact: Columns = {f"{column}__in": [pattern for pattern in patterns if not pattern.startswith(WILDCARD)]}
    ends = [pattern[1:] for pattern in patterns if pattern.startswith(WILDCARD)]
    below: list[Columns] = [{f"{column}__endswith": end} for end in ends]
    return Q(*(Q(**each) for each in (exact, *below)), join_type=Q.OR)


def _of(side: str, theirs: Columns) -> Q:
    wanted: Columns = {f"{side}__{column}": value for column, value in theirs.items()}
    return Q(**wanted)


async def _names(actor_ids: list[int]) -> tuple[str, ...]:
    some = list(dict.fromkeys(actor_ids))[:MOST_NAMES]
    rows = {actor.id: actor for actor in await Actor.filter(id__in=some)}
    return tuple(f"@{rows[actor_id].name}@{rows[actor_id].host}" for actor_id in some)


async def _turn(hosts: list[str], *, was: FollowState, becomes: FollowState) -> None:
    for some in _batches(hosts):
        concerned = Actor.filter(is_local=False, host__in=some)
        if becomes is FollowState.ACCEPTED:  # whom a moderator suspended stays apart
            concerned = concerned.filter(suspended_at__isnull=True)
        theirs = Subquery(concerned.values("id"))
        for side in ("follower_id__in", "target_id__in"):
            await Follow.filter(**{side: theirs}, state=was).update(state=becomes)


def _batches(hosts: list[str]) -> Iterator[list[str]]:
    starts: Iterable[int] = range(0, len(hosts), HOSTS_AT_ONCE)
    return (hosts[start : start + HOSTS_AT_ONCE] for start in starts)
