"""Every route of the node with its methods and the least role that may use it: the one table.

The raw front reads the rows of kind RAW and HEALTH, Quart's pages are checked against the rest
before each request. An application with a route that has no row here does not start, and
tests/house/test_route_answers.py holds the answers written by hand. To add a page, add its row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache


class Need(IntEnum):
    """The least that a visitor must be; the roles are those of the members, in their order."""

    ANYONE = 0
    MEMBER = 1
    EDITOR = 2
    MODERATOR = 3
    FEDERATION_ADMIN = 4
    STEWARD = 5


class Kind(StrEnum):
    """How a route answers, errors included."""

    PAGE = "page"
    DATA = "data"
    RAW = "raw"


GET = frozenset({"GET"})
POST = frozenset({"POST"})
GET_POST = GET | POST


@dataclass(frozen=True, slots=True)
class Route:
    """One row.

    Args:
        rule: the path, with `<name>` for a part that varies.
        methods: what it answers to; HEAD and OPTIONS come with GET.
        need: the least role.
        kind: PAGE answers HTML, DATA answers JSON or XML through Quart, RAW is answered by the front.
    """

    rule: str
    methods: frozenset[str]
    need: Need
    kind: Kind = Kind.PAGE


ROUTES: tuple[Route, ...] = (
    # the raw front
    Route("/health", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/inbox", POST, Need.ANYONE, Kind.RAW),
    Route("/ap/u/<name>/inbox", POST, Need.ANYONE, Kind.RAW),
    Route("/ap/g/<name>/inbox", POST, Need.ANYONE, Kind.RAW),
    Route("/actor/inbox", POST, Need.ANYONE, Kind.RAW),
    # what other servers read, at the front
    Route("/.well-known/webfinger", GET, Need.ANYONE, Kind.RAW),
    Route("/.well-known/host-meta", GET, Need.ANYONE, Kind.RAW),
    Route("/.well-known/nodeinfo", GET, Need.ANYONE, Kind.RAW),
    Route("/nodeinfo/<version>", GET, Need.ANYONE, Kind.RAW),
    Route("/actor", GET, Need.ANYONE, Kind.RAW),
    Route("/actor/<part>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/u/<name>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/u/<name>/<part>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/g/<name>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/g/<name>/<part>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/n/<id>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/n/<id>/<part>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/e/<id>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/e/<id>/<part>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/r/<id>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/r/<id>/<part>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/a/<id>", GET, Need.ANYONE, Kind.RAW),
    Route("/ap/q/<id>", GET, Need.ANYONE, Kind.RAW),
    # numbers for those who watch the node
    Route("/metrics", GET, Need.ANYONE, Kind.DATA),
    # files of the interface
    Route("/static/<name>", GET, Need.ANYONE, Kind.DATA),
    # about this node
    Route("/about", GET, Need.ANYONE),
    Route("/source", GET, Need.ANYONE, Kind.DATA),
    # signing in and out
    Route("/sign-in", GET_POST, Need.ANYONE),
    Route("/sign-in/link", POST, Need.ANYONE),
    Route("/sign-in/link/<token>", GET_POST, Need.ANYONE),
    Route("/sign-out", POST, Need.MEMBER),
    # files for everybody
    Route("/media/<folder>/<name>", GET, Need.ANYONE, Kind.DATA),
    Route("/media/elsewhere/<signature>/<kind>/<host>/<code>", GET, Need.ANYONE, Kind.DATA),
    Route("/robots.txt", GET, Need.ANYONE, Kind.DATA),
    # reading
    Route("/", GET, Need.ANYONE),
    Route("/posts", GET, Need.ANYONE),
    Route("/network", GET, Need.ANYONE),
    Route("/tags/<name>", GET, Need.ANYONE),
    Route("/posts/<public_id>", GET, Need.ANYONE),
    Route("/@<handle>", GET, Need.ANYONE),
    Route("/practices", GET, Need.ANYONE),
    Route("/practices/<public_id>", GET, Need.ANYONE),
    Route("/practices/<public_id>/v/<int:number>", GET, Need.ANYONE),
    Route("/events", GET, Need.ANYONE),
    Route("/events/<public_id>", GET, Need.ANYONE),
    Route("/thread", GET, Need.ANYONE),
    Route("/search", GET, Need.ANYONE),
    Route("/posts.atom", GET, Need.ANYONE, Kind.DATA),
    Route("/practices.atom", GET, Need.ANYONE, Kind.DATA),
    Route("/events.atom", GET, Need.ANYONE, Kind.DATA),
    Route("/events.ics", GET, Need.ANYONE, Kind.DATA),
    Route("/@<name>.atom", GET, Need.ANYONE, Kind.DATA),
    # from a member's point of view on another server
    Route("/authorize_interaction", GET_POST, Need.MEMBER),
    Route("/share", GET, Need.MEMBER),
    # from a visitor's own server
    Route("/interact", POST, Need.ANYONE),
    Route("/interact/there", GET, Need.ANYONE),
    # what is read elsewhere first
    Route("/looking-up/<ticket>", GET, Need.ANYONE),
    # joining
    Route("/join/<token>", GET_POST, Need.ANYONE),
    Route("/welcome", GET, Need.MEMBER),
    Route("/welcome/hide", POST, Need.MEMBER),
    # posts of members
    Route("/write", GET_POST, Need.MEMBER),
    Route("/posts/<public_id>/edit", GET_POST, Need.MEMBER),
    Route("/posts/<public_id>/delete", GET_POST, Need.MEMBER),
    Route("/like", POST, Need.MEMBER),
    Route("/unlike", POST, Need.MEMBER),
    Route("/boost", POST, Need.MEMBER),
    Route("/unboost", POST, Need.MEMBER),
    Route("/pin", POST, Need.MEMBER),
    Route("/unpin", POST, Need.MEMBER),
    Route("/vote", POST, Need.MEMBER),
    Route("/more-answers", POST, Need.MEMBER),
    Route("/quotes", GET, Need.MEMBER),
    Route("/quotes/decide", POST, Need.MEMBER),
    # records of members
    Route("/practices/new", GET_POST, Need.MEMBER),
    Route("/practices/<public_id>/edit", GET_POST, Need.MEMBER),
    Route("/practices/<public_id>/withdraw", GET_POST, Need.MEMBER),
    # events of members
    Route("/events/new", GET_POST, Need.MEMBER),
    Route("/events/<public_id>/edit", GET_POST, Need.MEMBER),
    Route("/events/<public_id>/end", GET, Need.MEMBER),
    Route("/events/<public_id>/cancel", POST, Need.MEMBER),
    Route("/events/<public_id>/delete", POST, Need.MEMBER),
    # what is new for a member, and whom they follow
    Route("/home", GET, Need.MEMBER),
    Route("/notifications", GET, Need.MEMBER),
    Route("/notifications/seen", POST, Need.MEMBER),
    Route("/requests", GET, Need.MEMBER),
    Route("/requests/<follow_id>/accept", POST, Need.MEMBER),
    Route("/requests/<follow_id>/refuse", POST, Need.MEMBER),
    Route("/following", GET, Need.MEMBER),
    Route("/followers", GET, Need.MEMBER),
    Route("/follow", POST, Need.MEMBER),
    Route("/unfollow", POST, Need.MEMBER),
    # reports and what moderators decided
    Route("/report", GET_POST, Need.ANYONE),
    Route("/about/moderation", GET, Need.ANYONE),
    Route("/moderation/<public_id>", GET, Need.MEMBER),
    Route("/moderation/<public_id>/reply", POST, Need.MEMBER),
    Route("/reports/<public_id>", GET, Need.MEMBER),
    # the moderators' desk
    Route("/admin/desk", GET, Need.MODERATOR),
    Route("/admin/reports", GET, Need.MODERATOR),
    Route("/admin/reports/<public_id>", GET, Need.MODERATOR),
    Route("/admin/reports/<public_id>/decide", POST, Need.MODERATOR),
    Route("/admin/reports/<public_id>/reopen", POST, Need.MODERATOR),
    Route("/admin/reports/<public_id>/answer", POST, Need.MODERATOR),
    Route("/admin/moderate", GET_POST, Need.MODERATOR),
    Route("/admin/moderation/<public_id>/undo", POST, Need.MODERATOR),
    Route("/admin/moderation/<public_id>/settle", POST, Need.MODERATOR),
    # the editors' desk
    Route("/library/held", GET, Need.EDITOR),
    Route("/library/held/decide", POST, Need.EDITOR),
    # a member's own account
    Route("/confirm", POST, Need.MEMBER),
    Route("/confirm/link", POST, Need.MEMBER),
    Route("/settings", GET, Need.MEMBER),
    Route("/settings/profile", GET_POST, Need.MEMBER),
    Route("/settings/account", GET_POST, Need.MEMBER),
    Route("/settings/email", POST, Need.MEMBER),
    Route("/settings/password", POST, Need.MEMBER),
    Route("/settings/sessions/<session_id>/end", POST, Need.MEMBER),
    Route("/settings/sign-out-everywhere", POST, Need.MEMBER),
    Route("/settings/leave", GET_POST, Need.MEMBER),
    Route("/settings/move", GET, Need.MEMBER),
    Route("/settings/move/aliases", POST, Need.MEMBER),
    Route("/settings/move/aliases/drop", POST, Need.MEMBER),
    Route("/settings/move/away", POST, Need.MEMBER),
    Route("/settings/move/back", POST, Need.MEMBER),
    Route("/settings/avoided", GET, Need.MEMBER),
    Route("/avoid", GET_POST, Need.MEMBER),
    Route("/avoid/end", POST, Need.MEMBER),
    # the administration
    Route("/admin", GET, Need.MODERATOR),
    Route("/admin/node", GET_POST, Need.STEWARD),
    Route("/admin/members", GET, Need.STEWARD),
    Route("/admin/members/<name>/role", POST, Need.STEWARD),
    Route("/admin/members/<name>/state", POST, Need.STEWARD),
    Route("/admin/members/<name>/link", POST, Need.STEWARD),
    Route("/admin/invitations", GET_POST, Need.MODERATOR),
    Route("/admin/invitations/<link_id>/withdraw", POST, Need.MODERATOR),
    Route("/admin/servers", GET_POST, Need.FEDERATION_ADMIN),
    Route("/admin/servers/undo", POST, Need.FEDERATION_ADMIN),
    Route("/admin/servers/mode/preview", POST, Need.FEDERATION_ADMIN),
    Route("/admin/servers/mode", POST, Need.FEDERATION_ADMIN),
    Route("/admin/servers/<host>", GET, Need.FEDERATION_ADMIN),
    Route("/admin/servers/<host>/preview", POST, Need.FEDERATION_ADMIN),
    Route("/admin/servers/<host>/change", POST, Need.FEDERATION_ADMIN),
    Route("/admin/queues", GET, Need.FEDERATION_ADMIN),
    Route("/admin/queues/deliveries/retry", POST, Need.FEDERATION_ADMIN),
    Route("/admin/queues/received/<received_id>/retry", POST, Need.FEDERATION_ADMIN),
    Route("/admin/queues/jobs/<job_id>/retry", POST, Need.FEDERATION_ADMIN),
    Route("/admin/queues/lost/<delivery_id>/retry", POST, Need.FEDERATION_ADMIN),
    Route("/admin/queues/discard", POST, Need.FEDERATION_ADMIN),
    Route("/admin/received", GET, Need.FEDERATION_ADMIN),
    Route("/admin/received/<received_id>", GET, Need.FEDERATION_ADMIN),
    Route("/admin/deliveries/<delivery_id>", GET, Need.FEDERATION_ADMIN),
    Route("/admin/jobs/<job_id>", GET, Need.FEDERATION_ADMIN),
    Route("/admin/actors", GET, Need.MODERATOR),
    Route("/admin/actors/refresh", POST, Need.MODERATOR),
    Route("/admin/actors/purge", POST, Need.FEDERATION_ADMIN),
    Route("/admin/servers/<host>/retry", POST, Need.FEDERATION_ADMIN),
    Route("/admin/servers/<host>/forget", POST, Need.FEDERATION_ADMIN),
    Route("/admin/audit", GET, Need.FEDERATION_ADMIN),
    Route("/admin/retention", GET, Need.FEDERATION_ADMIN),
    Route("/admin/retention/count", POST, Need.FEDERATION_ADMIN),
    # drafts and followers
    Route("/drafts", GET, Need.MEMBER),
    Route("/followers/dismiss", POST, Need.MEMBER),
    # the Groups
    Route("/admin/groups", GET, Need.STEWARD),
    Route("/admin/groups/<name>", GET_POST, Need.STEWARD),
)


class NoRow(Exception):
    """A route is missing in the route table; the text names it."""


def require_rows(routes: Iterable[tuple[str, str]]) -> None:
    """Make sure that the table knows every route.

    Args:
        routes: rule and method of each route of the application.

    Raises:
        NoRow: at least one is missing.
    """
    missing = [f"{method} {rule}" for rule, method in routes if row_of(rule, method) is None]
    if missing:
        raise NoRow(f"web/access.py has no row for {', '.join(sorted(missing))}")


@cache
def row_of(rule: str, method: str) -> Route | None:
    """Return the row for a rule and a method, None where the table has none."""
    wanted = "GET" if method in {"HEAD", "OPTIONS"} else method
    for route in ROUTES:
        if route.rule == rule and wanted in route.methods:
            return route
    return None


def kind_of_path(path: str) -> Kind:
    """Say how a path that matches no route is answered: data for machines' paths, a page otherwise."""
    machine = ("/ap/", "/actor", "/.well-known/", "/nodeinfo", "/static/", "/media/", "/health", "/metrics")
    return Kind.DATA if path.startswith(machine) else Kind.PAGE
