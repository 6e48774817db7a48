"""What reports and acts of moderators are called. Data only, marked for translation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from node.community.desk import ReplyLine, ReportLine
from node.community.kinds import ActKind, Concern, ReportState
from node.community.modlog import PublicAct
from node.community.report_pages import ActLine
from node.i18n import gettext
from node.i18n import mark as _
from web.shown.people import PersonShown, person

CONCERNS: Mapping[Concern, str] = {
    Concern.SPAM: _("Spam or advertising"),
    Concern.HARASSMENT: _("Harassment or hate"),
    Concern.ILLEGAL_CONTENT: _("Illegal content"),
    Concern.IMPERSONATION: _("Pretends to be somebody else"),
    Concern.DATA_PROTECTION: _("Private data of somebody"),
    Concern.RULES: _("Against the rules of this network"),
    Concern.OTHER: _("Something else"),
}
DO: Mapping[ActKind, str] = {
    ActKind.WARN: _("Warn the person: they are told, nothing else changes"),
    ActKind.MARK: _("Put a content warning on the post"),
    ActKind.HIDE: _("Hide it: withdrawn from view, kept, can come back at any time"),
    ActKind.DELETE: _("Delete it: can be undone for 30 days, then it is erased"),
    ActKind.LIMIT: _("Limit the account: only its followers meet it in lists and notices"),
    ActKind.SUSPEND: _("Suspend the account: signed out, hidden, can't come in"),
}
DONE: Mapping[ActKind, str] = {
    ActKind.WARN: _("Warned"),
    ActKind.MARK: _("Content warning added"),
    ActKind.HIDE: _("Hidden"),
    ActKind.DELETE: _("Deleted"),
    ActKind.LIMIT: _("Limited"),
    ActKind.SUSPEND: _("Suspended"),
}
TONES: Mapping[ActKind, str] = {
    ActKind.WARN: "info",
    ActKind.MARK: "info",
    ActKind.HIDE: "wait",
    ActKind.DELETE: "stop",
    ActKind.LIMIT: "wait",
    ActKind.SUSPEND: "stop",
}
OBJECTS: Mapping[str, str] = {
    "post": _("a post"),
    "practice": _("a practice record"),
    "event": _("an event"),
    "": _("an account"),
}
STATES: Mapping[ReportState, str] = {
    ReportState.OPEN: _("Open"),
    ReportState.RESOLVED: _("Resolved"),
    ReportState.REJECTED: _("Dismissed"),
}
ORIGINS: Mapping[str, str] = {
    "member": _("reported by a member"),
    "visitor": _("reported by a visitor"),
    "server": _("reported from another server"),
}


@dataclass(frozen=True, slots=True)
class ReportShown:
    """One report in a list."""

    path: str
    concern: str
    state: str
    is_open: bool
    text: str
    target: PersonShown | None
    objects: int
    origin: str
    host: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ActShown:
    """One act in a list; `what` says what it was about."""

    public_id: str
    done: str
    tone: str
    what: str
    who: PersonShown | None
    concern: str
    reason: str
    by: str
    at: datetime
    undone_at: datetime | None
    can_be_undone: bool
    reply: str


@dataclass(frozen=True, slots=True)
class ReplyShown:
    """An answer of a member that a moderator has to read."""

    public_id: str
    done: str
    tone: str
    who: PersonShown | None
    reply: str
    at: datetime


def concerns() -> list[tuple[str, str]]:
    """Return the reasons to choose from."""
    return [(each.value, gettext(text)) for each, text in CONCERNS.items()]


def report_shown(line: ReportLine) -> ReportShown:
    """Return a report as lists show it."""
    return ReportShown(
        path=f"/admin/reports/{line.public_id}",
        concern=gettext(CONCERNS[line.category]),
        state=gettext(STATES[line.state]),
        is_open=line.state is ReportState.OPEN,
        text=line.text,
        target=person(line.target) if line.target else None,
        objects=line.objects,
        origin=gettext(ORIGINS[line.origin]),
        host=line.host,
        at=line.created_at,
    )


def act_shown(line: ActLine) -> ActShown:
    """Return an act as moderators see it."""
    return ActShown(
        public_id=line.public_id,
        done=gettext(DONE[line.kind]),
        tone=TONES[line.kind],
        what=gettext(OBJECTS.get(line.object_kind, "")),
        who=None,
        concern=gettext(CONCERNS[line.reason_code]),
        reason=line.reason,
        by=line.by,
        at=line.at,
        undone_at=line.undone_at,
        can_be_undone=line.can_be_undone,
        reply=line.reply,
    )


def public_act_shown(line: PublicAct) -> ActShown:
    """Return an act as everybody sees it."""
    return ActShown(
        public_id="",
        done=gettext(DONE[line.kind]),
        tone=TONES[line.kind],
        what=gettext(OBJECTS.get(line.object_kind, "")),
        who=person(line.who) if line.who else None,
        concern=gettext(CONCERNS[line.reason_code]),
        reason=line.reason,
        by="",
        at=line.at,
        undone_at=line.undone_at,
        can_be_undone=False,
        reply="",
    )


def reply_shown(line: ReplyLine) -> ReplyShown:
    """Return a member's answer as the desk shows it."""
    who = person(line.target) if line.target else None
    return ReplyShown(line.public_id, gettext(DONE[line.kind]), TONES[line.kind], who, line.reply, line.replied_at)
