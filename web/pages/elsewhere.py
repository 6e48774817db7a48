"""What stands on another server and is held here: a post with its thread, a record, an event (`/thread?uri=`)."""

from quart import Quart, Response, request

from node.community import objects, threads
from node.community.views import EventView, PostView, PracticeView
from node.errors import NotFound
from web.opening import page
from web.pages.meetings import event_page
from web.pages.post import opening_of
from web.pages.records import record_page
from web.places import object_path
from web.reader import part, reader
from web.rendering import go
from web.shown.posts import post_shown
from web.shown.threads import thread_shown

LONGEST_URI = 2048


async def thing() -> Response:
    """Show what is held under a URI; what is ours has its own page. Nothing is fetched.

    Raises:
        NotFound: nothing, or not for this visitor; the two look the same (V-M23).
        Withdrawn: it was deleted.
    """
    uri = request.args.get("uri", "")
    viewer = await reader()
    known = await objects.find(uri) if 0 < len(uri) <= LONGEST_URI else None
    if known is None:
        raise NotFound("nothing of the kind is held here")
    thread = await threads.thread(known.uri, viewer, part())
    if known.is_local:
        return go(object_path(known.uri, known.kind, is_local=True))
    match thread.thing:
        case PostView():
            shown, around = post_shown(thread.thing), thread_shown(thread, uri=known.uri)
            return await page("post.html", opening_of(shown, around), post=shown, thread=around)
        case PracticeView():
            return await record_page(thread.thing, viewer)
        case EventView():
            return await event_page(thread.thing, viewer)


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/thread", "elsewhere.thing", thing, methods=["GET"])
