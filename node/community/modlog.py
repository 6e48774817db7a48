"""The moderation log that everybody may read, and what a member sees of decisions about themselves."""

from dataclasses import dataclass
from datetime import datetime

from node.community.paging import PAGE_SIZE, Page, row_mark
from node.community.shown_actors import actor_view
from node.community.texts import too_long
from node.community.views import ActorView
from node.database import atomic
from node.errors import Conflict, Invalid, NotFound
from node.i18n import gettext as _
from node.models import ActKind, ActorState, Concern, Event, Member, ModerationAct, Post, Practice, Report
from node.text.plain import plain_text, shorten

LONGEST_REPLY = 2000
EXCERPT = 300


@dataclass(frozen=True, slots=True)
class PublicAct:
    """One act as the public log shows it.

    Args:
        who: the account it concerns; None for warnings and once the person is erased.
    """

    kind: ActKind
    object_kind: str
    who: ActorView | None
    reason_code: Concern
    reason: str
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnAct:
    """An act as the person whom it concerns sees it; nothing says who reported."""

    public_id: str
    kind: ActKind
    object_kind: str
    excerpt: str
    reason_code: Concern
    reason: str
    at: datetime
    undone_at: datetime | None
    reply: str
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as its reporter sees it."""

    public_id: str
    category: Concern
    text: str
    created_at: datetime
    is_open: bool
    answer: str
    answered_at: datetime | None


async def public(*, before: str | None = None) -> Page[PublicAct]:
    """Return the acts for everybody, the latest first."""
    mark = row_mark(before)
    found = ModerationAct.filter(id__lt=mark) if mark is not None else ModerationAct.all()
    rows = await found.order_by("-id").limit(PAGE_SIZE + 1).select_related("target")
    shown = rows[:PAGE_SIZE]
    return Page(tuple(_public(row) for row in shown), str(shown[-1].id) if len(rows) > PAGE_SIZE else None)


async def about(member: Member, public_id: str) -> OwnAct:
    """Return an act about a member, for that member.

    Raises:
        NotFound: none, or about somebody else. Spec: security V-M25.
    """
    row = await ModerationAct.get_or_none(public_id=public_id, target_id=member.actor_id)
    if row is None:
        raise NotFound(f"no act {public_id[:30]} about this member")
    return OwnAct(
        row.public_id,
        row.kind,
        row.object_kind,
        await _excerpt(row),
        row.reason_code,
        row.reason,
        row.created_at,
        row.undone_at,
        row.reply,
        row.replied_at,
    )


async def reply(member: Member, public_id: str, text: str, *, now: datetime) -> None:
    """Keep a member's answer to what was decided about them; it comes to the moderators' desk.

    Raises:
        NotFound: as `about`.
        Invalid: no text, or too much of it.
        Conflict: answered before.
    """
    words = text.strip()
    if not words:
        raise Invalid({"reply": _("Write something first.")})
    if len(words) > LONGEST_REPLY:
        raise Invalid({"reply": too_long(LONGEST_REPLY)})
    await about(member, public_id)
    async with atomic():
        waiting = ModerationAct.filter(public_id=public_id, target_id=member.actor_id, replied_at__isnull=True)
        if not await waiting.update(reply=words, replied_at=now):
            raise Conflict("answered before")


async def own_report(member: Member, public_id: str) -> OwnReport:
    """Return a report for the member who made it.

    Raises:
        NotFound: none, or somebody else's. Spec: security V-M25.
    """
    row = await Report.get_or_none(public_id=public_id, reporter_id=member.actor_id)
    if row is None:
        raise NotFound(f"no report {public_id[:30]} of this member")
    is_open = row.decided_at is None
    return OwnReport(row.public_id, row.category, row.text, row.created_at, is_open, row.answer, row.answered_at)


def _public(row: ModerationAct) -> PublicAct:
    target = row.target if row.target and row.target.state is not ActorState.GONE else None
    is_named = target is not None and row.kind is not ActKind.WARN
    return PublicAct(
        row.kind,
        row.object_kind,
        actor_view(target) if target is not None and is_named else None,
        row.reason_code,
        row.reason if is_named else "",
        row.created_at,
        row.undone_at,
    )


async def _excerpt(row: ModerationAct) -> str:
    """Return the first words of what it is about, its author's own, withdrawn or not."""
    if not row.object_uri:
        return ""
    post = await Post.get_or_none(uri=row.object_uri)
    if post is not None:
        return shorten(plain_text(post.content_html), EXCERPT)
    record = await Practice.get_or_none(uri=row.object_uri) or await Event.get_or_none(uri=row.object_uri)
    return record.title if record else ""
