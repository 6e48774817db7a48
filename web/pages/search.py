"""Search over what this node holds. Strangers' addresses are not looked up elsewhere from here (V-N02)."""

from urllib.parse import urlencode

from quart import Quart, Response, request

from federation.errors import ProtocolError
from federation.names import parse_handle
from node.community import search as finder
from node.community.search import KINDS, Hit
from node.i18n import gettext as _
from node.i18n import mark
from web.context import here
from web.forms import blank
from web.opening import Opening, page
from web.reader import before, older_path, reader
from web.shown.lists import ItemShown, thing_shown
from web.shown.people import PersonShown, person
from web.who import registry

LONGEST_WORDS = 200
KIND_NAMES = {
    "practice": mark("Practices"),
    "event": mark("Events"),
    "post": mark("Posts"),
    "actor": mark("People and groups"),
}


async def search() -> Response:
    """Show what has the words that were asked for."""
    words = request.args.get("q", "").strip()[:LONGEST_WORDS]
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = await finder.find(words, await reader(), kind=kind, before=before())
    return await page(
        "search.html",
        Opening(title=_("Search"), path="/search", is_listed=False),
        form=blank(q=words, kind=kind),
        words=words,
        kinds=[(name, _(KIND_NAMES[name])) for name in KINDS],
        hits=[_shown(hit) for hit in found.items],
        older=older_path(found.next, q=words, kind=kind),
        elsewhere=_elsewhere(words) if here().may("MEMBER") else "",
    )


def _elsewhere(words: str) -> str:
    """Return the path of the follow form filled in with a handle of another server, empty for other words."""
    settings = here().settings
    try:
        handle = parse_handle(words, relaxed=settings.development)
    except ProtocolError:
        return ""
    if handle.host in (registry().book.own_host, settings.account_domain):
        return ""
    return f"/following?{urlencode({'who': words})}"


def _shown(hit: Hit) -> tuple[ItemShown | None, PersonShown | None]:
    return (thing_shown(hit.thing) if hit.thing else None, person(hit.actor) if hit.actor else None)


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/search", "search.search", search, methods=["GET"])
