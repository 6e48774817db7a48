"""Leaving for good: what goes, what stays, and the one form that does it."""

from quart import Quart, Response

from node.community import own_account
from node.errors import Invalid
from node.i18n import mark as _
from web.context import here
from web.forms import Form, blank, posted
from web.proof import proven
from web.rendering import forget_cookie, go, render
from web.who import me

PATH = "/settings/leave"
LAST_STEWARD = _("You are the only steward. Make somebody else steward first, then leave.")


async def show() -> Response:
    """Say what happens, and ask."""
    return await _page(blank())


@proven
async def leave() -> Response:
    """Close the account and erase what is the member's own; they are signed out everywhere."""
    form = await posted()
    if not form.ticked("sure"):
        form.error("sure", _("Tick this if you are sure."))
        return await _page(form, status=422)
    try:
        await own_account.leave(me().member, now=here().now)
    except Invalid:
        form.error("", LAST_STEWARD)
        return await _page(form, status=422)
    response = go("/", notice="left")
    forget_cookie(response, here(), "session")
    return response


async def _page(form: Form, *, status: int = 200) -> Response:
    actor = me().member.actor
    return await render("leave.html", status=status, form=form, handle=f"@{actor.name}@{actor.host}", name=actor.name)


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "settings_leave.show", show, methods=["GET"])
    app.add_url_rule(PATH, "settings_leave.leave", leave, methods=["POST"])
