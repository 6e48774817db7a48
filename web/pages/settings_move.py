"""Coming from another server, and going to one: a member's other accounts."""

from quart import Quart, Response

from federation.errors import ProtocolError
from federation.names import canonical_uri, host_of, parse_handle
from node.community import moves
from node.community.errands import Errand
from node.i18n import mark as _
from web.context import here
from web.forms import Form, blank, posted
from web.pages.looking_up import look_up
from web.proof import proven
from web.rendering import go, render
from web.who import me, registry

PATH = "/settings/move"
LONGEST = 2048
SPELLING = _("Write a name, an @ and a server. Example: @lani@islands.example.")
CLOSED = _("This node exchanges nothing with that server. A federation admin can change that.")


async def show() -> Response:
    """Show the member's other accounts."""
    return await _page(blank())


async def add() -> Response:
    """Name an account that the member had before, after reading it."""
    return await _elsewhere(Errand.ALIAS, "old")


async def drop() -> Response:
    """Take back that an account was theirs; without it nothing changes."""
    form = await posted()
    await moves.drop_alias(form.text("uri", longest=LONGEST), by=me().member, now=here().now)
    return go(PATH, notice="saved")


@proven
async def leave() -> Response:
    """Go on under another account, after it was read and says that it was this one."""
    return await _elsewhere(Errand.MOVE_AWAY, "new")


@proven
async def come_back() -> Response:
    """Be followed here again."""
    await moves.come_back(by=me().member, now=here().now)
    return go(PATH, notice="saved")


async def _elsewhere(errand: Errand, field: str) -> Response:
    form = await posted()
    typed = form.text(field, required=True, longest=LONGEST)
    if not form.errors:
        problem = _problem(typed)
        if not problem:
            return await look_up(errand, typed, then=PATH, payload={"member_id": me().member.id})
        form.error(field, problem)
    return await _page(form, status=422)


def _problem(typed: str) -> str:
    """Return what is wrong with an address, empty for nothing."""
    relaxed = here().settings.development
    try:
        is_web = typed.startswith(("https://", "http://"))
        host = host_of(canonical_uri(typed, relaxed=relaxed)) if is_web else parse_handle(typed, relaxed=relaxed).host
    except ProtocolError:
        return SPELLING
    if host == registry().book.own_host or not registry().decide(host, now=here().now).is_admitted:
        return CLOSED
    return ""


async def _page(form: Form, *, status: int = 200) -> Response:
    actor = me().member.actor
    return await render(
        "settings_move.html",
        status=status,
        form=form,
        aliases=actor.also_known_as,
        moved_to=actor.moved_to or "",
        handle=f"@{actor.name}@{here().settings.account_domain}",
        has_room=len(actor.also_known_as) < moves.MOST_ALIASES,
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "settings_move.show", show, methods=["GET"])
    app.add_url_rule(f"{PATH}/aliases", "settings_move.add", add, methods=["POST"])
    app.add_url_rule(f"{PATH}/aliases/drop", "settings_move.drop", drop, methods=["POST"])
    app.add_url_rule(f"{PATH}/away", "settings_move.leave", leave, methods=["POST"])
    app.add_url_rule(f"{PATH}/back", "settings_move.come_back", come_back, methods=["POST"])
