"""What moderators decided, for those whom it concerns: the member, the reporter; and the log for everybody."""

from quart import Quart, Response

from node.community import modlog
from node.errors import Invalid
from node.i18n import gettext
from web.context import here
from web.forms import Form, blank, posted
from web.reader import before, older_path
from web.rendering import go, render
from web.shown.moderation import CONCERNS, DONE, OBJECTS, TONES, public_act_shown
from web.who import me


async def log() -> Response:
    """Show what moderators did, to everybody."""
    found = await modlog.public(before=before())
    acts = [public_act_shown(each) for each in found.items]
    return await render("modlog.html", acts=acts, older=older_path(found.next))


async def decision(public_id: str) -> Response:
    """Show a member what was decided about them, and let them answer.

    Raises:
        NotFound: nothing of the kind about this member.
    """
    return await _page(blank(), public_id)


async def reply(public_id: str) -> Response:
    """Take a member's answer; raises like `decision`, and Conflict for a second one."""
    form = await posted()
    text = form.text("reply", required=True, longest=modlog.LONGEST_REPLY)
    if not form.errors:
        try:
            await modlog.reply(me().member, public_id, text, now=here().now)
            return go(f"/moderation/{public_id}", notice="reply-sent")
        except Invalid as invalid:
            form.take(invalid)
    return await _page(form, public_id, status=422)


async def own_report(public_id: str) -> Response:
    """Show a member what came of their report.

    Raises:
        NotFound: none of theirs.
    """
    found = await modlog.own_report(me().member, public_id)
    return await render("own_report.html", report=found, concern=gettext(CONCERNS[found.category]))


async def _page(form: Form, public_id: str, *, status: int = 200) -> Response:
    act = await modlog.about(me().member, public_id)
    return await render(
        "decision.html",
        status=status,
        form=form,
        act=act,
        done=gettext(DONE[act.kind]),
        tone=TONES[act.kind],
        what=gettext(OBJECTS.get(act.object_kind, "")),
        concern=gettext(CONCERNS[act.reason_code]),
        longest=modlog.LONGEST_REPLY,
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/about/moderation", "decisions.log", log, methods=["GET"])
    app.add_url_rule("/moderation/<public_id>", "decisions.decision", decision, methods=["GET"])
    app.add_url_rule("/moderation/<public_id>/reply", "decisions.reply", reply, methods=["POST"])
    app.add_url_rule("/reports/<public_id>", "decisions.own_report", own_report, methods=["GET"])
