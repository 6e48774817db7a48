"""Sending a follower away."""

from datetime import datetime

from node.community import follows
from node.errors import NotFound
from node.models import Follow, Member


async def dismiss(follower_uri: str, *, by: Member, now: datetime) -> None:
    """Let somebody follow this member no longer; their server is told.

    Raises:
        NotFound: they do not follow this member.
    """
    row = await Follow.get_or_none(target_id=by.actor_id, follower__uri=follower_uri)
    if row is None:
        raise NotFound("no such follower")
    await follows.refuse(row.id, by=by, now=now)
