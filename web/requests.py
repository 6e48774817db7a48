"""What happens around every page: who asks, may they, is the form ours; then headers and cookies."""

import hashlib
from urllib.parse import urlencode

from quart import Quart, Response, g, request
from werkzeug.datastructures import Headers as WireHeaders

from federation.errors import Malformed
from node import i18n
from node.community import sessions
from node.errors import NotAllowed, SignInNeeded
from web.access import Kind, Need, Route, kind_of_path, row_of
from web.context import Here, has_context, here, house
from web.errors import CrossSite, FormExpired
from web.forms.posted import CSRF_FIELD
from web.rendering import cookie_name, set_cookie
from web.secrecy import is_form_token
from web.security import headers_for, is_cross_site

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
VISITOR_SECONDS = 12 * 60 * 60
LANGUAGE_SECONDS = 365 * 24 * 60 * 60
PICTURES, SHOWN, ON_DEMAND = "pictures", "shown", "demand"


def install(app: Quart) -> None:
    """Put the steps around every request of `app`."""
    app.before_request(arrive)
    app.after_request(leave)
    app.teardown_request(hush)


async def arrive() -> None:
    """Find out who asks, then let them in or not.

    Raises:
        Malformed: the address holds what no text holds (400).
        SignInNeeded: nobody is signed in and the route wants a role (401).
        NotAllowed: the role is too low (403).
        CrossSite: another site sent the form (403).
        FormExpired: the form's token does not fit (403).
    """
    g.here = _new_context()
    g.speaking = i18n.use(g.here.translator.locale)
    g.speaking.__enter__()
    if "\0" in request.path or b"%00" in request.query_string or b"\0" in request.query_string:
        raise Malformed("an address with a NUL in it")
    row = _row()
    kind = row.kind if row else kind_of_path(request.path)
    if kind is not Kind.PAGE and (row is None or row.need is Need.ANYONE):
        return
    await _recognise(g.here)
    if row is None:
        return
    is_unsafe = request.method not in SAFE_METHODS
    if is_unsafe:
        _require_same_site()
    _require_role(g.here, row.need)
    if is_unsafe and not is_form_token((await request.form).get(CSRF_FIELD, ""), g.here.form_secret()):
        raise FormExpired(request.path)


async def leave(response: Response) -> Response:
    """Add security headers, cache rules and cookies; answer 304 where nothing changed."""
    row = _row()
    kind = row.kind if row else kind_of_path(request.path)
    settings = house().settings
    for name, value in headers_for(kind, production=not settings.development, media_origin=settings.media_url):
        response.headers.setdefault(name, value)
    if kind is not Kind.PAGE or not has_context():
        return response
    _leave_cookies(response, here())
    await _leave_cache_rules(response, here())
    return response


async def hush(_error: BaseException | None) -> None:
    """Stop speaking the visitor's language in this task."""
    speaking = g.pop("speaking", None)
    if speaking is not None:
        speaking.__exit__(None, None, None)


def _row() -> Route | None:
    return row_of(_rule_text(), request.method) if request.url_rule is not None else None


def _rule_text() -> str:
    return str(request.url_rule.rule) if request.url_rule is not None else ""


def _new_context() -> Here:
    at = house()
    here_now = Here(
        house=at,
        now=at.now(),
        session=None,
        visitor="",
        translator=i18n.translator("en"),
        path=request.path,
        query=urlencode([pair for pair in request.args.items(multi=True) if pair[0] not in {"lang", PICTURES}]),
        address=request.remote_addr or "",
        title="Talanoa",
    )
    here_now.visitor = request.cookies.get(cookie_name(here_now, "visitor"), "")[:100]
    here_now.notice = request.cookies.get(cookie_name(here_now, "notice"), "")[:40]
    here_now.translator = i18n.translator(_chosen_locale(here_now))
    here_now.shows_pictures = _shows_pictures(here_now)
    return here_now


def _shows_pictures(here_now: Here) -> bool:
    """Tell what the visitor chose; without a choice, what their browser says of the price of data."""
    choice = request.args.get(PICTURES) or request.cookies.get(cookie_name(here_now, PICTURES), "")
    if choice in {SHOWN, ON_DEMAND}:
        return choice == SHOWN
    return request.headers.get("save-data", "").lower() != "on"


def _chosen_locale(here_now: Here) -> str:
    session = here_now.session
    cookie = request.cookies.get(cookie_name(here_now, "language"))
    return i18n.choose_locale(
        here_now.settings.languages,
        asked=request.args.get("lang"),
        preferred=cookie or (session.member.locale if session else None),
        accept_language=request.headers.get("accept-language"),
    )


async def _recognise(here_now: Here) -> None:
    here_now.title = await here_now.house.node_name.at(here_now.now)
    secret = request.cookies.get(here_now.settings.cookie_name)
    if not secret:
        return
    here_now.session = await sessions.find(secret, now=here_now.now)
    if here_now.session is None:
        return
    here_now.house.used_sessions.add(here_now.session.session_id)
    locale = _chosen_locale(here_now)
    if locale != here_now.translator.locale:
        await hush(None)
        here_now.translator = i18n.translator(locale)
        g.speaking = i18n.use(locale)
        g.speaking.__enter__()


def _require_same_site() -> None:
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if is_cross_site(origin, site, public_url=house().settings.public_url):
        raise CrossSite(f"origin {origin!r}, fetch site {site!r}")


def _require_role(here_now: Here, need: Need) -> None:
    if here_now.need >= need:
        return
    if here_now.session is None:
        raise SignInNeeded(f"{need.name} for {request.path}")
    raise NotAllowed(f"{need.name} for {request.path}")


def _leave_cookies(response: Response, here_now: Here) -> None:
    if here_now.is_new_visitor:
        set_cookie(response, here_now, "visitor", here_now.visitor, seconds=VISITOR_SECONDS)
    if request.args.get("lang") and request.method in SAFE_METHODS:
        set_cookie(response, here_now, "language", here_now.translator.locale, seconds=LANGUAGE_SECONDS)
    if request.args.get(PICTURES) in {SHOWN, ON_DEMAND} and request.method in SAFE_METHODS:
        set_cookie(response, here_now, PICTURES, request.args[PICTURES], seconds=LANGUAGE_SECONDS)


async def _leave_cache_rules(response: Response, here_now: Here) -> None:
    _add_vary(response.headers)
    if here_now.session is not None or request.method not in SAFE_METHODS or response.status_code != 200:
        response.headers.setdefault("cache-control", "no-store")
        return
    if "cache-control" in response.headers:
        return
    response.headers["cache-control"] = "private, no-cache"
    content = await response.get_data(as_text=False)
    response.set_etag(hashlib.sha256(content).hexdigest()[:20], weak=True)
    await response.make_conditional(request)


def _add_vary(headers: WireHeaders) -> None:
    headers["vary"] = "Accept, Accept-Language, Cookie, Save-Data"
