"""Acts that want a fresh proof of who this is: roles, trust, passwords (T-58, A-14). "Confirm it's you", then go on."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec

from quart import Quart, Response, request

from node.community import members, sessions
from node.errors import NotFound
from node.i18n import mark as _
from web.context import here
from web.forms import Form, posted
from web.forms.posted import KEPT_FIELD
from web.keeping import Kept, keep, packed, unpacked
from web.rendering import render
from web.security import safe_path
from web.who import me

P = ParamSpec("P")
View = Callable[P, Awaitable[Response]]


def proven(view: View[P]) -> View[P]:
    """Let a form through only within a quarter of an hour after the person proved who they are.

    Otherwise the page "confirm it's you" answers, with status 403 and everything that was typed.
    """

    @wraps(view)
    async def asked(*args: P.args, **kwargs: P.kwargs) -> Response:
        if me().is_fresh(here().now):
            return await view(*args, **kwargs)
        kept = keep((await request.form).items(multi=True))
        return await _ask(Form(), here().path, kept, status=403)

    return asked


async def confirm() -> Response:
    """Take the password, and offer to go on with what was typed.

    Raises:
        TooMany: too many tries for this account.
    """
    now_here, session = here(), me()
    form = await posted()
    target, kept = _target(form), unpacked(form.value(KEPT_FIELD))
    account = f"name:{session.member.actor.name}"
    now_here.house.account_tries.hit(account, now_here.address, now=now_here.now)
    known = await members.sign_in(session.member.actor.name, form.value("password"))
    if known is None or known.id != session.member.id:
        form.error("password", _("That is not your password."))
        return await _ask(form, target, kept, status=422)
    now_here.house.account_tries.forget(account, now_here.address)
    await sessions.prove(session.session_id, now=now_here.now)
    return await render("confirmed.html", action=target, kept=kept)


async def mail_link() -> Response:
    """Mail a sign-in link to whoever has no password, and show the page with what was typed once more.

    Raises:
        NotFound: no mail server, or no address to mail to.
        TooMany: too many links for this address.
    """
    now_here, email = here(), _mailed_to(me().member.email)
    form = await posted()
    target, kept = _target(form), unpacked(form.value(KEPT_FIELD))
    if not email:
        raise NotFound("no link can be mailed to this member")
    now_here.house.link_tries.hit(email.lower(), now=now_here.now)
    await now_here.house.doors.mail_sign_in_link(email)
    return await _ask(form, target, kept, status=200, is_mailed=True)


async def _ask(form: Form, target: str, kept: tuple[Kept, ...], *, status: int, is_mailed: bool = False) -> Response:
    member = me().member
    return await render(
        "confirm.html",
        status=status,
        form=form,
        target=target,
        fields_kept=kept,
        kept=packed(kept),
        has_password=member.password_hash is not None,
        name=member.actor.name,
        can_mail=bool(_mailed_to(member.email)),
        is_mailed=is_mailed,
    )


def _mailed_to(email: str | None) -> str:
    """Return where a link can be mailed to: the member's address, empty for nowhere."""
    return (email or "") if here().settings.mail_url else ""


def _target(form: Form) -> str:
    settings = here().settings
    return safe_path(form.value("next"), public_url=settings.public_url, relaxed=settings.development)


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/confirm", "proof.confirm", confirm, methods=["POST"])
    app.add_url_rule("/confirm/link", "proof.mail_link", mail_link, methods=["POST"])
