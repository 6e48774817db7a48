"""A report as its page shows it to moderators: what was reported with its context, and what came before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from node.community import objects
from node.community.desk import ReportLine, can_be_answered, line_of
from node.community.roles import is_at_least
from node.community.shown_actors import actor_view
from node.community.shown_posts import show_posts
from node.community.shown_records import show_events, show_practices
from node.community.viewer import of_member
from node.community.views import ActorView, Thing
from node.community.visibility import may_read
from node.errors import NotAllowed, NotFound
from node.models import (
    ActKind,
    Actor,
    ActorState,
    Concern,
    Event,
    Member,
    ModerationAct,
    Post,
    Practice,
    Report,
    Role,
)

EARLIER_SHOWN = 10


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act in a list; `by` is the name of the moderator, empty where they left."""

    public_id: str
    kind: ActKind
    object_kind: str
    object_uri: str
    reason_code: Concern
    reason: str
    by: str
    at: datetime
    undone_at: datetime | None
    can_be_undone: bool
    reply: str


@dataclass(frozen=True, slots=True)
class ReportedThing:
    """Something that was reported; `answers` is what it answers, if this moderator may read that."""

    thing: Thing
    answers: Thing | None
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about, and how they stand."""

    actor: ActorView
    is_suspended: bool
    is_limited: bool
    role: Role | None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report with everything a decision needs.

    Args:
        may_decide: this moderator may act on it.
        can_be_answered: there is a way to the reporter.
    """

    line: ReportLine
    reporter: ActorView | None
    has_address: bool
    forward: bool
    subject: Subject | None
    things: tuple[ReportedThing, ...]
    gone: int
    earlier: tuple[ReportLine, ...]
    acts: tuple[ActLine, ...]
    may_decide: bool
    can_be_answered: bool
    answer: str
    answered_at: datetime | None


async def page(public: str, by: Member) -> ReportPage:
    """Return a report with its context.

    What was reported is shown whoever may read it: somebody who could read it asked for that.

    Raises:
        NotAllowed: no moderator.
        NotFound: no such report, or it is about this moderator.
    """
    if not is_at_least(by.role, Role.MODERATOR):
        raise NotAllowed("moderators look after reports")
    row = await Report.get_or_none(public_id=public).select_related("target", "reporter")
    if row is None or row.target_id == by.actor_id:
        raise NotFound(f"no report {public[:30]}")
    subject = await subject_of(row.target) if row.target else None
    things = await _things(row.objects, by)
    earlier = Report.filter(target_id=row.target_id, id__not=row.id).order_by("-id") if row.target_id else None
    shown = await earlier.limit(EARLIER_SHOWN).select_related("target", "reporter") if earlier else []
    return ReportPage(
        line=line_of(row),
        reporter=actor_view(row.reporter) if row.reporter else None,
        has_address=bool(row.reply_address),
        forward=row.forward,
        subject=subject,
        things=things,
        gone=len(row.objects) - len(things),
        earlier=tuple(line_of(each) for each in shown),
        acts=await acts_about(row.target_id) if row.target_id else (),
        may_decide=subject is None or subject.role is None or is_at_least(by.role, subject.role),
        can_be_answered=can_be_answered(row, row.reporter) and row.answered_at is None,
        answer=row.answer,
        answered_at=row.answered_at,
    )


async def subject_of(actor: Actor) -> Subject:
    """Return how an account stands."""
    member = await Member.get_or_none(actor_id=actor.id)
    is_suspended = actor.suspended_at is not None or actor.state is ActorState.SUSPENDED
    return Subject(actor_view(actor), is_suspended, actor.limited_at is not None, member.role if member else None)


async def acts_about(actor_id: int, *, limit: int = EARLIER_SHOWN) -> tuple[ActLine, ...]:
    """Return what was done about an account and its things, the latest first."""
    return await act_lines(await ModerationAct.filter(target_id=actor_id).order_by("-id").limit(limit))


async def act_lines(rows: Sequence[ModerationAct]) -> tuple[ActLine, ...]:
    """Return acts as lists show them to moderators."""
    ids = {row.by_member_id for row in rows if row.by_member_id is not None}
    members = await Member.filter(id__in=list(ids)).select_related("actor") if ids else []
    names = {member.id: member.actor.name for member in members}
    return tuple(
        ActLine(
            row.public_id,
            row.kind,
            row.object_kind,
            row.object_uri,
            row.reason_code,
            row.reason,
            names.get(row.by_member_id or 0, ""),
            row.created_at,
            row.undone_at,
            row.undone_at is None and row.target_id is not None and "erased" not in row.before,
            row.reply,
        )
        for row in rows
    )


async def _things(uris: list[str], by: Member) -> tuple[ReportedThing, ...]:
    viewer = await of_member(by)
    posts = await Post.filter(uri__in=uris).select_related("author")
    practices = await Practice.filter(uri__in=uris).select_related("publisher")
    events = await Event.filter(uri__in=uris).select_related("publisher")
    shown: list[Thing] = [
        *await show_posts(posts, viewer),
        *await show_practices(practices, viewer),
        *await show_events(events, viewer),
    ]
    rows: list[Post | Practice | Event] = [*posts, *practices, *events]
    withdrawn = {row.uri for row in rows if row.withdrawn_at is not None}
    parents = {row.uri: row.in_reply_to_uri for row in posts if row.in_reply_to_uri}
    known = await objects.find_all(parents.values())
    readable = [uri for uri, thing in known.items() if may_read(viewer, thing.readable)]
    around = {
        view.uri: view
        for view in await show_posts(await Post.filter(uri__in=readable).select_related("author"), viewer)
    }
    by_uri = {
        thing.uri: ReportedThing(thing, around.get(parents.get(thing.uri, "")), thing.uri in withdrawn)
        for thing in shown
    }
    return tuple(by_uri[uri] for uri in uris if uri in by_uri)
