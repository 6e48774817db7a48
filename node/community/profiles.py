"""Changing one's own profile; who follows whom, and who waits."""

from dataclasses import dataclass
from datetime import datetime

from node.community import addresses, journal
from node.community.actors import make_findable
from node.community.facts import ProfileChanged
from node.community.marks import written
from node.community.paging import PAGE_SIZE, Page, row_mark
from node.community.roles import is_at_least
from node.community.shown_actors import actor_view
from node.community.texts import checked_language, checked_line, too_long
from node.community.views import ActorView
from node.database import atomic
from node.errors import Invalid, NotAllowed
from node.i18n import gettext as _
from node.models import (
    Actor,
    ActorKind,
    ActorState,
    Follow,
    FollowState,
    Media,
    Member,
    Role,
)

LONGEST_NAME = 60
LONGEST_BIO = 1000
MOST_FIELDS = 6
LONGEST_FIELD = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDraft:
    """What a member typed about themselves.

    Args:
        bio: Markdown.
        avatar_media_id, header_media_id: public ids of uploaded pictures; None leaves the one there is, "" takes it
            away.
        fields: rows of name and Markdown text.
    """

    display_name: str
    bio: str = ""
    language: str = ""
    avatar_media_id: str | None = None
    header_media_id: str | None = None
    manually_approves: bool = False
    discoverable: bool = True
    indexable: bool = False
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FollowRequestView:
    """Somebody who waits to be let in."""

    follow_id: int
    actor: ActorView
    at: datetime


async def change(draft: ProfileDraft, *, actor: Actor, by: Member, now: datetime) -> Actor:
    """Change the profile of one of ours; followers' servers are told.

    Raises:
        NotAllowed: neither their own profile nor, for a steward, that of a Group.
        Invalid: what to change, by field.
    """
    if not may_edit(actor, member_actor_id=by.actor_id, role=by.role):
        raise NotAllowed(f"{actor.uri} is not to be changed by member {by.id}")
    if len(draft.bio) > LONGEST_BIO:
        raise Invalid({"bio": too_long(LONGEST_BIO)})
    bio = await written(draft.bio.strip(), author=actor)
    columns = {
        "display_name": checked_line("display_name", draft.display_name, limit=LONGEST_NAME) or actor.name,
        "bio_source": bio.source,
        "bio_html": bio.html,
        "language": checked_language(draft.language),
        "manually_approves": draft.manually_approves,
        "discoverable": draft.discoverable,
        "indexable": draft.indexable,
        "profile_fields": await _fields(draft, actor),
        "avatar_url": await _picture("avatar", draft.avatar_media_id, actor.avatar_url, actor, by),
        "header_url": await _picture("header", draft.header_media_id, actor.header_url, actor, by),
    }
    async with atomic():
        row = await Actor.get(id=actor.id)
        await row.update_from_dict({**columns, "updated_at": now}).save()
        await make_findable(row)
        await journal.note(ProfileChanged(row.id), at=now, by_member_id=by.id)
    return row


def may_edit(actor: Actor, *, member_actor_id: int | None, role: Role | None) -> bool:
    """Tell whether a member may change this profile."""
    if not actor.is_local or actor.state is not ActorState.ACTIVE:
        return False
    return actor.id == member_actor_id or (actor.kind is ActorKind.GROUP and is_at_least(role, Role.STEWARD))


async def _fields(draft: ProfileDraft, actor: Actor) -> list[dict[str, str]]:
    kept = [(name.strip(), text.strip()) for name, text in draft.fields if name.strip() and text.strip()]
    if len(kept) > MOST_FIELDS:
        raise Invalid({"fields": _("Up to %(limit)s rows. Take some away.", limit=MOST_FIELDS)})
    if any(len(part) > LONGEST_FIELD for pair in kept for part in pair):
        raise Invalid({"fields": too_long(LONGEST_FIELD)})
    return [
        {
            "name": checked_line("fields", name, limit=LONGEST_FIELD),
            "value": (await written(text, author=actor)).html,
            "source": text,
        }
        for name, text in kept
    ]


async def _picture(field: str, media_id: str | None, now_url: str | None, actor: Actor, by: Member) -> str | None:
    if media_id is None:
        return now_url
    if not media_id:
        return None
    media = await Media.get_or_none(public_id=media_id, owner_id=by.actor_id)
    if media is None:
        raise Invalid({field: _("This picture is not there any more. Upload it again.")})
    return addresses.media_url(addresses.base_of(actor), media.path)


def draft_of(actor: Actor) -> ProfileDraft:
    """Return what the edit form of a profile of ours starts with."""
    return ProfileDraft(
        display_name=actor.display_name,
        bio=actor.bio_source,
        language=actor.language,
        manually_approves=actor.manually_approves,
        discoverable=actor.discoverable,
        indexable=actor.indexable,
        fields=tuple((each["name"], each.get("source", "")) for each in actor.profile_fields),
    )


async def followers(actor: Actor, *, before: str | None = None) -> Page[ActorView]:
    """Return who follows an actor, the latest first."""
    mark = row_mark(before)
    found = Follow.filter(target_id=actor.id, state=FollowState.ACCEPTED)
    found = found.filter(id__lt=mark) if mark is not None else found
    rows = await found.order_by("-id").limit(PAGE_SIZE + 1).select_related("follower")
    return _people([(row.id, row.follower) for row in rows])


async def following(actor: Actor, *, before: str | None = None) -> Page[ActorView]:
    """Return whom an actor follows, the latest first."""
    mark = row_mark(before)
    found = Follow.filter(follower_id=actor.id, state=FollowState.ACCEPTED)
    found = found.filter(id__lt=mark) if mark is not None else found
    rows = await found.order_by("-id").limit(PAGE_SIZE + 1).select_related("target")
    return _people([(row.id, row.target) for row in rows])


def _people(found: list[tuple[int, Actor]]) -> Page[ActorView]:
    shown = found[:PAGE_SIZE]
    following_mark = str(shown[-1][0]) if len(found) > PAGE_SIZE else None
    return Page(tuple(actor_view(actor) for _row, actor in shown), following_mark)


async def requests_for(member: Member, *, before: str | None = None) -> Page[FollowRequestView]:
    """Return who waits for this member's yes; editors see those of the Groups too."""
    mark = row_mark(before)
    targets = [member.actor_id]
    if is_at_least(member.role, Role.EDITOR):
        targets += [row.id for row in await Actor.filter(is_local=True, kind__not=ActorKind.PERSON)]
    found = Follow.filter(target_id__in=targets, state=FollowState.PENDING)
    found = found.filter(id__lt=mark) if mark is not None else found
    rows = await found.order_by("-id").limit(PAGE_SIZE + 1).select_related("follower")
    shown = rows[:PAGE_SIZE]
    views = tuple(FollowRequestView(row.id, actor_view(row.follower), row.created_at) for row in shown)
    return Page(views, str(shown[-1].id) if len(rows) > PAGE_SIZE else None)
