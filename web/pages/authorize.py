"""Where other servers send our own members: to answer or follow something (`/authorize_interaction`), or to write.

A GET changes nothing: what is known here is shown with its buttons; what isn't waits for one more press.
Spec: FEP-3b86.
"""

from urllib.parse import urlencode

from quart import Quart, Response, request

from federation.errors import ProtocolError
from federation.names import canonical_uri, parse_handle
from node.community.errands import Errand
from node.errors import NotFound
from web.context import here
from web.forms import posted
from web.pages.looking_up import look_up
from web.places import place_of
from web.rendering import go, render

LONGEST = 2048
LONGEST_TEXT = 5000


async def show() -> Response:
    """Go to what is known here, or offer to look it up.

    Raises:
        NotFound: that is no address.
    """
    uri = request.args.get("uri", "")[:LONGEST].strip()
    known = await place_of(uri)
    if known:
        return go(known)
    errand_for(uri)
    return await render("authorize.html", uri=uri)


async def look() -> Response:
    """Have it looked up, then go there; raises like `show`."""
    now_here = here()
    uri = (await posted()).text("uri", longest=LONGEST)
    errand, subject = errand_for(uri)
    now_here.house.address_tries.hit(f"look:{now_here.address}", now=now_here.now)
    return await look_up(errand, subject)


def errand_for(text: str) -> tuple[Errand, str]:
    """Return what has to be read to know what `text` is.

    Args:
        text: a handle, with or without `acct:`, or the address of anything.

    Raises:
        NotFound: neither.
    """
    relaxed = here().settings.development
    try:
        if "://" in text:
            return Errand.OBJECT, canonical_uri(text, relaxed=relaxed).text
        return Errand.HANDLE, str(parse_handle(text, relaxed=relaxed))
    except ProtocolError as error:
        raise NotFound("neither a handle nor an address") from error


async def share() -> Response:
    """Go to a new post with this text in it; nothing is written yet."""
    given = (request.args.get(name, "").strip() for name in ("text", "content", "title", "url"))
    text = "\n\n".join(part for part in given if part)[:LONGEST_TEXT]
    return go(f"/write?{urlencode({'text': text})}")


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/authorize_interaction", "authorize.show", show, methods=["GET"])
    app.add_url_rule("/authorize_interaction", "authorize.look", look, methods=["POST"])
    app.add_url_rule("/share", "authorize.share", share, methods=["GET"])
