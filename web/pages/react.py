"""Liking and passing on, and taking it back: buttons that lead back to where they stood."""

from quart import Quart, Response

from node.community import interactions
from web.context import here
from web.forms import Form, posted
from web.rendering import go
from web.security import safe_path
from web.who import me

LONGEST_URI = 2048


async def like() -> Response:
    """Like what the form names. Raises NotFound where it isn't here, or not for this member."""
    form = await posted()
    member = me().member
    await interactions.like(_uri(form), by=member.actor, now=here().now, by_member_id=member.id)
    return back(form)


async def unlike() -> Response:
    """Take a like back; without one nothing changes."""
    form = await posted()
    member = me().member
    await interactions.unlike(_uri(form), by=member.actor, now=here().now, by_member_id=member.id)
    return back(form)


async def boost() -> Response:
    """Pass on what the form names. Raises NotFound, or Invalid where not everybody may read it."""
    form = await posted()
    member = me().member
    await interactions.boost(_uri(form), by=member.actor, now=here().now, by_member_id=member.id)
    return back(form)


async def unboost() -> Response:
    """Take back that it was passed on; without that nothing changes."""
    form = await posted()
    member = me().member
    await interactions.unboost(_uri(form), by=member.actor, now=here().now, by_member_id=member.id)
    return back(form)


def _uri(form: Form) -> str:
    return form.text("uri", longest=LONGEST_URI)


def back(form: Form, *, notice: str = "") -> Response:
    """Lead back to where a button stood: a path of ours, with the place on its page."""
    settings = here().settings
    next_path, _, anchor = form.value("next").partition("#")
    path = safe_path(next_path, public_url=settings.public_url, relaxed=settings.development, otherwise="/home")
    place = f"{path}#{anchor}" if anchor.replace("-", "").isalnum() and anchor.isascii() else path
    return go(place, notice=notice)


def register(app: Quart) -> None:
    """Add the routes of this module."""
    for name, act in {"like": like, "unlike": unlike, "boost": boost, "unboost": unboost}.items():
        app.add_url_rule(f"/{name}", f"react.{name}", act, methods=["POST"])
