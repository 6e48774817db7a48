"""Signing in with a password or a mailed link, and signing out."""

from quart import Quart, Response, request

from node.community import links, members, sessions
from node.community.kinds import LinkPurpose
from node.i18n import mark as _
from web.context import Here, here
from web.forms import Form, blank, posted
from web.forms.posted import KEPT_FIELD
from web.keeping import packed, unpacked
from web.rendering import forget_cookie, go, render, set_cookie
from web.security import safe_path


async def show() -> Response:
    """Show the form, or go on where somebody is signed in already."""
    if here().session is not None:
        return go("/")
    return await _page(blank(next=request.args.get("next", "/home")))


async def sign_in() -> Response:
    """Sign in with name and password.

    Raises:
        TooMany: too many tries for this account or from this address.
    """
    now_here = here()
    form = await posted()
    name = form.text("name", required=True)
    password = form.value("password")
    if not password:
        form.error("password", _("Please fill this in."))
    if form.errors:
        return await _page(form, status=422)
    account = f"name:{name.lower().removeprefix('@')}"
    now_here.house.address_tries.hit(now_here.address, now=now_here.now)
    now_here.house.account_tries.hit(account, now_here.address, now=now_here.now)
    member = await members.sign_in(name, password)
    if member is None:
        form.error("", _("Name and password do not fit together. Check both, or let us mail you a link."))
        return await _page(form, status=422)
    now_here.house.account_tries.forget(account, now_here.address)
    return await _entered(await sessions.start(member, agent=_agent(), now=now_here.now), form)


async def ask_link() -> Response:
    """Mail a sign-in link; the answer is the same for every address (T-53)."""
    now_here = here()
    form = await posted()
    email = form.text("email", required=True, longest=254)
    if form.errors:
        return await _page(form, status=422)
    now_here.house.address_tries.hit(now_here.address, now=now_here.now)
    now_here.house.link_tries.hit(email.lower(), now=now_here.now)
    await now_here.house.doors.mail_sign_in_link(email)
    return go("/sign-in", notice="link-sent")


async def show_link(token: str) -> Response:
    """Show the button that uses a link: mail scanners open links, they press no buttons (T-55).

    Raises:
        NotFound: there is no such link.
        Spent: it was used or ran out.
    """
    await links.look(token, LinkPurpose.SIGN_IN, now=here().now)
    response = await render("sign_in_link.html")
    response.headers["referrer-policy"] = "no-referrer"
    response.headers["cache-control"] = "no-store"
    return response


async def use_link(token: str) -> Response:
    """Use a link up and sign its owner in.

    Raises:
        NotFound, Spent: as `show_link`; of many posts at once exactly one works.
    """
    now = here().now
    link = await links.use(token, LinkPurpose.SIGN_IN, now=now)
    member = await members.by_id(link.member_id or 0)
    first = "/home" if member.welcome_hidden else "/welcome"
    return await _entered(await sessions.start(member, agent=_agent(), now=now), blank(next=first))


async def sign_out() -> Response:
    """End this session."""
    now_here = here()
    if now_here.session is not None:
        await sessions.end(now_here.session.session_id, member=now_here.session.member)
    response = go("/", notice="signed-out")
    forget_cookie(response, now_here, "session")
    return response


async def _entered(secret: str, form: Form) -> Response:
    """Give the cookie of a new session, and the text back that an expired session held up (W6)."""
    now_here = here()
    target = _target(now_here, form)
    kept = unpacked(form.value(KEPT_FIELD))
    now_here.session = await sessions.find(secret, now=now_here.now)
    response = await render("kept.html", action=target, kept=kept, reason="") if kept else go(target)
    now_here.is_new_visitor = False
    set_cookie(response, now_here, "session", secret)
    forget_cookie(response, now_here, "visitor")
    return response


async def _page(form: Form, *, status: int = 200) -> Response:
    now_here = here()
    kept = packed(unpacked(form.value(KEPT_FIELD)))
    target = _target(now_here, form)
    return await render("sign_in.html", status=status, form=form, target=target, kept=kept, asked=False)


def _target(now_here: Here, form: Form) -> str:
    settings = now_here.settings
    return safe_path(form.value("next"), public_url=settings.public_url, relaxed=settings.development)


def _agent() -> str:
    return request.headers.get("user-agent", "")


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/sign-in", "sign_in.show", show, methods=["GET"])
    app.add_url_rule("/sign-in", "sign_in.sign_in", sign_in, methods=["POST"])
    app.add_url_rule("/sign-in/link", view_func=ask_link, methods=["POST"])
    app.add_url_rule("/sign-in/link/<token>", "sign_in.show_link", show_link, methods=["GET"])
    app.add_url_rule("/sign-in/link/<token>", "sign_in.use_link", use_link, methods=["POST"])
    app.add_url_rule("/sign-out", view_func=sign_out, methods=["POST"])
