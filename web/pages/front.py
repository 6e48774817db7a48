"""The first page: what the network is, what is new, and how to follow it from elsewhere."""

from quart import Quart, Response

from node.community import addresses, library, node_profile, profile_views, timelines
from node.community.library import EventFilter, PracticeFilter
from web.access import GET, ROUTES
from web.context import here
from web.opening import Opening, page
from web.reader import reader
from web.rendering import go
from web.shown.events import event_card
from web.shown.lists import item_shown
from web.shown.people import PersonShown, person
from web.shown.practices import record_card

MOST_RECORDS, MOST_EVENTS, MOST_POSTS = 6, 3, 4
MEMBERS_HOME = "/home"


async def front() -> Response:
    """Show what the network is; members go to what is new for them."""
    if here().session is not None and any(route.rule == MEMBERS_HOME and route.methods >= GET for route in ROUTES):
        return go(MEMBERS_HOME)
    viewer, now = await reader(), here().now
    profile = await node_profile.read()
    records = await library.practices(viewer, PracticeFilter(most=MOST_RECORDS))
    events = await library.events(viewer, EventFilter(most=MOST_EVENTS), now=now)
    latest = await timelines.latest_posts(viewer, MOST_POSTS)
    description = profile.description if profile else ""
    settings = here().settings
    opening = Opening(
        title=here().title,
        path="/",
        uri=addresses.group_uri(settings.public_url, "network"),
        description=description,
        feed="/posts.atom",
    )
    return await page(
        "front.html",
        opening,
        description=description,
        practices=[record_card(record) for record in records.items],
        events=[event_card(event) for event in events.items],
        latest=[item_shown(item) for item in latest.items],
        groups=await groups(),
    )


async def groups() -> list[PersonShown]:
    """Return the Groups that anyone can follow, none before the node is set up."""
    return [person(actor) for actor in await profile_views.groups()]


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/", "front.front", front, methods=["GET"])
