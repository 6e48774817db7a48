"""Taking an invitation: looking at it changes nothing, the form makes the account (T-55)."""

from dataclasses import dataclass

from quart import Quart, Response, request

from node.community import actor_keys, links, members, sessions
from node.community.kinds import LinkPurpose
from node.community.members import NewMember
from node.errors import Conflict, Invalid, NotFound
from node.i18n import dates
from node.i18n import mark as _
from web.context import here
from web.forms import Form, blank, posted
from web.rendering import forget_cookie, go, render, set_cookie
from web.who import base

LONGEST_NAME = 30
LONGEST_DISPLAY_NAME = 120


@dataclass(frozen=True, slots=True)
class InvitationShown:
    """What the page says of an invitation."""

    role: str
    email: str
    invited_by: str


async def show(token: str) -> Response:
    """Show what is offered and the form that takes it.

    Raises:
        NotFound: there is no such invitation.
        Spent: it was taken, withdrawn, or ran out.
    """
    shown = await _look(token)
    return await _page(token, shown, blank(language=here().translator.locale))


async def accept(token: str) -> Response:
    """Make the account and sign in; of many posts at once exactly one works.

    Raises:
        NotFound, Spent: as `show`.
    """
    shown = await _look(token)
    form = await posted()
    new = _draft(form, shown)
    if form.errors:
        _take_the_rest(form, new)
        return await _page(token, shown, form, status=422)
    now_here = here()
    try:
        member = await members.accept_invitation(token, new, base=base(), now=now_here.now)
    except Invalid as invalid:
        form.take(invalid)
    except Conflict:
        form.error("email", _("This address has an account here already. Sign in with it, or use another."))
    if form.errors:
        return await _page(token, shown, form, status=422)
    await actor_keys.add_keys(member.actor, secret_key=now_here.settings.secret_key, now=now_here.now)
    return await _entered(await sessions.start(member, agent=_agent(), now=now_here.now))


def _draft(form: Form, shown: InvitationShown) -> NewMember:
    settings = here().settings
    email = shown.email or form.text("email", longest=254)
    password = form.value("password")
    if not password and not (email and settings.mail_url):
        form.error("password", _("Choose a password: without it you could not come back. A short sentence is best."))
    return NewMember(
        name=form.text("name", required=True, longest=LONGEST_NAME).lower(),
        display_name=form.text("display_name", required=True, longest=LONGEST_DISPLAY_NAME),
        email=email or None,
        password=password or None,
        locale=form.choice("language", settings.languages, otherwise=here().translator.locale),
    )


def _take_the_rest(form: Form, new: NewMember) -> None:
    """Say at once what would be said only after the next try."""
    try:
        members.require_good(new)
    except Invalid as invalid:
        form.take(invalid)


async def _look(token: str) -> InvitationShown:
    link = await links.look(token, LinkPurpose.INVITATION, now=here().now)
    inviter = ""
    if link.made_by_id is not None:
        try:
            inviter = (await members.by_id(link.made_by_id)).actor.display_name
        except NotFound:
            inviter = ""
    return InvitationShown(role=link.role.value if link.role else "member", email=link.email or "", invited_by=inviter)


async def _page(token: str, shown: InvitationShown, form: Form, *, status: int = 200) -> Response:
    languages = [(tag, dates.own_name(tag)) for tag in here().settings.languages]
    response = await render(
        "join.html", status=status, token=token, invitation=shown, form=form, language_options=languages
    )
    response.headers["referrer-policy"] = "no-referrer"
    response.headers["cache-control"] = "no-store"
    return response


async def _entered(secret: str) -> Response:
    now_here = here()
    now_here.session = await sessions.find(secret, now=now_here.now)
    response = go("/welcome", notice="joined")
    now_here.is_new_visitor = False
    set_cookie(response, now_here, "session", secret)
    forget_cookie(response, now_here, "visitor")
    return response


def _agent() -> str:
    return request.headers.get("user-agent", "")


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/join/<token>", "join.show", show, methods=["GET"])
    app.add_url_rule("/join/<token>", "join.accept", accept, methods=["POST"])
