"""What is new: here, in the whole network, under a hashtag."""

from quart import Quart, Response

from node.community import addresses, timelines
from node.community.paging import Page
from node.community.tagged import tagged as tagged_things
from node.community.views import TimelineItem
from node.errors import NotFound
from node.i18n import gettext as _
from node.text.markdown import hashtag_key
from web.context import here
from web.opening import Opening, page
from web.reader import before, older_path, reader
from web.shown.lists import item_shown

LONGEST_TAG = 100


async def local() -> Response:
    """Show what was published here."""
    found = await timelines.local(await reader(), before=before())
    opening = Opening(
        title=_("Posts"),
        path="/posts",
        uri=addresses.group_uri(here().settings.public_url, "posts"),
        is_listed=before() is None,
        feed="/posts.atom",
    )
    return await _page(found, opening, tab="/posts")


async def network() -> Response:
    """Show what was published here and what reached us from elsewhere."""
    found = await timelines.network(await reader(), before=before())
    opening = Opening(title=_("The whole network"), path="/network", is_listed=False)
    return await _page(found, opening, tab="/network")


async def tagged(name: str) -> Response:
    """Show everything with a hashtag.

    Raises:
        NotFound: nothing could ever carry such a tag.
    """
    key = hashtag_key(name)
    if not key or len(name) > LONGEST_TAG:
        raise NotFound("not a hashtag")
    found = await tagged_things(name, await reader(), before=before())
    return await _page(found, Opening(title=f"#{name}", path=f"/tags/{key}", is_listed=False), tab="")


async def _page(found: Page[TimelineItem], opening: Opening, *, tab: str) -> Response:
    return await page(
        "timeline.html",
        opening,
        tab=tab,
        items=[item_shown(item) for item in found.items],
        older=older_path(found.next),
        is_first=before() is None,
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/posts", "timelines.local", local, methods=["GET"])
    app.add_url_rule("/network", "timelines.network", network, methods=["GET"])
    app.add_url_rule("/tags/<name>", "timelines.tagged", tagged, methods=["GET"])
