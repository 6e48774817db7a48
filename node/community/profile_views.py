"""Somebody's profile as its page shows it, ours or foreign."""

from dataclasses import dataclass
from datetime import datetime

from node.community import actors, pins
from node.community.addresses import PUBLIC_GROUPS
from node.community.paging import Page
from node.community.shown_actors import actor_view
from node.community.timelines import of_actor
from node.community.views import ActorView, Thing, TimelineItem
from node.community.visibility import Viewer
from node.database import rows
from node.errors import NotFound
from node.models import Actor, ActorKind, ActorState, Follow, FollowState, Visibility

MOST_FIELDS = 8
MOST_COUNTED = 1_000
_POSTS = (
    "SELECT COUNT(*) AS number FROM (SELECT 1 FROM post WHERE author_id = ? AND visibility = ? "
    "AND withdrawn_at IS NULL AND in_reply_to_uri IS NULL LIMIT ?) AS counted"
)


@dataclass(frozen=True, slots=True)
class ProfileView:
    """Who somebody is.

    Args:
        bio_html: clean.
        fields: name (plain) and value (clean HTML).
        followers, following, posts: as far as this node knows; what others see of a foreign account may differ.
            Of more than MOST_COUNTED posts one more is told.
        follows: how the viewer stands to them, None if not at all.
        is_listed: search engines may take the page.
        moved_to: the id of the account that replaced it; `moved_view` shows it, if we know it.
    """

    actor: ActorView
    bio_html: str
    language: str
    header_url: str | None
    fields: tuple[tuple[str, str], ...]
    joined_at: datetime
    followers: int
    following: int
    posts: int
    follows: FollowState | None
    is_listed: bool
    manually_approves: bool
    moved_to: str | None
    moved_view: ActorView | None = None


@dataclass(frozen=True, slots=True)
class WholeProfile:
    """Who somebody is, what they wrote and passed on, and what they pin; pins are on the first page only."""

    profile: ProfileView
    stream: Page[TimelineItem]
    pinned: tuple[Thing, ...]


async def named(name: str, host: str, viewer: Viewer) -> ProfileView:
    """Return the profile of `@name@host`; an empty host is this node.

    Raises:
        NotFound: nobody we know of has this address, or policy hides them.
        Withdrawn: they left.
    """
    return await _profile(await _row(name, host), viewer)


async def stream_of(name: str, host: str, viewer: Viewer, *, before: str | None = None) -> Page[TimelineItem]:
    """Return what `@name@host` wrote and passed on; raises like `named`."""
    return await of_actor(await _row(name, host), viewer, before=before)


async def whole(name: str, host: str, viewer: Viewer, *, before: str | None = None) -> WholeProfile:
    """Return everything that the page of `@name@host` shows; raises like `named`."""
    actor = await _row(name, host)
    return WholeProfile(
        await _profile(actor, viewer),
        await of_actor(actor, viewer, before=before),
        tuple(await pins.shown(actor, viewer)) if before is None else (),
    )


async def groups() -> list[ActorView]:
    """Return the Groups that anyone can follow, none before the node is set up."""
    found = await Actor.filter(local_name__in=list(PUBLIC_GROUPS), is_local=True, state=ActorState.ACTIVE)
    rows = {row.local_name: row for row in found}
    return [actor_view(rows[name]) for name in PUBLIC_GROUPS if name in rows]


async def _row(name: str, host: str) -> Actor:
    actor = await (actors.by_handle(name, host) if host else actors.local(name))
    if actor is None or actor.state is not ActorState.ACTIVE or actor.kind is ActorKind.APPLICATION:
        raise NotFound(f"nobody called @{name[:60]}@{host[:100]}")
    return actor


async def _profile(actor: Actor, viewer: Viewer) -> ProfileView:
    standing = Follow.filter(state=FollowState.ACCEPTED)
    own = await Follow.get_or_none(follower_id=viewer.actor_id, target_id=actor.id) if viewer.actor_id else None
    return ProfileView(
        actor=actor_view(actor),
        bio_html=actor.bio_html,
        language=actor.language,
        header_url=actor.header_url,
        fields=tuple((row.get("name", ""), row.get("value", "")) for row in actor.profile_fields[:MOST_FIELDS]),
        joined_at=actor.published_at or actor.created_at,
        followers=await standing.filter(target_id=actor.id).count(),
        following=await standing.filter(follower_id=actor.id).count(),
        posts=await _counted(actor.id),
        follows=own.state if own else None,
        is_listed=actor.indexable or (actor.is_local and actor.kind is ActorKind.GROUP),
        manually_approves=actor.manually_approves,
        moved_to=actor.moved_to,
        moved_view=await _known(actor.moved_to) if actor.moved_to else None,
    )


async def _counted(author_id: int) -> int:
    """Count somebody's public posts up to one more than MOST_COUNTED: nobody should pay for the rest."""
    found = await rows(_POSTS, [author_id, Visibility.PUBLIC.value, MOST_COUNTED + 1])
    return int(str(found[0]["number"]))


async def _known(uri: str) -> ActorView | None:
    found = await Actor.get_or_none(uri=uri, state=ActorState.ACTIVE)
    return actor_view(found) if found else None
