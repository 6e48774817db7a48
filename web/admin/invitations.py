"""Inviting people: a link to copy, mailed too where the node has mail."""

from datetime import datetime

from quart import Quart, Response

from node.community import links
from node.community.kinds import LinkPurpose, Role
from node.community.sessions import hashed
from node.errors import Invalid, NotFound, TooMany
from node.i18n import translator
from node.mail.letters import invitation_letter
from node.mail.message import Sender
from node.mail.queue import Addressed, post
from node.text.address import parse_address
from web import choices
from web.context import here
from web.forms import Form, blank, posted
from web.proof import proven
from web.rendering import go, render
from web.who import base, me

PATH = "/admin/invitations"


async def show(form: Form | None = None, *, status: int = 200) -> Response:
    """Show the form and the invitations that nobody has taken yet."""
    rows = await links.open_invitations(now=here().now)
    waiting: list[tuple[int, str, str, datetime]] = [
        (row.id, choices.role_name(row.role or Role.MEMBER), row.email or "", row.expires_at) for row in rows
    ]
    return await render(
        "admin/invitations.html",
        status=status,
        form=form or blank(role=Role.MEMBER.value),
        waiting=waiting,
        role_options=choices.roles(me().member.role),
    )


@proven
async def invite() -> Response:
    """Make an invitation; its link is shown once and mailed if there is an address and a way to mail."""
    form = await posted()
    role = form.choice("role", [each.value for each in Role], otherwise=Role.MEMBER.value)
    email = form.text("email", longest=254)
    if form.errors:
        return await show(form, status=422)
    member, now = me().member, here().now
    try:
        address = parse_address(email) if email else None
        secret = await links.invite(by=member, role=Role(role), email=address, now=now)
    except Invalid as invalid:
        form.take(invalid)
        return await show(form, status=422)
    url = f"{base()}/join/{secret}"
    is_mailed = address is not None and await _mailed(address, url, secret)
    days = links.LIFETIMES[LinkPurpose.INVITATION].days
    response = await render(
        "admin/link.html", url=url, name="", minutes=0, days=days, mailed=address if is_mailed else ""
    )
    response.headers["referrer-policy"] = "no-referrer"
    return response


async def withdraw(link_id: str) -> Response:
    """Make an invitation useless.

    Raises:
        NotFound: none waits under this number.
    """
    standing = {str(row.id) for row in await links.open_invitations(now=here().now)}
    if link_id not in standing:
        raise NotFound("no such invitation")
    await links.withdraw_invitation(int(link_id), now=here().now)
    return go(PATH, notice="withdrawn")


async def _mailed(address: str, url: str, secret: str) -> bool:
    """Queue the letter; tell whether it is on its way."""
    now_here = here()
    surroundings = now_here.house.surroundings
    if surroundings.mailer is None:
        return False
    sender = Sender(now_here.title, now_here.settings.mail_from)
    letter = invitation_letter(
        translator(now_here.translator.locale),
        network=now_here.title,
        inviter=me().member.actor.display_name,
        url=url,
        days=links.LIFETIMES[LinkPurpose.INVITATION].days,
    )
    try:
        await post(Addressed(letter, address, "invitation", hashed(secret)), sender=sender, now=now_here.now)
    except TooMany:
        return False
    return True


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "admin.invitations", show, methods=["GET"])
    app.add_url_rule(PATH, "admin.invite", invite, methods=["POST"])
    app.add_url_rule(f"{PATH}/<link_id>/withdraw", "admin.withdraw_invitation", withdraw, methods=["POST"])
