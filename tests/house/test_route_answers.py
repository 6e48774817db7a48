"""Who may use which route: the expected answers, written by hand, against the running application.

One letter a role, in this order: visitor, member, editor, moderator, federation admin, steward.
`y`: the route is reached (it may still say 404 or 422); `n`: 401 for a visitor, 403 for a member.
A route without a line here fails. T-50, T-57, V-M13, V-M25, V-M36, A-06, A-08, A-15, A-27.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest

from node.community.kinds import Role
from node.settings import Settings
from tests.clock import FakeClock
from tests.house.desk_answers import DESK_ANSWERS
from tests.web.building import Building
from tests.web.visitor import Page, Visitor
from web.access import ROUTES, Kind, Need

ANSWERS = {
    **DESK_ANSWERS,
    "GET /static/<name>": "yyyyyy",
    "GET /about": "yyyyyy",
    "GET /source": "yyyyyy",
    "GET /sign-in": "yyyyyy",
    "POST /sign-in": "yyyyyy",
    "POST /sign-in/link": "yyyyyy",
    "GET /sign-in/link/<token>": "yyyyyy",
    "POST /sign-in/link/<token>": "yyyyyy",
    "POST /sign-out": "nyyyyy",
    "GET /media/<folder>/<name>": "yyyyyy",
    "GET /media/elsewhere/<signature>/<kind>/<host>/<code>": "yyyyyy",
    "GET /robots.txt": "yyyyyy",
    "GET /": "yyyyyy",
    "GET /posts": "yyyyyy",
    "GET /network": "yyyyyy",
    "GET /tags/<name>": "yyyyyy",
    "GET /posts/<public_id>": "yyyyyy",
    "GET /@<handle>": "yyyyyy",
    "GET /practices": "yyyyyy",
    "GET /practices/<public_id>": "yyyyyy",
    "GET /practices/<public_id>/v/<int:number>": "yyyyyy",
    "GET /events": "yyyyyy",
    "GET /events/<public_id>": "yyyyyy",
    "GET /thread": "yyyyyy",
    "GET /search": "yyyyyy",
    "GET /posts.atom": "yyyyyy",
    "GET /practices.atom": "yyyyyy",
    "GET /events.atom": "yyyyyy",
    "GET /events.ics": "yyyyyy",
    "GET /@<name>.atom": "yyyyyy",
    "GET /authorize_interaction": "nyyyyy",
    "POST /authorize_interaction": "nyyyyy",
    "GET /share": "nyyyyy",
    "POST /interact": "yyyyyy",
    "GET /interact/there": "yyyyyy",
    "GET /looking-up/<ticket>": "yyyyyy",
    "GET /join/<token>": "yyyyyy",
    "POST /join/<token>": "yyyyyy",
    "GET /welcome": "nyyyyy",
    "POST /welcome/hide": "nyyyyy",
    "GET /write": "nyyyyy",
    "POST /write": "nyyyyy",
    "GET /posts/<public_id>/edit": "nyyyyy",
    "POST /posts/<public_id>/edit": "nyyyyy",
    "GET /posts/<public_id>/delete": "nyyyyy",
    "POST /posts/<public_id>/delete": "nyyyyy",
    "POST /like": "nyyyyy",
    "POST /unlike": "nyyyyy",
    "POST /boost": "nyyyyy",
    "POST /unboost": "nyyyyy",
    "POST /pin": "nyyyyy",
    "POST /unpin": "nyyyyy",
    "POST /vote": "nyyyyy",
    "POST /more-answers": "nyyyyy",
    "GET /quotes": "nyyyyy",
    "POST /quotes/decide": "nyyyyy",
    "GET /practices/new": "nyyyyy",
    "POST /practices/new": "nyyyyy",
    "GET /practices/<public_id>/edit": "nyyyyy",
    "POST /practices/<public_id>/edit": "nyyyyy",
    "GET /practices/<public_id>/withdraw": "nyyyyy",
    "POST /practices/<public_id>/withdraw": "nyyyyy",
    "GET /events/new": "nyyyyy",
    "POST /events/new": "nyyyyy",
    "GET /events/<public_id>/edit": "nyyyyy",
    "POST /events/<public_id>/edit": "nyyyyy",
    "GET /events/<public_id>/end": "nyyyyy",
    "POST /events/<public_id>/cancel": "nyyyyy",
    "POST /events/<public_id>/delete": "nyyyyy",
    "GET /home": "nyyyyy",
    "GET /notifications": "nyyyyy",
    "POST /notifications/seen": "nyyyyy",
    "GET /requests": "nyyyyy",
    "POST /requests/<follow_id>/accept": "nyyyyy",
    "POST /requests/<follow_id>/refuse": "nyyyyy",
    "GET /following": "nyyyyy",
    "GET /followers": "nyyyyy",
    "POST /follow": "nyyyyy",
    "POST /unfollow": "nyyyyy",
    "GET /library/held": "nnyyyy",
    "POST /library/held/decide": "nnyyyy",
    "POST /confirm": "nyyyyy",
    "POST /confirm/link": "nyyyyy",
    "GET /settings": "nyyyyy",
    "GET /settings/profile": "nyyyyy",
    "POST /settings/profile": "nyyyyy",
    "GET /settings/account": "nyyyyy",
    "POST /settings/account": "nyyyyy",
    "POST /settings/email": "nyyyyy",
    "POST /settings/password": "nyyyyy",
    "POST /settings/sessions/<session_id>/end": "nyyyyy",
    "POST /settings/sign-out-everywhere": "nyyyyy",
    "GET /settings/leave": "nyyyyy",
    "POST /settings/leave": "nyyyyy",
    "GET /settings/move": "nyyyyy",
    "POST /settings/move/aliases": "nyyyyy",
    "POST /settings/move/aliases/drop": "nyyyyy",
    "POST /settings/move/away": "nyyyyy",
    "POST /settings/move/back": "nyyyyy",
    "GET /settings/avoided": "nyyyyy",
    "GET /avoid": "nyyyyy",
    "POST /avoid": "nyyyyy",
    "POST /avoid/end": "nyyyyy",
    "GET /admin": "nnnyyy",
    "GET /admin/node": "nnnnny",
    "POST /admin/node": "nnnnny",
    "GET /admin/members": "nnnnny",
    "POST /admin/members/<name>/role": "nnnnny",
    "POST /admin/members/<name>/state": "nnnnny",
    "POST /admin/members/<name>/link": "nnnnny",
    "GET /admin/invitations": "nnnyyy",
    "POST /admin/invitations": "nnnyyy",
    "POST /admin/invitations/<link_id>/withdraw": "nnnyyy",
    "GET /admin/servers": "nnnnyy",
    "POST /admin/servers": "nnnnyy",
    "POST /admin/servers/undo": "nnnnyy",
    "POST /admin/servers/mode/preview": "nnnnyy",
    "POST /admin/servers/mode": "nnnnyy",
    "GET /admin/servers/<host>": "nnnnyy",
    "POST /admin/servers/<host>/preview": "nnnnyy",
    "POST /admin/servers/<host>/change": "nnnnyy",
    "GET /admin/queues": "nnnnyy",
    "POST /admin/queues/deliveries/retry": "nnnnyy",
    "POST /admin/queues/received/<received_id>/retry": "nnnnyy",
    "POST /admin/queues/jobs/<job_id>/retry": "nnnnyy",
    "GET /admin/audit": "nnnnyy",
    "GET /drafts": "nyyyyy",
    "POST /followers/dismiss": "nyyyyy",
    "GET /admin/groups": "nnnnny",
    "GET /admin/groups/<name>": "nnnnny",
    "POST /admin/groups/<name>": "nnnnny",
}
ROLES = (None, Role.MEMBER, Role.EDITOR, Role.MODERATOR, Role.FEDERATION_ADMIN, Role.STEWARD)
# Last of all, or the others would be asked by nobody.
ENDS_THE_SESSION = ("POST /sign-out", "POST /settings/sign-out-everywhere")


def routes() -> list[str]:
    """Return every route that Quart answers as `METHOD rule`."""
    found = [f"{method} {row.rule}" for row in ROUTES if row.kind is not Kind.RAW for method in sorted(row.methods)]
    return sorted(found, key=lambda route: route in ENDS_THE_SESSION)


def forms() -> list[str]:
    """Return every route that takes a form."""
    return [route for route in routes() if route.startswith("POST ")]


def path_of(route: str) -> str:
    """Return a path for a rule; what it names does not exist."""
    rule = route.partition(" ")[2]
    return "/".join("nothing" if part.startswith("<") else part for part in rule.split("/"))


async def visitor_of(building: Building, role: Role | None) -> Visitor:
    return building.visitor() if role is None else await building.signed_in("sefa", role)


async def token_of(visitor: Visitor) -> str:
    """Return a form token that is good for this visitor."""
    page = await visitor.get("/about" if "__Host-session" in visitor.cookies else "/sign-in")
    return str(page.document.forms[0].fields["form_token"])


def test_every_route_has_its_answers_and_every_answer_a_route() -> None:
    assert sorted(routes()) == sorted(ANSWERS)


def test_the_scale_of_the_table_is_the_list_of_roles() -> None:
    assert [need.name for need in Need][1:] == [role.name for role in Role]


@pytest.mark.parametrize(("place", "role"), list(enumerate(ROLES)), ids=lambda value: str(value))
async def test_each_role_reaches_what_it_may_and_nothing_else_a15(
    building: Building, place: int, role: Role | None
) -> None:
    visitor = await visitor_of(building, role)
    token = await token_of(visitor)
    found = {route: _letter(await ask(visitor, route, token), role) for route in routes()}

    assert found == {route: answers[place] for route, answers in ANSWERS.items()}


async def ask(visitor: Visitor, route: str, token: str) -> Page:
    method, path = route.split(" ")[0], path_of(route)
    return await (visitor.get(path) if method == "GET" else visitor.post(path, {"form_token": token}))


def _letter(page: Page, role: Role | None) -> str:
    refusal = 401 if role is None else 403
    return "n" if page.status == refusal else "y"


@pytest.mark.parametrize("route", forms())
async def test_no_form_is_taken_without_its_token_or_from_elsewhere_t50(building: Building, route: str) -> None:
    visitor = await building.signed_in("sefa", Role.STEWARD)
    other = await building.signed_in("tui", Role.STEWARD)
    own, foreign = await token_of(visitor), await token_of(other)
    path = path_of(route)

    answers = [
        await visitor.post(path),
        await visitor.post(path, {"form_token": foreign}),
        await visitor.post(path, {"form_token": own}, origin="https://evil.example"),
        await visitor.post(path, {"form_token": own}, origin="null"),
        await visitor.post(path, {"form_token": own}, sec_fetch_site="cross-site"),
        await visitor.post(path, {"form_token": own}, sec_fetch_site="same-site"),
    ]

    assert [page.status for page in answers] == [403] * 6


@pytest.mark.parametrize("role", [None, Role.STEWARD], ids=str)
async def test_no_get_changes_the_database_a08(building: Building, role: Role | None) -> None:
    visitor = await visitor_of(building, role)
    before = rows_of(building)

    for route in routes():
        if route.startswith("GET "):
            await visitor.get(path_of(route))

    assert rows_of(building) == before


def rows_of(building: Building) -> list[str]:
    with sqlite3.connect(building.settings.data_dir / "talanoa.db") as connection:
        found = list(connection.iterdump())
    connection.close()
    return found


@pytest.mark.parametrize("role", [None, Role.STEWARD], ids=str)
async def test_every_page_carries_the_headers_t57_a06_a27(building: Building, role: Role | None) -> None:
    visitor = await visitor_of(building, role)
    pages = {f"GET {path}": await visitor.get(path) for path in _page_paths()}

    for route, page in pages.items():
        assert missing_headers(page, signed_in=role is not None) == [], route


def _page_paths() -> Iterator[str]:
    yield "/there-is-no-such-page"
    for row in ROUTES:
        if row.kind is Kind.PAGE and "GET" in row.methods:
            yield path_of(f"GET {row.rule}")


def missing_headers(page: Page, *, signed_in: bool) -> list[str]:
    wanted = {
        "strict-transport-security": "max-age=63072000",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-frame-options": "DENY",
    }
    if signed_in and page.status == 200:
        wanted["cache-control"] = "no-store"
    policy = page.header("content-security-policy") or ""
    parts = ("default-src 'self'", "script-src 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'")
    absent = [part for part in (*parts, "frame-ancestors 'none'") if part not in policy]
    absent += [name for name in ("unsafe-inline", "unsafe-eval") if name in policy]
    return absent + [name for name, value in wanted.items() if page.header(name) != value]


@pytest.fixture
def building(node_database: Settings, clock: FakeClock) -> Building:
    """Return the application on an empty database."""
    return Building(replace(node_database, page_burst=100_000, sign_in_attempts=100), clock)
