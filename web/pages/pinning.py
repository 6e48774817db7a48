"""Pinning something to a profile, and taking it down again."""

from quart import Quart, Response

from node.community import pins
from node.errors import Invalid
from web.context import here
from web.forms import Form, posted
from web.rendering import go
from web.security import safe_path
from web.who import me

LONGEST_URI = 2048


async def pin() -> Response:
    """Pin what the form names. Raises NotFound where it isn't this member's to pin."""
    form = await posted()
    try:
        await pins.pin(form.text("uri", longest=LONGEST_URI), by=me().member, now=here().now)
    except Invalid:
        return go(_next(form), notice="not-pinned")
    return go(_next(form), notice="pinned")


async def unpin() -> Response:
    """Take down what the form names; raises like `pin`."""
    form = await posted()
    await pins.unpin(form.text("uri", longest=LONGEST_URI), by=me().member, now=here().now)
    return go(_next(form), notice="unpinned")


def _next(form: Form) -> str:
    settings = here().settings
    path = form.value("next").partition("#")[0]
    return safe_path(path, public_url=settings.public_url, relaxed=settings.development, otherwise="/home")


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/pin", "pinning.pin", pin, methods=["POST"])
    app.add_url_rule("/unpin", "pinning.unpin", unpin, methods=["POST"])
