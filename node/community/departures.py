"""A member leaves: their words go, their name never returns, records they wrote for the network stay."""

from datetime import datetime

from node.community import erasure, journal, search_entries
from node.community.facts import ActorLeft
from node.community.foreign_actors import emptied, erase_doings
from node.community.forgetting import forget
from node.database import atomic
from node.errors import NotAllowed
from node.models import Actor, ActorKind, ActorState, Event, Post


async def leave(actor: Actor, *, now: datetime, by_member_id: int | None = None) -> None:
    """Delete what a person of ours wrote and did; other servers are told. A second time changes nothing.

    Keys and follows stay, since the Delete goes by them; the row stays for good. Spec: security V-K13.

    Raises:
        NotAllowed: not a person of ours.
    """
    if not actor.is_local or actor.kind is not ActorKind.PERSON:
        raise NotAllowed(f"{actor.uri} can't leave")
    if actor.state is ActorState.GONE:
        return
    async with atomic():
        posts = await Post.filter(author_id=actor.id).only("uri")
        events = await Event.filter(publisher_id=actor.id).only("uri")
        await erasure.erase_around([*(row.uri for row in posts), *(row.uri for row in events)])
        nothing = {"withdrawn_at": now, "source": "", "content_html": "", "title": ""}
        await Post.filter(author_id=actor.id).update(**nothing, warning="")
        await Event.filter(publisher_id=actor.id).update(**nothing, teaser="", place={}, online_url=None)
        await erase_doings(actor)
        await forget(actor.id)
        await search_entries.leave(actor.uri)
        await Actor.filter(id=actor.id).update(**emptied(), updated_at=now)
        await journal.note(ActorLeft(actor.id), at=now, by_member_id=by_member_id)
