"""Whom a member keeps away from: blocking and muting a person or a whole server, and ending it."""

from quart import Quart, Response, request

from node.community import avoidances
from node.community.kinds import AvoidanceKind
from node.errors import Invalid
from node.i18n import mark as _
from web.context import here
from web.forms import Form, blank, posted
from web.rendering import go, render
from web.shown.people import person
from web.who import me

LONGEST = 2048
LIST = "/settings/avoided"
WAYS = {
    "mute": _("Do not show me what they write, and tell me nothing about them. They notice nothing."),
    "block": _("Keep us apart: they can't follow, answer or mention me, and I don't see them."),
    "mute_server": _("Do not show me anything from %(host)s."),
    "block_server": _("Keep everybody of %(host)s apart from me."),
}
KINDS = {
    "mute": AvoidanceKind.MUTE,
    "block": AvoidanceKind.BLOCK,
    "mute_server": AvoidanceKind.MUTE,
    "block_server": AvoidanceKind.BLOCK,
}
IN_WORDS = {AvoidanceKind.MUTE: _("Muted"), AvoidanceKind.BLOCK: _("Blocked")}


async def show() -> Response:
    """Show whom the member keeps away from."""
    found = await avoidances.of(me().member)
    shown = [
        (each.subject, person(each.who) if each.who else None, IN_WORDS[each.kind], each.is_told, each.since)
        for each in found
    ]
    return await render("avoided.html", avoided=shown)


async def choose() -> Response:
    """Ask how far away somebody is to be kept. Raises NotFound for nobody whom this node knows."""
    return await _page(blank(way="mute"), request.args.get("uri", "")[:LONGEST])


async def avoid() -> Response:
    """Keep away from somebody, or from everybody of their server.

    Raises:
        NotFound: nobody this node knows.
    """
    form = await posted()
    uri = form.text("uri", longest=LONGEST)
    target = await avoidances.person(uri, by=me().member)
    way = form.choice("way", KINDS if not target.is_local else ("mute", "block"))
    if not form.errors:
        subject = target.host if way.endswith("_server") else target.uri
        try:
            await avoidances.avoid(
                subject, KINDS[way], by=me().member, now=here().now, tell=way == "block" and form.ticked("tell")
            )
            return go(LIST, notice="avoided")
        except Invalid as invalid:
            form.error("way", next(iter(invalid.fields.values())))
    return await _page(form, uri, status=422)


async def end() -> Response:
    """Keep away no longer. Raises NotFound where nothing of this kind stands."""
    form = await posted()
    await avoidances.end(form.text("subject", longest=LONGEST), by=me().member, now=here().now)
    return go(LIST, notice="avoided-no-more")


async def _page(form: Form, uri: str, *, status: int = 200) -> Response:
    target = await avoidances.person(uri, by=me().member)
    kind = await avoidances.standing(me().member, target.uri, target.host)
    ways = [way for way in WAYS if not target.is_local or not way.endswith("_server")]
    return await render(
        "avoid.html",
        status=status,
        form=form,
        who=person(target),
        ways=[(way, WAYS[way]) for way in ways],
        standing=IN_WORDS[kind] if kind else "",
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(LIST, "avoiding.show", show, methods=["GET"])
    app.add_url_rule("/avoid", "avoiding.choose", choose, methods=["GET"])
    app.add_url_rule("/avoid", "avoiding.avoid", avoid, methods=["POST"])
    app.add_url_rule("/avoid/end", "avoiding.end", end, methods=["POST"])
