"""What was given up or did not arrive, one by one: read it with its reason, try it once more, let it rest.

Also any activity that came in, by its id: what became of it and why.
"""

from quart import Quart, Response, request

from inbox import looking_after as incoming
from node.community import work
from node.errors import NotFound
from outbox import looking_after as outgoing
from web.admin.words import job_name, state_name
from web.context import here
from web.forms import Form, blank, posted
from web.rendering import go, render

QUEUES = "/admin/queues"
LONGEST_URI = 2048
MOST_AT_ONCE = 60


async def received() -> Response:
    """Find received activities by their id."""
    uri = request.args.get("uri", "")[:LONGEST_URI].strip()
    found = await incoming.named(uri) if uri else await incoming.latest()
    return await render(
        "admin/received.html",
        form=blank(uri=uri),
        uri=uri,
        rows=[(each, state_name(each.state)) for each in found],
    )


async def one_received(received_id: str) -> Response:
    """Show one received activity with its raw body.

    Raises:
        NotFound: there is none with this number.
    """
    found = await incoming.one(number_of(received_id))
    return await render("admin/received_one.html", row=found, state=state_name(found.state))


async def one_delivery(delivery_id: str) -> Response:
    """Show one delivery with what was sent; raises like `one_received`."""
    found = await outgoing.one(number_of(delivery_id))
    return await render("admin/delivery.html", row=found, state=state_name(found.state))


async def one_job(job_id: str) -> Response:
    """Show one job with what it was to do; raises like `one_received`."""
    found = await work.one(number_of(job_id))
    told = [(name, str(value)) for name, value in found.payload.items()]
    return await render(
        "admin/job.html", row=found, kind=job_name(found.kind), state=state_name(found.state), told=told
    )


async def retry_delivery(delivery_id: str) -> Response:
    """Let a delivery that ended without arriving be tried once more; raises like `one_received`."""
    await outgoing.retry(number_of(delivery_id), now=here().now)
    return go(QUEUES, notice="retried")


async def discard() -> Response:
    """Let one thing rest, or all that the page showed."""
    form, now = await posted(), here().now
    await incoming.discard(_numbers(form, "received"), now=now)
    await work.discard(_numbers(form, "job"), now=now)
    await outgoing.discard(_numbers(form, "delivery"), now=now)
    return go(QUEUES, notice="discarded")


def number_of(text: str) -> int:
    """Return a row's number from a path.

    Raises:
        NotFound: it is none.
    """
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise NotFound("not a number of ours")
    return int(text)


def _numbers(form: Form, name: str) -> list[int]:
    return [number_of(each) for each in form.values(name)[:MOST_AT_ONCE]]


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/admin/received", "admin.received", received, methods=["GET"])
    app.add_url_rule("/admin/received/<received_id>", "admin.one_received", one_received, methods=["GET"])
    app.add_url_rule("/admin/deliveries/<delivery_id>", "admin.one_delivery", one_delivery, methods=["GET"])
    app.add_url_rule("/admin/jobs/<job_id>", "admin.one_job", one_job, methods=["GET"])
    app.add_url_rule(f"{QUEUES}/lost/<delivery_id>/retry", "admin.retry_delivery", retry_delivery, methods=["POST"])
    app.add_url_rule(f"{QUEUES}/discard", "admin.discard", discard, methods=["POST"])
