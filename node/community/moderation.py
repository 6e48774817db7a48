"""What moderators do about a thing or an account: warn, mark, hide, delete, limit, suspend, and undo each.

Each act is an entry of the audit log in the transaction that makes it true, and the person is told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError

from node.chance import public_id
from node.community import actors, journal, members, moderated_things, notices, objects, suspensions
from node.community.desk_facts import Moderated, ModerationUndone
from node.community.moderators import require_may_decide
from node.community.objects import Known
from node.community.once import Columns
from node.community.reports import responsible
from node.community.texts import checked_line, too_long
from node.database import atomic
from node.errors import Conflict, Invalid, NotFound
from node.i18n import gettext as _
from node.models import (
    ActKind,
    Actor,
    ActorKind,
    ActorState,
    Concern,
    Member,
    MemberState,
    ModerationAct,
    NotificationKind,
    Report,
)
from node.policy.decide import decide
from node.policy.grants import FollowGrant
from node.policy.registry import Registry

LONGEST_REASON = 1000
LONGEST_WARNING = 200
GRACE = timedelta(days=30)
"""So long a deletion can be undone."""
ABOUT_THINGS = frozenset({ActKind.MARK, ActKind.HIDE, ActKind.DELETE})
ABOUT_ACCOUNTS = frozenset({ActKind.LIMIT, ActKind.SUSPEND})
STRONG = frozenset({ActKind.DELETE, ActKind.SUSPEND})
"""These want a fresh proof of who decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a moderator wants to do.

    Args:
        uri: the thing, or the account.
        reason: what the person is told and the public log says.
        warning: for a mark: what readers see first.
        report: public id of the report that led to it; empty for none.
    """

    kind: ActKind
    uri: str
    reason_code: Concern
    reason: str = ""
    warning: str = ""
    report: str = ""


async def act(wanted: Act, *, by: Member, now: datetime) -> ModerationAct:
    """Do something about a thing or an account, tell the person, and note it in the audit log.

    Raises:
        NotFound: no such thing, account or report.
        NotAllowed: no moderator, or one who may not decide about this person.
        Invalid: what to change, by field.
        Conflict: it is done already.

    Spec: security T-58.
    """
    reason, warning = _checked(wanted), checked_line("warning", wanted.warning, limit=LONGEST_WARNING)
    target, thing = await subject_of(wanted.uri)
    _require_fitting(wanted.kind, target, thing)
    report = await Report.get_or_none(public_id=wanted.report) if wanted.report else None
    async with atomic():
        await require_may_decide(by, target)
        columns: Columns = {
            "target_id": target.id,
            "object_uri": thing.uri if thing else "",
            "object_kind": thing.kind if thing else "",
            "report_id": report.id if report and report.target_id == target.id else None,
            "reason": reason,
        }
        row = await _begun(wanted, columns, by=by, now=now)
        row.before = await _apply(row, target, warning, by=by, now=now)
        fact = Moderated(row.id, row.kind, row.reason_code, row.object_kind, target.uri, row.object_uri)
        entry = await journal.note(fact, at=now, by_member_id=by.id)
        row.entry_ids = [entry.id]
        await row.save(update_fields=["before", "entry_ids"])
        await _tell(target, f"/moderation/{row.public_id}", now=now)
    return row


async def undo(public: str, *, by: Member, registry: Registry, now: datetime) -> ModerationAct:
    """Take an act back.

    Raises:
        NotFound: no such act.
        NotAllowed: no moderator, or one who may not decide about this person.
        Conflict: it was taken back before, or can't be any more.
    """
    async with atomic():
        row = await ModerationAct.filter(public_id=public).select_for_update().first()
        target = await Actor.get_or_none(id=row.target_id) if row and row.target_id else None
        if row is None or target is None:
            raise NotFound(f"no act {public[:30]} that could be taken back")
        await require_may_decide(by, target)
        if row.undone_at is not None:
            raise Conflict("it was taken back before")
        if target.state is ActorState.GONE:
            raise Conflict("the account is gone")
        if "erased" in row.before:
            raise Conflict("what was taken away has been erased")
        await _revert(row, target, by=by, registry=registry, now=now)
        fact = ModerationUndone(row.id, row.kind, row.object_kind, target.uri, row.object_uri)
        entry = await journal.note(fact, at=now, by_member_id=by.id)
        row.undone_at, row.undone_by_id, row.erase_at, row.standing_key = now, by.id, None, None
        row.entry_ids = [*row.entry_ids, entry.id]
        if row.replied_at is not None and row.reply_settled_at is None:
            row.reply_settled_at = now
        await row.save()
        await _tell(target, f"/moderation/{row.public_id}?undone", now=now)
    return row


async def erase_deleted(*, now: datetime, limit: int = 100) -> int:
    """Erase for good what moderators deleted longer ago than the time for undoing; return how many."""
    due = await ModerationAct.filter(erase_at__lte=now).order_by("erase_at").limit(limit)
    for row in due:
        async with atomic():
            await moderated_things.erase(row.object_uri, row.object_kind, now=now)
            await ModerationAct.filter(id=row.id).update(erase_at=None, before={"erased": True})
    return len(due)


async def subject_of(uri: str) -> tuple[Actor, Known | None]:
    """Return who is behind a thing and the thing, or the account itself.

    Raises:
        NotFound: neither is here.
    """
    thing = await objects.find(uri)
    if thing is not None:
        return await responsible(thing), thing
    actor = await Actor.get_or_none(uri=uri)
    if actor is None or actor.state is ActorState.GONE:
        raise NotFound(f"nothing at {uri[:200]}")
    return actor, None


def _checked(wanted: Act) -> str:
    reason = wanted.reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": too_long(LONGEST_REASON)})
    if not reason and wanted.reason_code is Concern.OTHER:
        raise Invalid({"reason": _("Say in a few words what is wrong.")})
    return reason


def _require_fitting(kind: ActKind, target: Actor, thing: Known | None) -> None:
    if (kind in ABOUT_THINGS and thing is None) or (kind in ABOUT_ACCOUNTS and thing is not None):
        raise Invalid({"kind": _("This can't be done here. Choose something else.")})
    is_of_the_node = target.is_local and target.kind is not ActorKind.PERSON
    if is_of_the_node and kind not in ABOUT_THINGS:
        raise Invalid({"kind": _("This account belongs to the network itself.")})
    if kind is ActKind.WARN and not target.is_local:
        raise Invalid({"kind": _("Only members of this node can be warned; the report can go to their server.")})


async def _begun(wanted: Act, columns: Columns, *, by: Member, now: datetime) -> ModerationAct:
    """Write the act down; of two moderators who do the same at once, one does."""
    about = f"{wanted.kind} {columns['target_id']} {columns['object_uri']}"
    try:
        async with atomic():
            return await ModerationAct.create(
                **columns,
                public_id=public_id(now),
                kind=wanted.kind,
                reason_code=wanted.reason_code,
                by_member_id=by.id,
                created_at=now,
                erase_at=now + GRACE if wanted.kind is ActKind.DELETE else None,
                standing_key=None if wanted.kind is ActKind.WARN else about,
            )
    except IntegrityError:
        raise Conflict("this was done already") from None


async def _apply(row: ModerationAct, target: Actor, warning: str, *, by: Member, now: datetime) -> dict[str, object]:
    """Make an act true; return what undoing has to know."""
    match row.kind:
        case ActKind.MARK:
            thing = await moderated_things.row_of(row.object_uri, row.object_kind)
            return await moderated_things.mark(thing, warning, by_member_id=by.id, now=now)
        case ActKind.HIDE | ActKind.DELETE:
            thing = await moderated_things.row_of(row.object_uri, row.object_kind)
            is_kept = row.kind is ActKind.HIDE
            await moderated_things.take_away(thing, is_kept=is_kept, by_member_id=by.id, now=now)
        case ActKind.LIMIT:
            await Actor.filter(id=target.id).update(limited_at=now)
        case ActKind.SUSPEND:
            await _suspend(target, by=by, now=now)
        case ActKind.WARN:
            pass
    return {}


async def _revert(row: ModerationAct, target: Actor, *, by: Member, registry: Registry, now: datetime) -> None:
    match row.kind:
        case ActKind.MARK:
            thing = await moderated_things.row_of(row.object_uri, row.object_kind)
            await moderated_things.unmark(thing, row.before, by_member_id=by.id, now=now)
        case ActKind.HIDE | ActKind.DELETE:
            thing = await moderated_things.row_of(row.object_uri, row.object_kind)
            await moderated_things.bring_back(thing, by_member_id=by.id, now=now)
        case ActKind.LIMIT:
            await Actor.filter(id=target.id).update(limited_at=None)
        case ActKind.SUSPEND:
            await _lift(target, by=by, registry=registry, now=now)
        case ActKind.WARN:
            pass


async def _suspend(target: Actor, *, by: Member, now: datetime) -> None:
    if not target.is_local:
        await suspensions.suspend(target, now=now)
        return
    member = await Member.get(actor_id=target.id)
    await members.set_state(member, MemberState.DISABLED, by=by, now=now)
    await Actor.filter(id=target.id).update(suspended_at=now)


async def _lift(target: Actor, *, by: Member, registry: Registry, now: datetime) -> None:
    if target.is_local:
        member = await Member.get(actor_id=target.id)
        await members.set_state(member, MemberState.ACTIVE, by=by, now=now)
        return
    decision = decide(target.host, await registry.read(), now=now)
    may_follow = decision.grants.follow is not FollowGrant.NONE
    await suspensions.lift(target, is_admitted=decision.is_admitted, may_follow=may_follow)


async def _tell(target: Actor, path: str, *, now: datetime) -> None:
    """Tell a member what was decided; it comes from the node, not from the moderator by name."""
    if target.is_local:
        node = await actors.node_actor()
        await notices.tell_member(target.id, NotificationKind.MODERATION, node, path=path, now=now)
