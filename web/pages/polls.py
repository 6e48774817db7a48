"""Voting in a poll, here or on another server."""

from quart import Quart, Response

from node.community import polls
from web.context import here
from web.forms import posted
from web.pages.react import LONGEST_URI, back
from web.who import me

MOST_CHOICES = 50


async def vote() -> Response:
    """Vote as the form says.

    Raises:
        NotFound: there is no such poll for this member.
        Invalid: it is over, answered before, own, or nothing was chosen.
    """
    form = await posted()
    member = me().member
    places = [int(value) for value in form.values("choice")[:MOST_CHOICES] if value.isdecimal() and len(value) < 4]
    uri = form.text("uri", longest=LONGEST_URI)
    await polls.vote(uri, places, by=member.actor, now=here().now, by_member_id=member.id)
    return back(form, notice="voted")


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/vote", "polls.vote", vote, methods=["POST"])
