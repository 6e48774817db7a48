"""The first page of the administration: what there is to look after, and whether something waits."""

from quart import Quart, Response

from inbox import backlog as incoming
from node.community import node_profile, work
from outbox import backlog as outgoing
from web.context import here
from web.rendering import render


async def overview() -> Response:
    """Show what this member may look after."""
    out, came_in, jobs = await outgoing.backlog(), await incoming.backlog(), await work.counts()
    waiting = out.states.get("pending", 0) + came_in.states.get("pending", 0)
    waiting += sum(states.get("pending", 0) for states in jobs.values())
    dead = came_in.states.get("dead", 0) + sum(states.get("dead", 0) for states in jobs.values())
    return await render(
        "admin/overview.html",
        waiting=waiting,
        dead=dead,
        is_held=await node_profile.is_held(),
        is_steward=here().may("STEWARD"),
        is_federation_admin=here().may("FEDERATION_ADMIN"),
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/admin", "admin.overview", overview, methods=["GET"])
