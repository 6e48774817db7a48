"""One field for people from elsewhere: their own address, and their own server opens to follow, answer or pass on.

No request to another host is made here: the way in reads the visitor's WebFinger, and the visitor is shown
a link. A form never leads to another host (T-54, V-N02).
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from quart import Quart, Response, request

from federation.errors import ProtocolError
from federation.names import Handle, canonical_uri, parse_handle
from federation.webfinger import fill_template
from node.community import actors, errands, objects
from node.community.errands import Errand
from node.community.visibility import ANONYMOUS, may_read
from node.errors import NotFound
from node.i18n import mark as _
from web.context import here
from web.forms import Form, posted
from web.forms.posted import TRAP_FIELD
from web.pages.looking_up import job_of, look_up
from web.rendering import go, render

LONGEST_ADDRESS = 300
INTENTS: Mapping[str, str] = {"follow": _("Follow"), "reply": _("Answer"), "share": _("Pass on")}
"""What a visitor wants to do, and what its button says."""
_TEMPLATES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "follow": (("follow", "object"), ("subscribe", "uri"), ("object", "object")),
    "reply": (("object", "object"), ("subscribe", "uri")),
    "share": (("announce", "object"), ("object", "object"), ("subscribe", "uri")),
}
"""By intent: which template of the visitor's server fits, the best first, and its parameter."""


@dataclass(frozen=True, slots=True)
class Way:
    """A link to the visitor's own server, and the host that it leads to."""

    url: str
    host: str


async def interact() -> Response:
    """Ask where the visitor's own server opens things.

    Raises:
        NotFound: what it is about is not here, or not for everybody.
        TooMany: too many tries from this address.
    """
    now_here = here()
    form = await posted()
    uri = await public_uri(form.value("uri"))
    intent = form.choice("intent", INTENTS)
    handle = _handle(form)
    if form.value(TRAP_FIELD):
        form.error("", _("Please look through the form once more and send it again."))
    if handle is None or form.errors:
        return await render("interact.html", status=422, form=form, uri=uri, intents=INTENTS, intent=intent)
    if handle.host == now_here.settings.account_domain:
        return go(f"/authorize_interaction?{urlencode({'uri': uri})}")
    now_here.house.address_tries.hit(f"interact:{now_here.address}", now=now_here.now)
    onward = f"/interact/there?{urlencode({'about': packed(uri), 'intent': intent})}"
    return await look_up(Errand.REMOTE, str(handle), then=onward)


async def there() -> Response:
    """Show the link to the visitor's own server, or how to do it there by hand.

    Raises:
        NotFound: what it is about is not public, or nobody was given the ticket.
    """
    uri, intent = await public_uri(unpacked(request.args.get("about", ""))), request.args.get("intent", "")
    errand = await errands.awaited(job_of(request.args.get("found", "")))
    way = way_there(errand.answer, intent, uri, relaxed=here().settings.development)
    response = await render("interact_there.html", subject=errand.subject, way=way, uri=uri)
    response.headers["cache-control"] = "no-store"
    return response


def way_there(answer: Mapping[str, str], intent: str, uri: str, *, relaxed: bool) -> Way | None:
    """Return the link that opens `uri` on the visitor's own server, None if it names no place for that.

    Args:
        answer: the server's templates by name; strangers' words, so the result is parsed once more.
    """
    for name, parameter in _TEMPLATES.get(intent, ()):
        if name not in answer:
            continue
        try:
            filled = canonical_uri(fill_template(answer[name], **{parameter: uri}), relaxed=relaxed)
        except ProtocolError:
            continue
        return Way(filled.text, filled.host)
    return None


def packed(uri: str) -> str:
    """Return a URI as one word; a path to go on to holds no slashes behind its `?` (T-54)."""
    return base64.urlsafe_b64encode(uri.encode()).decode().rstrip("=")


def unpacked(word: str) -> str:
    """Return what `packed` was given, empty for anything else."""
    try:
        return base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
    except ValueError:
        return ""


async def public_uri(uri: str) -> str:
    """Return the id of an actor, or of an object that everybody may read.

    Raises:
        NotFound: we hold nothing of the kind, or not for everybody; the two look the same. Spec: V-M23.
    """
    known = await objects.find(uri)
    if known is not None and may_read(ANONYMOUS, known.readable):
        return known.uri
    actor = await actors.by_uri(uri)
    if actor is None:
        raise NotFound("nothing public under this address")
    return actor.uri


def _handle(form: Form) -> Handle | None:
    typed = form.text("address", required=True, longest=LONGEST_ADDRESS)
    if not typed:
        return None
    try:
        return parse_handle(typed, relaxed=here().settings.development)
    except ProtocolError:
        form.error("address", _("Write your name, an @ and your server. Example: @you@your.server."))
        return None


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/interact", "interact.interact", interact, methods=["POST"])
    app.add_url_rule("/interact/there", "interact.there", there, methods=["GET"])
