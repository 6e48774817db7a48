"""Errands about actors among themselves: where somebody moved to, and who somebody was before."""

from typing import cast

from federation.client import Budget
from federation.names import parse_handle
from inbox.featured import read_featured
from inbox.followers_sync import read_followers
from inbox.worker import Bench
from node.community import actors, moves
from node.community.errands import Errand
from node.errors import NotAllowed
from node.models import Actor, Member
from node.policy.grants import FollowGrant


async def carry_out(errand: Errand, subject: str, told: dict[str, object], bench: Bench) -> str:
    """Carry an errand out; return what came of it."""
    match errand:
        case Errand.MOVE:
            return await _move(subject, str(told["target"]), bench)
        case Errand.FEATURED:
            return await read_featured(subject, bench)
        case Errand.FOLLOWERS:
            return await read_followers(subject, str(told["url"]), str(told["digest"]), bench)
        case Errand.ALIAS:
            return await _alias(subject, cast(int, told["member_id"]), bench)
        case _:
            return await _move_away(subject, cast(int, told["member_id"]), bench)


async def _move(old_uri: str, target_uri: str, bench: Bench) -> str:
    """Read the account that somebody says to have moved to, and let our people follow it if it agrees."""
    now = bench.clock.now()
    old = await Actor.get(uri=old_uri)
    moves.require_rested(old, now=now)
    target = await _as_it_is_now(target_uri, bench)
    if target.uri != target_uri:
        raise NotAllowed(f"{target_uri} is called {target.uri}")
    number = await moves.carry(old, target, may_follow=_may_follow(target, bench), now=now)
    return f"{number} follows go on with {target.uri}"


async def _alias(subject: str, member_id: int, bench: Bench) -> str:
    target = await _named(subject, bench)
    member = await Member.get(id=member_id)
    await moves.add_alias(target, by=member, now=bench.clock.now())
    return target.uri


async def _move_away(subject: str, member_id: int, bench: Bench) -> str:
    found = await _named(subject, bench)
    target = await _as_it_is_now(found.uri, bench)
    member = await Member.get(id=member_id)
    await moves.leave_for(target, by=member, may_follow=_may_follow(target, bench), now=bench.clock.now())
    return target.uri


async def _named(subject: str, bench: Bench) -> Actor:
    """Return whom a member named by handle or address."""
    now = bench.clock.now()
    if subject.startswith(("https://", "http://")):
        return await bench.fetcher.known_or_fetched_actor(subject, budget=Budget(), now=now)
    return await bench.fetcher.handle(parse_handle(subject, relaxed=bench.relaxed), budget=Budget(), now=now)


async def _as_it_is_now(uri: str, bench: Bench) -> Actor:
    """Return an actor as its own server describes it now; one of ours as it is.

    Raises:
        ProtocolError: it can't be had.
    """
    known = await actors.by_uri(uri)
    if known is not None and known.is_local:
        return known
    return await bench.fetcher.actor(uri, budget=Budget(), now=bench.clock.now())


def _may_follow(target: Actor, bench: Bench) -> bool:
    if target.is_local:
        return True
    return bench.registry.decide(target.host, now=bench.clock.now()).grants.follow is not FollowGrant.NONE
