"""Who asks to quote a member's posts, and who does: let, refuse, take back."""

from quart import Quart, Response

from node.community import quotes
from node.community.shown_actors import actor_view
from web.context import here
from web.forms import posted
from web.places import object_path
from web.rendering import go, render
from web.shown.people import person, web_address
from web.who import me

PATH = "/quotes"
NOTICES = {"let": "quote-let", "refuse": "quote-refused"}


async def show() -> Response:
    """Show the quotes of a member's posts, those that wait first."""
    rows = await quotes.of_member(me().member)
    shown = [
        {
            "id": row.id,
            "who": person(actor_view(row.quoter)),
            "url": web_address(row.quoting_uri),
            "path": object_path(row.quoted_uri, "post", is_local=True),
            "is_waiting": row.is_waiting,
            "at": row.at,
        }
        for row in rows
    ]
    return await render("quotes.html", quotes=shown)


async def decide() -> Response:
    """Do what the member decided.

    Raises:
        NotFound: there is no such quote of this member's posts.
    """
    form = await posted()
    number = form.number("quote_id", least=1, most=10**11 - 1) or 0
    decision = form.choice("decision", NOTICES, otherwise="refuse")
    await quotes.decide(number, by=me().member, let=decision == "let", now=here().now)
    return go(PATH, notice=NOTICES[decision])


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "quotes.show", show, methods=["GET"])
    app.add_url_rule(f"{PATH}/decide", "quotes.decide", decide, methods=["POST"])
