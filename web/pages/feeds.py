"""Feeds of what is public here: posts, records, events, and what one of ours writes."""

from quart import Quart, Response

from node.community import library, profile_views, timelines
from node.community.library import EventFilter, PracticeFilter, Which
from node.community.visibility import ANONYMOUS
from node.errors import NotFound
from node.i18n import gettext as _
from web.context import here
from web.feeds import atom_answer, calendar_answer
from web.reader import before, older_path


async def posts() -> Response:
    """Answer everything that is published here."""
    found = await timelines.local(ANONYMOUS, before=before())
    things = [item.thing for item in found.items]
    return await atom_answer(
        things, path="/posts.atom", page_path="/posts", title=_("Posts"), older=older_path(found.next)
    )


async def records() -> Response:
    """Answer the practice records of this node."""
    found = await library.practices(ANONYMOUS, PracticeFilter(local_only=True), before=before())
    return await atom_answer(
        found.items, path="/practices.atom", page_path="/practices", title=_("Practices"), older=older_path(found.next)
    )


async def events() -> Response:
    """Answer the events that come."""
    wanted = EventFilter(local_only=True)
    found = await library.events(ANONYMOUS, wanted, now=here().now, before=before())
    return await atom_answer(
        found.items, path="/events.atom", page_path="/events", title=_("Events"), older=older_path(found.next)
    )


async def calendar() -> Response:
    """Answer the calendar that people subscribe to: what comes, and the latest of what was."""
    coming = await library.events(ANONYMOUS, EventFilter(local_only=True), now=here().now)
    past = await library.events(ANONYMOUS, EventFilter(which=Which.PAST, local_only=True), now=here().now)
    name = await here().house.node_name.at(here().now)
    return calendar_answer([*coming.items, *past.items], path="/events.ics", name=name)


async def profile(name: str) -> Response:
    """Answer what a member or Group of ours writes and passes on.

    Raises:
        NotFound: nobody of ours is called so.
        Withdrawn: they left.
    """
    if "@" in name:
        raise NotFound("feeds are of our own people")
    who = await profile_views.named(name, "", ANONYMOUS)
    found = await profile_views.stream_of(name, "", ANONYMOUS, before=before())
    return await atom_answer(
        [item.thing for item in found.items],
        path=f"{who.actor.path}.atom",
        page_path=who.actor.path,
        title=who.actor.display_name,
        older=older_path(found.next),
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/posts.atom", "feeds.posts", posts, methods=["GET"])
    app.add_url_rule("/practices.atom", "feeds.records", records, methods=["GET"])
    app.add_url_rule("/events.atom", "feeds.events", events, methods=["GET"])
    app.add_url_rule("/events.ics", "feeds.calendar", calendar, methods=["GET"])
    app.add_url_rule("/@<name>.atom", "feeds.profile", profile, methods=["GET"])
