"""A member's own account: preferences, e-mail address, password, and the browsers that are signed in."""

from datetime import datetime

from quart import Quart, Response

from node.community import members, own_account, sessions
from node.errors import Invalid, NotFound
from node.i18n import dates
from node.i18n import mark as _
from web import choices
from web.context import here
from web.forms import Form, blank, posted
from web.proof import proven
from web.rendering import forget_cookie, go, render
from web.who import me

PATH = "/settings/account"


async def overview() -> Response:
    """Show what there is to set."""
    return await render("settings.html")


async def show() -> Response:
    """Show the account for changing."""
    return await _page(_form())


async def prefer() -> Response:
    """Keep language, time zone, and whether mail is wanted."""
    form = await posted()
    zones = {name for name, _text in choices.time_zones()}
    locale = form.choice("locale", here().settings.languages)
    zone = form.choice("time_zone", zones)
    if form.errors:
        return await _page(form, status=422)
    wants_mail = form.ticked("mail_notifications")
    await members.set_preferences(me().member, locale=locale, time_zone=zone, mail_notifications=wants_mail)
    if here().may("MODERATOR"):
        await members.want_desk_letters(me().member, are_wanted=form.ticked("desk_letters"))
    return go(PATH, notice="saved")


@proven
async def change_email() -> Response:
    """Change the address."""
    form = await posted()
    try:
        await own_account.set_email(me().member, form.text("email", longest=254))
    except Invalid as invalid:
        form.take(invalid)
        return await _page(_beside(form), status=422)
    return go(PATH, notice="saved")


@proven
async def change_password() -> Response:
    """Change the password and end all other sessions (T-51)."""
    form, session = await posted(), me()
    if form.value("new_password") != form.value("new_password_again"):
        form.error("new_password_again", _("The two passwords differ."))
    if not form.errors:
        try:
            await members.set_password(session.member, form.value("new_password"), keep_session=session.session_id)
            return go(PATH, notice="password-changed")
        except Invalid as invalid:
            form.error("new_password", next(iter(invalid.fields.values())))
    return await _page(_beside(form), status=422)


async def end_session(session_id: str) -> Response:
    """Sign another browser out.

    Raises:
        NotFound: none of this member's has this number. Spec: security V-M25.
    """
    session = me()
    standing = {str(row.id) for row in await sessions.of(session.member, now=here().now)}
    if session_id not in standing:
        raise NotFound("no session of this member")
    await sessions.end(int(session_id), member=session.member)
    return go(PATH, notice="session-ended")


async def end_all() -> Response:
    """Sign out everywhere, here too."""
    await sessions.end_all(me().member.id)
    response = go("/sign-in", notice="signed-out")
    forget_cookie(response, here(), "session")
    return response


def _form() -> Form:
    member = me().member
    return blank(
        locale=member.locale,
        time_zone=member.time_zone,
        mail_notifications="1" if member.mail_notifications else "",
        desk_letters="1" if member.desk_letters_wanted else "",
        email=member.email or "",
    )


def _beside(form: Form) -> Form:
    """Return the form of the page with what was typed into one of its parts."""
    shown = _form()
    shown.typed |= {name: values for name, values in form.typed.items() if "password" not in name}
    shown.errors = form.errors
    return shown


async def _page(form: Form, *, status: int = 200) -> Response:
    session = me()
    rows: list[tuple[int, str, datetime, datetime]] = [
        (row.id, row.agent, row.created_at, row.used_at) for row in await sessions.of(session.member, now=here().now)
    ]
    return await render(
        "settings_account.html",
        status=status,
        form=form,
        sessions=rows,
        current=session.session_id,
        has_password=session.member.password_hash is not None,
        locale_options=[(tag, dates.own_name(tag)) for tag in here().settings.languages],
        zone_options=choices.time_zones(),
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/settings", "settings.overview", overview, methods=["GET"])
    app.add_url_rule(PATH, "settings_account.show", show, methods=["GET"])
    app.add_url_rule(PATH, "settings_account.prefer", prefer, methods=["POST"])
    app.add_url_rule("/settings/email", "settings_account.email", change_email, methods=["POST"])
    app.add_url_rule("/settings/password", "settings_account.password", change_password, methods=["POST"])
    app.add_url_rule("/settings/sessions/<session_id>/end", "settings_account.end", end_session, methods=["POST"])
    app.add_url_rule("/settings/sign-out-everywhere", "settings_account.end_all", end_all, methods=["POST"])
