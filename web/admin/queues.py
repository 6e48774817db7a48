"""What waits to go out or to be worked on, what was given up and why, and another try."""

from collections.abc import Mapping

from quart import Quart, Response

from inbox import backlog as incoming
from node.community import node_profile, work
from node.errors import NotFound
from outbox import backlog as outgoing
from outbox.looking_after import lost as lost_ones
from web.admin.words import job_name, state_name
from web.context import here
from web.rendering import go, render

PATH = "/admin/queues"


async def show() -> Response:
    """Show counts by state, the hosts that much waits for, and what was given up."""
    out, came_in, jobs = await outgoing.backlog(), await incoming.backlog(), await work.counts()
    return await render(
        "admin/queues.html",
        deliveries=_named(out.states),
        received=_named(came_in.states),
        jobs=[(job_name(kind), _named(states)) for kind, states in sorted(jobs.items())],
        oldest=(out.oldest_at, came_in.oldest_at, await work.oldest_due_at(now=here().now)),
        hosts=out.hosts,
        lost=[(each, state_name(each.state)) for each in await lost_ones()],
        dead_received=await incoming.given_up(),
        dead_jobs=[(each, job_name(each.kind)) for each in await work.given_up()],
        is_held=await node_profile.is_held(),
    )


async def retry_deliveries() -> Response:
    """Let everything that waits to go out be tried at once."""
    await outgoing.retry(now=here().now)
    return go(PATH, notice="retried")


async def retry_received(received_id: str) -> Response:
    """Let one received activity be tried once more.

    Raises:
        NotFound: none with this number was given up.
    """
    await incoming.retry_one(_number(received_id), now=here().now)
    return go(PATH, notice="retried")


async def retry_job(job_id: str) -> Response:
    """Let one job be tried once more; raises like `retry_received`."""
    await work.retry(_number(job_id), now=here().now)
    return go(PATH, notice="retried")


def _named(states: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(state_name(state), number) for state, number in sorted(states.items())]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise NotFound("not a number of ours")
    return int(text)


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "admin.queues", show, methods=["GET"])
    app.add_url_rule(f"{PATH}/deliveries/retry", "admin.retry_deliveries", retry_deliveries, methods=["POST"])
    app.add_url_rule(f"{PATH}/received/<received_id>/retry", "admin.retry_received", retry_received, methods=["POST"])
    app.add_url_rule(f"{PATH}/jobs/<job_id>/retry", "admin.retry_job", retry_job, methods=["POST"])
