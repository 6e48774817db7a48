"""Waiting for something that is read on another server: ask for it, wait, go on to what was found.

Any page that needs the network asks for an errand and answers with `look_up(...)`: a 303 to a page
that reloads itself until the errand has ended, and then leads on.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import urlencode

from quart import Quart, Response, request

from node.community import errands
from node.community.errands import Awaited, Errand
from node.errors import NotFound
from web.context import here, house
from web.places import place_of
from web.rendering import go, render
from web.security import safe_path

RELOAD_SECONDS = 2
MAC_LETTERS = 32


async def look_up(
    errand: Errand, subject: str, *, then: str = "", payload: Mapping[str, object] | None = None
) -> Response:
    """Ask for something to be read elsewhere and lead to the page that waits for it.

    Args:
        errand: what is to be read.
        subject: a handle, a URI or a host.
        then: our path to go on to once it was found; empty for the page of what was found. Where the errand
            has an answer, `found=<ticket>` is added to it: `errands.awaited(job_of(ticket))` reads it.
        payload: as for `errands.ask`.
    """
    now_here = here()
    job = await errands.ask(errand, subject, now=now_here.now, payload=dict(payload or {}))
    query = f"?{urlencode({'then': then})}" if then else ""
    return go(f"/looking-up/{ticket_of(job.id)}{query}")


def ticket_of(job_id: int) -> str:
    """Return a job's number as only we can write it: nobody looks at other people's errands by counting."""
    return f"{job_id}-{_mac(job_id)}"


def job_of(ticket: str) -> int:
    """Return the number in a ticket.

    Raises:
        NotFound: we did not write it. Spec: security V-M25.
    """
    number, _, mac = ticket.partition("-")
    if not (number.isdecimal() and number.isascii() and len(number) < 19 and mac.isascii()):
        raise NotFound("not a ticket of ours")
    if not hmac.compare_digest(mac, _mac(int(number))):
        raise NotFound("not a ticket of ours")
    return int(number)


def _mac(job_id: int) -> str:
    return hmac.new(house().settings.secret_key.encode(), f"errand:{job_id}".encode(), sha256).hexdigest()[:MAC_LETTERS]


async def wait(ticket: str) -> Response:
    """Show that it is under way, go on when it was found, or say that it wasn't.

    Raises:
        NotFound: there is no such errand.
    """
    found = await errands.awaited(job_of(ticket))
    # A visitor whose own server is silent is told how to do it there by hand.
    if found.is_over and (not found.has_failed or found.errand is Errand.REMOTE):
        return go(await _onward(found, ticket))
    response = await render("looking_up.html", subject=found.subject, is_waiting=not found.is_over, errand=found.errand)
    if found.is_over:
        return response
    # The header that a meta refresh stands for; a reader of the page can't be surprised by half a page.
    response.headers["refresh"] = str(RELOAD_SECONDS)
    response.headers["cache-control"] = "no-store"
    return response


async def _onward(found: Awaited, ticket: str) -> str:
    then = _then()
    if then and (found.answer or found.errand is Errand.REMOTE):
        return f"{then}{'&' if '?' in then else '?'}found={ticket}"
    return then or await place_of(found.reason) or await place_of(found.subject) or "/search"


def _then() -> str:
    settings = here().settings
    asked = request.args.get("then", "")
    return safe_path(asked, public_url=settings.public_url, relaxed=settings.development, otherwise="")


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/looking-up/<ticket>", "looking_up.wait", wait, methods=["GET"])
