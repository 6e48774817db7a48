"""The moderators' desk: what waits there, oldest first, and what becomes of each report and each answer."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from node.community import actors, held, journal, notices
from node.community.desk_facts import ReportDecided, ReporterAnswered
from node.community.moderators import require_may_decide
from node.community.roles import is_at_least
from node.community.shown_actors import actor_view
from node.community.texts import too_long
from node.community.views import ActorView
from node.database import atomic
from node.errors import Conflict, Invalid, NotAllowed, NotFound
from node.i18n import gettext as _
from node.models import (
    ActKind,
    Actor,
    ActorKind,
    Concern,
    Follow,
    FollowState,
    Member,
    ModerationAct,
    NotificationKind,
    Report,
    ReportState,
    Role,
)

SHOWN = 20
LONGEST_ANSWER = 2000


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits for one of the staff.

    Args:
        reports: open ones that this person may see.
        about_oneself: open ones about this person, which somebody else has to see.
        replies: answers of members to what was decided about them.
        held: records and events that wait for an editor.
        requests: follow requests to the network's own accounts.
        oldest_at: when the oldest report or answer came.
    """

    reports: int = 0
    about_oneself: int = 0
    replies: int = 0
    held: int = 0
    requests: int = 0
    oldest_at: datetime | None = None

    @property
    def total(self) -> int:
        """Return how much there is to do."""
        return self.reports + self.replies + self.held + self.requests


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report in a list.

    Args:
        objects: how many things it names.
        origin: `member`, `visitor` or `server`.
    """

    public_id: str
    category: Concern
    state: ReportState
    text: str
    target: ActorView | None
    objects: int
    origin: str
    host: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """An answer of a member to what was decided about them."""

    public_id: str
    kind: ActKind
    target: ActorView | None
    reply: str
    replied_at: datetime


async def counts(by: Member, *, now: datetime) -> Counts:
    """Count what waits for this member of the staff."""
    waiting = await held.waiting(now=now)
    groups = Follow.filter(
        target__is_local=True, target__kind__not=ActorKind.PERSON, state=FollowState.PENDING, follower__is_local=False
    )
    reports = Report.filter(_visible(by), state=ReportState.OPEN)
    replies = _waiting_replies(by)
    first = await reports.order_by("created_at").first()
    first_reply = await replies.order_by("replied_at").first()
    moments = [first.created_at if first else None, first_reply.replied_at if first_reply else None]
    return Counts(
        reports=await reports.count(),
        about_oneself=await Report.filter(target_id=by.actor_id, state=ReportState.OPEN).count(),
        replies=await replies.count(),
        held=waiting.total,
        requests=await groups.count(),
        oldest_at=min((each for each in moments if each), default=None),
    )


async def reports(by: Member, *, state: ReportState = ReportState.OPEN, limit: int = SHOWN) -> tuple[ReportLine, ...]:
    """Return the open reports, the oldest first; of closed ones the latest first.

    Raises:
        NotAllowed: no moderator.
    """
    _require_moderator(by)
    found = Report.filter(_visible(by), state=state).select_related("target", "reporter")
    rows = await found.order_by("id" if state is ReportState.OPEN else "-id").limit(limit)
    return tuple(line_of(row) for row in rows)


async def replies(by: Member, limit: int = SHOWN) -> tuple[ReplyLine, ...]:
    """Return the answers of members that nobody has read, the oldest first; raises like `reports`."""
    _require_moderator(by)
    rows = await _waiting_replies(by).order_by("replied_at").limit(limit).select_related("target")
    return tuple(
        ReplyLine(row.public_id, row.kind, actor_view(row.target) if row.target else None, row.reply, row.replied_at)
        for row in rows
        if row.replied_at is not None
    )


async def close(public: str, state: ReportState, *, by: Member, now: datetime) -> None:
    """Close a report, or open it again; the same again changes nothing.

    Raises:
        NotFound: no such report.
        NotAllowed: no moderator, or not about this person.
    """
    async with atomic():
        report = await _locked(public, by)
        if report.state is state:
            return
        fact = ReportDecided(report.id, before=report.state, after=state)
        decided = (None, None) if state is ReportState.OPEN else (now, by.id)
        await Report.filter(id=report.id).update(state=state, decided_at=decided[0], decided_by_id=decided[1])
        await journal.note(fact, at=now, by_member_id=by.id)


async def answer(public: str, text: str, *, by: Member, now: datetime) -> None:
    """Tell the reporter what came of it: a member on a page here, a visitor who left an address by mail.

    Raises:
        NotFound, NotAllowed: as `close`.
        Invalid: no text, too much of it, or nobody to answer.
        Conflict: it was answered before.
    """
    words = text.strip()
    if not words:
        raise Invalid({"answer": _("Write what the reporter is to know.")})
    if len(words) > LONGEST_ANSWER:
        raise Invalid({"answer": too_long(LONGEST_ANSWER)})
    async with atomic():
        report = await _locked(public, by)
        reporter = await Actor.get_or_none(id=report.reporter_id) if report.reporter_id else None
        if not can_be_answered(report, reporter):
            raise Invalid({"answer": _("Nobody can be told: the reporter left no address.")})
        if report.answered_at is not None:
            raise Conflict("it was answered before")
        await Report.filter(id=report.id).update(answer=words, answered_at=now)
        if reporter is not None:
            node = await actors.node_actor()
            path = f"/reports/{report.public_id}"
            await notices.tell_member(reporter.id, NotificationKind.REPORT_ANSWERED, node, path=path, now=now)
        await journal.note(ReporterAnswered(report.id), at=now, by_member_id=by.id)


def can_be_answered(report: Report, reporter: Actor | None) -> bool:
    """Tell whether there is a way to the reporter."""
    return bool(report.reply_address) or (reporter is not None and reporter.is_local)


async def settle_reply(public: str, *, by: Member, now: datetime) -> None:
    """Note that a member's answer was read and the act stays; raises like `close`."""
    async with atomic():
        act = await ModerationAct.get_or_none(public_id=public, replied_at__isnull=False)
        if act is None:
            raise NotFound(f"nobody answered to {public[:30]}")
        await require_may_decide(by, await Actor.get_or_none(id=act.target_id) if act.target_id else None)
        await ModerationAct.filter(id=act.id).update(reply_settled_at=now)


def line_of(row: Report) -> ReportLine:
    """Return a report as lists show it; its target and reporter are loaded."""
    reporter = row.reporter
    origin = "visitor" if reporter is None else "member" if reporter.is_local else "server"
    return ReportLine(
        public_id=row.public_id,
        category=row.category,
        state=row.state,
        text=row.text,
        target=actor_view(row.target) if row.target else None,
        objects=len(row.objects),
        origin=origin,
        host=reporter.host if reporter is not None and origin == "server" else "",
        created_at=row.created_at,
    )


def _visible(by: Member) -> Q:
    """Nobody of the staff sees what was reported about themselves, nor who did."""
    return Q(target_id__not=by.actor_id) | Q(target_id__isnull=True)


def _waiting_replies(by: Member) -> QuerySet[ModerationAct]:
    waiting = ModerationAct.filter(replied_at__isnull=False, reply_settled_at__isnull=True, undone_at__isnull=True)
    return waiting.filter(Q(target_id__not=by.actor_id) | Q(target_id__isnull=True))


async def _locked(public: str, by: Member) -> Report:
    report = await Report.filter(public_id=public).select_for_update().first()
    if report is None:
        raise NotFound(f"no report {public[:30]}")
    target = await Actor.get_or_none(id=report.target_id) if report.target_id else None
    await require_may_decide(by, target)
    return report


def _require_moderator(by: Member) -> None:
    if not is_at_least(by.role, Role.MODERATOR):
        raise NotAllowed("moderators look after reports")


async def report_states() -> dict[str, int]:
    """Count the reports by state."""
    return {state.value: await Report.filter(state=state).count() for state in ReportState}
