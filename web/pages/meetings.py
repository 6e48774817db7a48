"""Events: the list of what comes and what was, one event, and its file for calendars."""

from quart import Quart, Response, request

from node.community import addresses, library, threads
from node.community.library import EventFilter, Which
from node.community.views import EventView
from node.community.visibility import Viewer
from node.i18n import gettext as _
from web.context import here
from web.feeds import calendar_answer
from web.opening import Opening, page
from web.reader import before, older_path, part, reader
from web.shown.events import EventShown, event_card, event_shown
from web.shown.threads import thread_shown

CALENDAR = ".ics"


async def events() -> Response:
    """Show what comes, or what was."""
    which = Which.PAST if request.args.get("when") == Which.PAST else Which.UPCOMING
    found = await library.events(await reader(), EventFilter(which=which), now=here().now, before=before())
    opening = Opening(
        title=_("Events"),
        path="/events",
        uri=addresses.group_uri(here().settings.public_url, "events"),
        description=_("Meetings, trainings and calls of the network, each in the time of its place and in UTC."),
        is_listed=which is Which.UPCOMING and before() is None,
        feed="/events.atom",
    )
    return await page(
        "events.html",
        opening,
        is_past=which is Which.PAST,
        events=[event_card(event) for event in found.items],
        older=older_path(found.next, when=Which.PAST.value if which is Which.PAST else ""),
    )


async def event(public_id: str) -> Response:
    """Show an event of ours, or with `.ics` behind its id its file for calendars.

    Raises:
        NotFound: there is none, or not for this visitor.
        Withdrawn: it was deleted.
    """
    viewer = await reader()
    if public_id.endswith(CALENDAR):
        found = await library.event(public_id.removesuffix(CALENDAR), viewer)
        return calendar_answer([found], path=f"{found.path}{CALENDAR}", name=found.title, is_one=True)
    return await event_page(await library.event(public_id, viewer), viewer)


async def event_page(found: EventView, viewer: Viewer) -> Response:
    """Return the page of an event, ours or foreign."""
    shown = event_shown(found)
    around = thread_shown(
        await threads.thread(found.uri, viewer, part()), **({} if found.is_local else {"uri": found.uri})
    )
    return await page("event.html", _opening(shown, is_listed=around.is_listed), event=shown, thread=around)


def _opening(event: EventShown, *, is_listed: bool) -> Opening:
    picture = next((picture for picture in event.pictures if picture.source), None)
    lines = (event.card.when, event.card.where, event.card.teaser)
    return Opening(
        title=event.card.title,
        path=event.card.path,
        uri=event.uri,
        description=" · ".join(filter(None, lines)),
        kind="article",
        language=event.card.language,
        image=picture.url if picture else "",
        image_alt=picture.alt if picture else "",
        author=event.organizer.full_handle,
        is_listed=is_listed and event.is_listed and event.is_local,
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/events", "meetings.events", events, methods=["GET"])
    app.add_url_rule("/events/<public_id>", "meetings.event", event, methods=["GET"])
