"""Drawing a page: the template engine, what every template knows, and cookies on the way out.

The only file that marks text as safe, and only text that was escaped a line before (A-01).
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from quart import Response

from node import i18n
from node.i18n import dates
from web import navigation
from web.context import Here, here
from web.forms.form import Message
from web.forms.posted import CSRF_FIELD, KEPT_FIELD, STAMP_FIELD, TRAP_FIELD, stamp
from web.notices import LINKS, NOTICES

FOLDER = Path(__file__).parent / "templates"
NOTICE_SECONDS = 60


@cache
def make_templates() -> Environment:
    """Return the engine, one a process: autoescape everywhere, an unknown name is an error, `_` and friends known."""
    engine = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    engine.globals.update(
        _=i18n.gettext,
        ngettext=i18n.ngettext,
        pgettext=i18n.pgettext,
        mark=i18n.mark,
        sentence=sentence,
        said=said,
        own_name=dates.own_name,
        direction=i18n.direction,
        fields={"csrf": CSRF_FIELD, "kept": KEPT_FIELD, "stamp": STAMP_FIELD, "trap": TRAP_FIELD},
    )
    engine.filters.update(day=day, moment=moment, ago=ago, iso=iso, number=number)
    return engine


def sentence(message: str, /, **parts: object) -> Markup:
    """Return a marked sentence in the visitor's language with `parts`, which may hold markup, filled in.

    In a template: `{{ sentence(mark("Read the %(link)s first."), link=link) }}`.
    """
    return Markup(escape(i18n.current().catalogue.gettext(message))) % parts  # noqa: S704 - escaped right here


def said(message: Message) -> str:
    """Return an error text of a form in the visitor's language."""
    return i18n.gettext(message.text, **message.values)


def day(value: datetime) -> str:
    """Return `18 Nov 2026` in the visitor's language and zone."""
    return dates.format_day(value.astimezone(_zone()), _locale())


def moment(value: datetime) -> str:
    """Return day, time and zone in the visitor's language and zone."""
    return dates.format_moment(value.astimezone(_zone()), _locale())


def ago(value: datetime) -> str:
    """Return how long ago it was, or the day."""
    return dates.format_ago(value, here().now, _locale())


def iso(value: datetime) -> str:
    """Return what the attribute `datetime` of a `<time>` holds."""
    return value.isoformat(timespec="minutes")


def number(value: int) -> str:
    """Return a number with the separators of the visitor's language."""
    return dates.format_number(value, _locale())


async def render(template: str, *, status: int = 200, **values: object) -> Response:
    """Return a page.

    Args:
        template: path below `templates`.
        status: of the answer.
        values: what the template prints, prepared.
    """
    now_here = here()
    text = now_here.house.templates.get_template(template).render(here=now_here, **_common(now_here), **values)
    response = Response(text, status=status, content_type="text/html; charset=utf-8")
    if now_here.notice:
        forget_cookie(response, now_here, "notice")
    return response


def go(path: str, *, notice: str = "") -> Response:
    """Return a 303 to a path of ours, with a notice that the next page shows once.

    Args:
        path: our own path; what a visitor sent goes through `security.safe_path` first.
        notice: a key of `NOTICES`.
    """
    response = Response("", status=303, headers={"location": path})
    if notice:
        set_cookie(response, here(), "notice", notice, seconds=NOTICE_SECONDS)
    return response


def cookie_name(now_here: Here, name: str) -> str:
    """Return the name of one of our cookies, with `__Host-` unless in development."""
    if name == "session":
        return now_here.settings.cookie_name
    return name if now_here.settings.development else f"__Host-{name}"


def set_cookie(response: Response, now_here: Here, name: str, value: str, *, seconds: int | None = None) -> None:
    """Set one of our cookies: this host only, out of reach of scripts, not sent by other sites' forms."""
    response.set_cookie(
        cookie_name(now_here, name),
        value,
        max_age=seconds,
        path="/",
        secure=now_here.settings.cookie_secure,
        httponly=True,
        samesite="Lax",
    )


def forget_cookie(response: Response, now_here: Here, name: str) -> None:
    """Take one of our cookies away."""
    set_cookie(response, now_here, name, "", seconds=0)


def _common(now_here: Here) -> dict[str, object]:
    return {
        "locale": _locale(),
        "dir": now_here.translator.direction,
        "languages": now_here.settings.languages,
        "main_entries": navigation.shown(navigation.MAIN, now_here.need),
        "personal_entries": navigation.shown(navigation.PERSONAL, now_here.need),
        "foot_entries": navigation.shown(navigation.FOOT, now_here.need),
        "notice": i18n.gettext(NOTICES[now_here.notice]) if now_here.notice in NOTICES else "",
        "notice_link": LINKS.get(now_here.notice),
        "stamp": lambda: stamp(now_here),
        "static": now_here.house.files.url,
    }


def _locale() -> str:
    return here().translator.locale


def _zone() -> ZoneInfo:
    session = here().session
    return ZoneInfo(session.member.time_zone) if session else ZoneInfo("UTC")
