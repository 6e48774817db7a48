"""Timelines: what is new here, in the network, at home, by somebody."""

from dataclasses import replace

from tortoise.expressions import Q

from node.community.limited import unmet_by
from node.community.mixing import Sources, mixed
from node.community.paging import Page
from node.community.viewer import of_member
from node.community.views import TimelineItem
from node.community.visibility import NEAR, Viewer, listed_for
from node.models import Actor, ActorKind, ActorState, Admission, Member, Visibility

LIBRARY = [Admission.ADMITTED, Admission.LINK_ONLY]


async def local(viewer: Viewer, *, before: str | None = None) -> Page[TimelineItem]:
    """Return what was published here: posts that answer nothing, records and events."""
    seen, limited = Q(is_local=True, visibility__in=list(listed_for(viewer))), await unmet_by(viewer)
    records = seen & limited.records
    return await mixed(Sources(seen & _tops() & limited.posts, records, records), viewer, before)


async def latest_posts(viewer: Viewer, most: int) -> Page[TimelineItem]:
    """Return the newest posts of ours that answer nothing."""
    seen, limited = Q(is_local=True, visibility__in=list(listed_for(viewer))), await unmet_by(viewer)
    return await mixed(Sources(seen & _tops() & limited.posts, most=most), viewer, None)


async def network(viewer: Viewer, *, before: str | None = None) -> Page[TimelineItem]:
    """Return what was published here and what reached us from elsewhere."""
    posts = _tops() & (Q(is_local=True) | _foreign_posts(viewer)) & Q(visibility__in=list(listed_for(viewer)))
    records = Q(admission__in=LIBRARY, visibility__in=list(listed_for(viewer)))
    limited = await unmet_by(viewer)
    posts, records = posts & limited.posts, records & limited.records
    return await mixed(Sources(posts, records, records), viewer, before)


async def home(member: Member, *, before: str | None = None) -> Page[TimelineItem]:
    """Return what a member and those they follow publish and pass on."""
    viewer = await of_member(member)
    authors = [member.actor_id, *viewer.follows]
    kinds = [Visibility.PUBLIC, Visibility.QUIET, Visibility.NETWORK, Visibility.MEMBERS, Visibility.FOLLOWERS]
    seen = Q(visibility__in=kinds)
    posts = Q(author_id__in=authors) & seen & Q(in_reply_to_uri__isnull=True)
    records = (Q(publisher_id__in=authors) | Q(author_id=member.id)) & seen
    boosts = Q(actor_id__in=list(viewer.follows))
    return await mixed(Sources(posts, records, records, boosts), viewer, before)


async def of_actor(actor: Actor, viewer: Viewer, *, before: str | None = None) -> Page[TimelineItem]:
    """Return what somebody wrote and passed on, answers left out, as far as `viewer` may read it."""
    seen = Q(visibility__in=list(_on_profile(viewer, actor)))
    posts = Q(author_id=actor.id, in_reply_to_uri__isnull=True) & seen
    posts = posts if actor.is_local else posts & _foreign_posts(viewer)
    records = Q(publisher_id=actor.id)
    if actor.is_local and actor.kind is ActorKind.PERSON:
        member = await Member.get_or_none(actor_id=actor.id)
        records = records | Q(author_id=member.id) if member else records
    records = records & seen & Q(admission__in=LIBRARY)
    asked_for = replace(viewer, muted=NEAR)
    return await mixed(Sources(posts, records, records, Q(actor_id=actor.id)), asked_for, before)


def _tops() -> Q:
    return Q(in_reply_to_uri__isnull=True, is_guide=False)


def _foreign_posts(viewer: Viewer) -> Q:
    """What people elsewhere wrote: to visitors only of those who want to be found."""
    standing = Q(is_local=False, author__state=ActorState.ACTIVE)
    return standing if viewer.is_member else standing & Q(author__indexable=True)


def _on_profile(viewer: Viewer, actor: Actor) -> frozenset[Visibility]:
    seen = listed_for(viewer) | {Visibility.QUIET}
    if actor.id in viewer.follows or actor.id == viewer.actor_id:
        return seen | {Visibility.FOLLOWERS}
    return seen
