"""The moderators' desk: what is to be done today, in one screen, the oldest first."""

from quart import Quart, Response

from inbox import backlog as incoming
from node.community import desk, work
from node.community.kinds import ReportState
from outbox import backlog as outgoing
from web.admin.words import job_name, state_name
from web.context import here
from web.rendering import go, render
from web.shown.moderation import reply_shown, report_shown
from web.who import me

PATH = "/admin/desk"
DEAD_SHOWN = 10


async def show() -> Response:
    """Show what waits for this member of the staff."""
    member, now = me().member, here().now
    is_admin = here().may("FEDERATION_ADMIN")
    dead_received = (await incoming.given_up()) if is_admin else ()
    dead_jobs = (await work.given_up()) if is_admin else ()
    lost = (await outgoing.not_arrived()) if is_admin else ()
    return await render(
        "admin/desk.html",
        counts=await desk.counts(member, now=now),
        reports=[report_shown(each) for each in await desk.reports(member)],
        replies=[reply_shown(each) for each in await desk.replies(member)],
        is_admin=is_admin,
        dead_received=dead_received[::-1][:DEAD_SHOWN],
        dead_jobs=[(each, job_name(each.kind)) for each in dead_jobs[::-1][:DEAD_SHOWN]],
        dead=len(dead_received) + len(dead_jobs),
        lost=[(each, state_name(each.state)) for each in lost[:3]],
    )


async def closed() -> Response:
    """Show the reports that were closed last."""
    member = me().member
    found = [
        *await desk.reports(member, state=ReportState.RESOLVED),
        *await desk.reports(member, state=ReportState.REJECTED),
    ]
    latest = sorted(found, key=lambda line: line.created_at, reverse=True)
    return await render("admin/reports.html", reports=[report_shown(each) for each in latest])


async def settle(public_id: str) -> Response:
    """Note that a member's answer was read and the act stays.

    Raises:
        NotFound: nobody answered to that.
    """
    await desk.settle_reply(public_id, by=me().member, now=here().now)
    return go(PATH, notice="saved")


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "admin.desk", show, methods=["GET"])
    app.add_url_rule("/admin/reports", "admin.reports", closed, methods=["GET"])
    app.add_url_rule("/admin/moderation/<public_id>/settle", "admin.settle_reply", settle, methods=["POST"])
