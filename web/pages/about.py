"""About this node: who runs it, how to reach them, its rules, its software."""

from quart import Quart, Response

from node.community import node_profile
from web.rendering import render


async def about() -> Response:
    """Show who is behind this node."""
    profile = await node_profile.read()
    return await render("about.html", profile=profile, rules=profile.rules.splitlines() if profile else [])


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/about", view_func=about, methods=["GET"])
