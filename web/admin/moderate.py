"""Deciding about a report, a thing or an account; undoing what was decided."""

from quart import Quart, Response, request

from node.community import desk, moderation, report_decisions, report_pages
from node.community.kinds import ActKind, Concern, ReportState
from node.community.mixing import show_things
from node.community.moderation import LONGEST_REASON, LONGEST_WARNING, STRONG, Act
from node.community.report_decisions import Decision
from node.community.report_pages import ReportPage
from node.errors import Conflict, Invalid, NotAllowed
from node.i18n import gettext
from node.i18n import mark as _
from web import choices
from web.context import here
from web.forms import Form, blank, posted
from web.proof import proven
from web.reader import reader
from web.rendering import go, render
from web.security import safe_path
from web.shown.lists import ItemShown, thing_shown
from web.shown.moderation import DO, act_shown, concerns, report_shown
from web.shown.people import person
from web.who import me, registry

DESK = "/admin/desk"
NOTHING, DISMISS = "none", "dismiss"
ABOVE = _("Nobody decides about themselves or about somebody with a higher role.")
DONE_ALREADY = _("Somebody did that already, or it can't be done any more.")
LONGEST_URI = 2048
_STRONG = frozenset(each.value for each in STRONG)


async def report(public_id: str) -> Response:
    """Show a report with its context.

    Raises:
        NotFound: no such report, or it is about this moderator.
    """
    found = await report_pages.page(public_id, me().member)
    return await _report_page(blank(close="1", reason_code=found.line.category.value), public_id)


async def decide(public_id: str) -> Response:
    """Do what the moderator decided about a report; the strong acts want a fresh proof."""
    form = await posted()
    return await (_decide_proven(public_id) if form.value("kind") in _STRONG else _decide(public_id))


async def reopen(public_id: str) -> Response:
    """Open a closed report again; raises like `report`."""
    await desk.close(public_id, ReportState.OPEN, by=me().member, now=here().now)
    return go(f"/admin/reports/{public_id}", notice="saved")


async def answer(public_id: str) -> Response:
    """Tell the reporter what came of it; raises like `report`."""
    form = await posted()
    try:
        await desk.answer(public_id, form.text("answer", longest=desk.LONGEST_ANSWER), by=me().member, now=here().now)
        return go(f"/admin/reports/{public_id}", notice="reporter-told")
    except Invalid as invalid:
        form.take(invalid)
    except Conflict:
        form.error("", DONE_ALREADY)
    return await _report_page(form, public_id, status=422)


async def subject() -> Response:
    """Show what can be done about a thing or an account without a report.

    Raises:
        NotFound: it is not here.
    """
    return await _subject_page(blank(), request.args.get("uri", ""))


async def act() -> Response:
    """Do something about a thing or an account; raises like `subject`."""
    form = await posted()
    return await (_act_proven() if form.value("kind") in _STRONG else _act())


async def undo(public_id: str) -> Response:
    """Take an act back.

    Raises:
        NotFound: no such act.
        NotAllowed: about this person this moderator does not decide.
        Conflict: taken back before, or too late.
    """
    form = await posted()
    await moderation.undo(public_id, by=me().member, registry=registry(), now=here().now)
    settings = here().settings
    target = safe_path(form.value("next"), public_url=settings.public_url, relaxed=settings.development)
    return go(target if target != "/" else DESK, notice="act-undone")


async def _decide(public_id: str) -> Response:
    form = await posted()
    kind = form.choice("kind", [*(each.value for each in ActKind), NOTHING, DISMISS])
    wanted = _wanted(form, public_id) if kind not in {NOTHING, DISMISS, ""} else None
    told = form.text("answer", longest=desk.LONGEST_ANSWER)
    if form.errors:
        return await _report_page(form, public_id, status=422)
    state = ReportState.REJECTED if kind == DISMISS else ReportState.RESOLVED
    state = state if wanted is None or form.ticked("close") else ReportState.OPEN
    try:
        await report_decisions.decide(public_id, Decision(wanted, state, told), by=me().member, now=here().now)
        return go(DESK, notice="report-decided")
    except Invalid as invalid:
        form.take(invalid)
    except NotAllowed:
        form.error("", ABOVE)
    except Conflict:
        form.error("", DONE_ALREADY)
    return await _report_page(form, public_id, status=422)


async def _act() -> Response:
    form = await posted()
    wanted = _wanted(form, "")
    if form.errors or wanted is None:
        return await _subject_page(form, form.value("uri"), status=422)
    try:
        await moderation.act(wanted, by=me().member, now=here().now)
        return go(DESK, notice="act-done")
    except Invalid as invalid:
        form.take(invalid)
    except NotAllowed:
        form.error("", ABOVE)
    except Conflict:
        form.error("", DONE_ALREADY)
    return await _subject_page(form, form.value("uri"), status=422)


_decide_proven = proven(_decide)
_act_proven = proven(_act)


def _wanted(form: Form, public_id: str) -> Act | None:
    kind = form.choice("kind", [each.value for each in ActKind])
    code = form.choice("reason_code", [each.value for each in Concern])
    reason = form.text("reason", longest=LONGEST_REASON)
    warning = form.text("warning", longest=LONGEST_WARNING)
    uri = form.text("uri", required=True, longest=LONGEST_URI)
    if form.errors:
        return None
    return Act(kind=ActKind(kind), uri=uri, reason_code=Concern(code), reason=reason, warning=warning, report=public_id)


async def _report_page(form: Form, public_id: str, *, status: int = 200) -> Response:
    found = await report_pages.page(public_id, me().member)
    return await render(
        "admin/report.html",
        status=status,
        form=form,
        public_id=public_id,
        report=report_shown(found.line),
        page=found,
        reporter=person(found.reporter) if found.reporter else None,
        who=person(found.subject.actor) if found.subject else None,
        role=choices.role_name(found.subject.role) if found.subject and found.subject.role else "",
        things=[(thing_shown(each.thing), _around(each), each.is_withdrawn) for each in found.things],
        about_options=_about(found),
        kind_options=_kinds(found),
        concern_options=concerns(),
        earlier=[report_shown(each) for each in found.earlier],
        acts=[act_shown(each) for each in found.acts],
        longest=LONGEST_REASON,
    )


def _around(each: report_pages.ReportedThing) -> ItemShown | None:
    return thing_shown(each.answers) if each.answers else None


def _about(found: ReportPage) -> list[tuple[str, str]]:
    """Return what the act may be about: each thing, and the account."""
    things = [
        (each.thing.uri, gettext(_("What was reported (%(number)s)"), number=number))
        for number, each in enumerate(found.things, start=1)
    ]
    if found.subject is None:
        return things
    actor = found.subject.actor
    return [*things, (actor.uri, gettext(_("The account %(handle)s"), handle=actor.handle))]


def _kinds(found: ReportPage) -> list[tuple[str, str]]:
    acts = [(each.value, gettext(text)) for each, text in DO.items() if found.subject is not None]
    return [
        *acts,
        (NOTHING, gettext(_("Nothing more to do: close it as resolved"))),
        (DISMISS, gettext(_("Dismiss it: nothing is wrong here"))),
    ]


async def _subject_page(form: Form, uri: str, *, status: int = 200) -> Response:
    target, thing = await moderation.subject_of(uri)
    found = await show_things([uri], await reader()) if thing else {}
    standing = await report_pages.subject_of(target)
    fitting = [
        (each.value, gettext(text))
        for each, text in DO.items()
        if (each not in moderation.ABOUT_ACCOUNTS if thing else each not in moderation.ABOUT_THINGS)
    ]
    return await render(
        "admin/moderate.html",
        status=status,
        form=form,
        uri=uri,
        who=person(standing.actor),
        standing=standing,
        items=[thing_shown(each) for each in found.values()],
        kind_options=fitting,
        concern_options=concerns(),
        acts=[act_shown(each) for each in await report_pages.acts_about(target.id)],
        longest=LONGEST_REASON,
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/admin/reports/<public_id>", "admin.report", report, methods=["GET"])
    app.add_url_rule("/admin/reports/<public_id>/decide", "admin.decide_report", decide, methods=["POST"])
    app.add_url_rule("/admin/reports/<public_id>/reopen", "admin.reopen_report", reopen, methods=["POST"])
    app.add_url_rule("/admin/reports/<public_id>/answer", "admin.answer_report", answer, methods=["POST"])
    app.add_url_rule("/admin/moderate", "admin.moderate", subject, methods=["GET"])
    app.add_url_rule("/admin/moderate", "admin.act", act, methods=["POST"])
    app.add_url_rule("/admin/moderation/<public_id>/undo", "admin.undo_act", undo, methods=["POST"])
