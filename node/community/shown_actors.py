"""Actors as pages show them."""

from collections.abc import Iterable

from node.community.actors import handle_of
from node.community.views import ActorView
from node.models import Actor, Member


def actor_view(actor: Actor) -> ActorView:
    """Return an actor as bylines show it."""
    handle = handle_of(actor)
    return ActorView(
        id=actor.id,
        uri=actor.uri,
        kind=actor.kind,
        is_local=actor.is_local,
        name=actor.name,
        host=actor.host,
        handle=handle,
        display_name=actor.display_name or actor.name,
        avatar_url=actor.avatar_url,
        path=f"/@{actor.local_name}" if actor.is_local else f"/{handle}",
        url=actor.url or actor.uri,
    )


async def credited_members(member_ids: Iterable[int | None]) -> dict[int, ActorView]:
    """Return the people behind records and events that a Group published, by member."""
    wanted = {each for each in member_ids if each is not None}
    if not wanted:
        return {}
    members = await Member.filter(id__in=list(wanted)).select_related("actor")
    return {member.id: actor_view(member.actor) for member in members}
