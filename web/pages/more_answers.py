"""Looking on other servers for more of a thread: a button that asks, and a page that waits. Nothing is fetched here."""

from quart import Quart, Response

from node.community import thread_search
from web.context import here
from web.forms import posted
from web.pages.looking_up import ticket_of
from web.pages.react import LONGEST_URI
from web.rendering import go
from web.who import me


async def look() -> Response:
    """Ask for more of the thread around what the form names.

    Raises:
        NotFound: it isn't here, or not for this member.
    """
    form = await posted()
    uri = form.text("uri", longest=LONGEST_URI)
    job = await thread_search.look_around(uri, by=me().member.actor, now=here().now)
    return go(f"/looking-up/{ticket_of(job.id)}")


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/more-answers", "more_answers.look", look, methods=["POST"])
