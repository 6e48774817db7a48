"""Which followers of an actor live where: compared with other servers, and put right. Spec: FEP-8fcf."""

from collections.abc import Iterable
from datetime import datetime

from node.community import follows, journal
from node.community.facts import FollowEnded
from node.database import atomic
from node.models import Actor, Follow, FollowState

MOST = 500
"""So many follows of one foreign actor are put right at once."""


async def from_host(actor: Actor, origin: str) -> list[str]:
    """Return the followers of one of ours who live at an origin.

    Args:
        origin: scheme and authority, without a slash at the end.
    """
    rows = Follow.filter(target_id=actor.id, state=FollowState.ACCEPTED, follower__is_local=False)
    there = rows.filter(follower__uri__startswith=f"{origin}/")
    return [str(uri) for uri in await there.order_by("id").values_list("follower__uri", flat=True)]


async def ours(actor: Actor) -> list[str]:
    """Return those of ours who follow a foreign actor, as we know it."""
    rows = Follow.filter(target_id=actor.id, state=FollowState.ACCEPTED, follower__is_local=True)
    return [str(uri) for uri in await rows.order_by("id").values_list("follower__uri", flat=True)]


async def by_collection(uri: str, actor_uri: str) -> Actor | None:
    """Return the foreign actor whose followers collection is `uri`, if it is the one named."""
    return await Actor.get_or_none(uri=actor_uri, is_local=False, followers_uri=uri)


async def put_right(actor: Actor, listed: Iterable[str], *, now: datetime) -> tuple[int, int]:
    """Let our follows of a foreign actor be what its server says they are.

    A follow of ours that its server does not count ends without a word; one that it counts and we don't know of is
    taken back. A request that waits is taken for accepted if it is counted.

    Args:
        listed: the followers here by the count of that server.

    Returns:
        how many ended here, and how many were taken back there.
    """
    counted = set(listed)
    async with atomic():
        rows = await Follow.filter(target_id=actor.id, follower__is_local=True).select_related("follower")
        lost = [row for row in rows if row.state is FollowState.ACCEPTED and row.follower.uri not in counted][:MOST]
        for row in lost:
            await row.delete()
        for row in rows:
            if row.state is FollowState.PENDING and row.follower.uri in counted:
                await follows.confirmed(row.follower, actor, now=now)
        known = {row.follower.uri for row in rows if row.state in (FollowState.ACCEPTED, FollowState.PENDING)}
        strangers = sorted(counted - known)[:MOST]
        unknown = await Actor.filter(uri__in=strangers, is_local=True) if strangers else []
        for follower in unknown:
            await journal.note(FollowEnded(follower.id, actor.id, ""), at=now)
    return len(lost), len(unknown)
