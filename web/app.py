"""Putting the building together: Quart with its pages, the steps around them, the raw front before it.

How to add a page
    1. `web/pages/NAME.py`: async functions that read the request, call one verb of `node.community`
       and return `render(...)` or `go(path, notice=...)`; at the end `def register(app)` with one
       `app.add_url_rule(rule, view_func=function, methods=[...])` a route. Add the module to PAGES below.
    2. `web/access.py`: one row a route (rule, methods, least role). Without it each request is a 500.
    3. `tests/house/test_route_answers.py`: the expected answer for each role, by hand.
    4. `web/templates/NAME.html`: extends `base.html`; `{% import "parts/fields.html" as fields with context %}` for
       forms, `parts/cards.html` for lists, badges, times, pages of lists and empty states. Print only
       prepared values; `dir="auto"` on every text of people, `<bdi>` around names in a sentence.
    5. Every string through `_()`; sentences that hold a link through `sentence(mark("..."), link=...)`.
    6. `tests/web/planting.py`: what fills a part of the address that varies, so that the crawl finds the page.
    7. `tests/browser/pages.py`: a line for the page, so that it is seen in a real browser.

What a page may use: `here()` (now, session, translator, settings), `house()`, `forms.posted()`,
`render`, `go`, `security.safe_path`, `throttle`. It raises the errors of `node.errors` and lets
`web.errors` answer them. A form post of another site, without the token, by a visitor or by a role that
is too low never reaches the function. Forms that strangers may send also call `require_human`.
A form must not lead to a redirect to another host: the policy `form-action 'self'` stops it; show a link.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterable
from datetime import timedelta
from types import ModuleType
from typing import Any, cast

from quart import Quart

from node.community import node_profile, sessions
from node.database import changes
from node.errors import CommunityError
from node.surroundings import Surroundings
from web import error_pages, metrics, requests
from web.access import Kind, require_rows
from web.bounds import bounded_request
from web.context import EXTENSION, House
from web.doors import Doors
from web.front import App, Front, Place
from web.inboxes import health_route, inbox_routes
from web.kept import Kept
from web.node_name import NodeName
from web.pages import about, files, sign_in, source
from web.public import PUBLIC_PAGES
from web.raw import RawRoute
from web.rendering import make_templates
from web.secrecy import token_text
from web.security import headers_for
from web.signed_in import SIGNED_IN_PAGES
from web.static import read_files
from web.throttle import AccountTries, Buckets, Throttle
from web.wishes import Wishes

PAGES: tuple[ModuleType, ...] = (about, files, metrics, sign_in, source, *PUBLIC_PAGES, *SIGNED_IN_PAGES)
FORM_PARTS = 300
BODY_SECONDS = 600
NOTE_USED_SECONDS = 60
ACCOUNT_WINDOW = timedelta(minutes=15)
EVERYWHERE_TRIES, EVERYWHERE_WINDOW = 60, timedelta(hours=1)
REPORTS, REPORT_WINDOW = 10, timedelta(hours=1)
ADDRESS_TRIES, ADDRESS_WINDOW = 25, timedelta(minutes=5)


def create_app(
    surroundings: Surroundings,
    doors: Doors,
    *,
    raw_routes: Iterable[RawRoute] = (),
    entropy: Callable[[int], bytes] = os.urandom,
) -> Quart:
    """Return the web application; the raw front is mounted before Quart.

    Args:
        surroundings: settings, clock and the doors to the outside.
        doors: where requests go that pages don't answer themselves.
        raw_routes: further routes for the front, such as actors and objects as JSON.
        entropy: returns that many random bytes.
    """
    app = Quart("web", static_folder=None, template_folder=None)
    settings = surroundings.settings
    app.extensions[EXTENSION] = House(
        surroundings=surroundings,
        doors=doors,
        files=read_files(),
        templates=make_templates(),
        entropy=entropy,
        account_tries=AccountTries(
            Throttle(settings.sign_in_attempts, ACCOUNT_WINDOW), Throttle(EVERYWHERE_TRIES, EVERYWHERE_WINDOW)
        ),
        link_tries=Throttle(settings.sign_in_attempts, ACCOUNT_WINDOW),
        address_tries=Throttle(ADDRESS_TRIES, ADDRESS_WINDOW),
        report_tries=Throttle(REPORTS, REPORT_WINDOW),
        used_sessions=set(),
        node_name=NodeName(),
        wishes=Wishes(),
    )
    _configure(app, surroundings)
    for page in PAGES:
        page.register(app)
    requests.install(app)
    app.register_error_handler(Exception, error_pages.on_error)
    inboxes = inbox_routes(doors.receive, body_bytes=settings.body_bytes)
    routes = (health_route(_is_well), *inboxes, *raw_routes)
    require_rows((route.rule, route.method) for route in routes)
    require_rows((rule.rule, method) for rule in app.url_map.iter_rules() for method in rule.methods or ())
    front = Front(
        cast(App, app.asgi_app),
        _place(surroundings, doors),
        routes,
        admit=_admission(surroundings),
        incident=lambda: token_text(entropy(error_pages.INCIDENT_BYTES)),
    )
    app.asgi_app = cast(Any, front)  # type: ignore[method-assign]
    return app


def _configure(app: Quart, surroundings: Surroundings) -> None:
    settings = surroundings.settings
    app.request_class = bounded_request(settings)
    app.url_map.merge_slashes = False
    app.config.update(
        MAX_FORM_MEMORY_SIZE=settings.body_bytes,
        MAX_FORM_PARTS=FORM_PARTS,
        BODY_TIMEOUT=BODY_SECONDS,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )

    @app.while_serving
    async def note_sessions() -> AsyncGenerator[None, None]:
        house: House = app.extensions[EXTENSION]
        tasks = [
            asyncio.create_task(_note_used(house)),
            asyncio.create_task(house.wishes.note_forever(surroundings.clock)),
        ]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _place(surroundings: Surroundings, doors: Doors) -> Place:
    settings = surroundings.settings
    return Place(
        public_url=settings.public_url,
        media_host=settings.media_url.partition("://")[2],
        account_host=settings.account_domain,
        proxies=settings.trusted_proxies,
        headers=headers_for(Kind.RAW, production=not settings.development),
        kept=Kept(state=lambda: (changes(), doors.registry.book.version), monotonic=surroundings.clock.monotonic),
    )


def _admission(surroundings: Surroundings) -> Callable[[str], None]:
    settings, clock = surroundings.settings, surroundings.clock
    buckets = Buckets(settings.page_rate, settings.page_burst)
    return lambda address: buckets.take(address, at=clock.monotonic())


async def _is_well() -> bool:
    try:
        await node_profile.read()
    except CommunityError:
        return False
    return True


async def _note_used(house: House) -> None:
    """Note once a minute which sessions were used, so that no GET writes."""
    while True:
        await asyncio.sleep(NOTE_USED_SECONDS)
        used = set(house.used_sessions)
        house.used_sessions.clear()
        if used:
            try:
                await sessions.touch(used, now=house.now())
            except CommunityError:
                house.used_sessions.update(used)
