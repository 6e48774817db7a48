"""Members, as those who run the node see them: roles, disabling, a sign-in link to hand over."""

from dataclasses import dataclass
from datetime import datetime

from quart import Quart, Response

from node.community import links, members
from node.community.kinds import LinkPurpose, MemberState, Role
from node.errors import Invalid, NotAllowed
from node.i18n import gettext
from node.i18n import mark as _
from web import choices
from web.admin.words import MEMBER_STATES
from web.context import here
from web.forms import Form, posted
from web.proof import proven
from web.rendering import go, render
from web.who import base, me

PATH = "/admin/members"
ABOVE = _("Nobody changes somebody whose role is above their own.")


@dataclass(frozen=True, slots=True)
class MemberShown:
    """One member in the list."""

    name: str
    display_name: str
    email: str
    role: str
    role_name: str
    state_name: str
    is_active: bool
    has_left: bool
    joined_at: datetime


async def show(form: Form | None = None, *, status: int = 200) -> Response:
    """Show all members."""
    rows = await members.listing()
    shown = [
        MemberShown(
            name=row.actor.name,
            display_name=row.actor.display_name,
            email=row.email or "",
            role=row.role.value,
            role_name=choices.role_name(row.role),
            state_name=gettext(MEMBER_STATES[row.state]),
            is_active=row.state is MemberState.ACTIVE,
            has_left=row.state is MemberState.LEFT,
            joined_at=row.created_at,
        )
        for row in rows
    ]
    options = choices.roles(me().member.role)
    return await render("admin/members.html", status=status, form=form, members=shown, role_options=options)


@proven
async def set_role(name: str) -> Response:
    """Give a member another role; their sessions end (T-51).

    Raises:
        NotFound: nobody has this name.
    """
    form = await posted()
    member = await members.by_name(name)
    role = form.choice("role", [each.value for each in Role])
    if not form.errors:
        try:
            await members.set_role(member, Role(role), by=me().member, now=here().now)
            return go(PATH, notice="saved")
        except NotAllowed:
            form.error("", ABOVE)
        except Invalid as invalid:
            form.take(invalid)
    return await show(form, status=422)


@proven
async def set_state(name: str) -> Response:
    """Disable an account, or enable it again; a disabled one is signed out at once.

    Raises:
        NotFound: nobody has this name.
    """
    form = await posted()
    member = await members.by_name(name)
    state = form.choice("state", (MemberState.ACTIVE.value, MemberState.DISABLED.value))
    if not form.errors and member.state is not MemberState.LEFT:
        try:
            await members.set_state(member, MemberState(state), by=me().member, now=here().now)
            return go(PATH, notice="saved")
        except NotAllowed:
            form.error("", ABOVE)
        except Invalid as invalid:
            form.take(invalid)
    return await show(form, status=422)


@proven
async def make_link(name: str) -> Response:
    """Make a sign-in link for a member who can't get in; it is shown once, to be handed over.

    Raises:
        NotFound: nobody has this name.
    """
    form = await posted()
    member = await members.by_name(name)
    if member.state is not MemberState.ACTIVE:
        form.error("", _("This account is not active: enable it first."))
        return await show(form, status=422)
    secret = await links.make_for(member, LinkPurpose.SIGN_IN, now=here().now)
    minutes = int(links.LIFETIMES[LinkPurpose.SIGN_IN].total_seconds() // 60)
    response = await render(
        "admin/link.html", url=f"{base()}/sign-in/link/{secret}", name=member.actor.name, minutes=minutes, days=0
    )
    response.headers["referrer-policy"] = "no-referrer"
    return response


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "admin.members", show, methods=["GET"])
    app.add_url_rule(f"{PATH}/<name>/role", "admin.set_role", set_role, methods=["POST"])
    app.add_url_rule(f"{PATH}/<name>/state", "admin.set_state", set_state, methods=["POST"])
    app.add_url_rule(f"{PATH}/<name>/link", "admin.make_link", make_link, methods=["POST"])
