"""Answers in Atom and iCalendar: what everybody may read, never more, whoever asks."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from quart import Response, request

from node.community.event_times import in_zone
from node.community.practice_terms import section_title
from node.community.views import EventView, PostView, PracticeView, Thing
from node.feeds import atom, calendar
from node.feeds.atom import Entry, Feed
from node.feeds.calendar import Calendar, CalendarEvent
from node.text.plain import one_line, plain_text, shorten
from node.text.sanitise import CleanHtml, again
from web.context import here

MINUTES = "public, max-age=300"
LONGEST_TITLE = 100
LONGEST_DESCRIPTION = 2000


async def atom_answer(things: Iterable[Thing], *, path: str, page_path: str, title: str, older: str = "") -> Response:
    """Return a feed; things that are not listed are left out.

    Args:
        path: of the feed itself; `page_path` shows the same to people.
        title: of the feed; the node's name is put before it.
        older: path of the feed with older entries, empty at the end.
    """
    base, now = here().settings.public_url, here().now
    entries = [entry_of(thing, base) for thing in things if thing.is_listed]
    feed = Feed(
        url=base + path,
        page_url=base + page_path,
        title=f"{await here().house.node_name.at(now)}: {title}",
        updated_at=max((entry.updated_at for entry in entries), default=now),
        next_url=base + older if older else "",
        entries=entries,
    )
    return await _answer(atom.atom(feed), atom.MEDIA_TYPE)


def calendar_answer(events: Sequence[EventView], *, path: str, name: str, is_one: bool = False) -> Response:
    """Return a calendar.

    Args:
        is_one: it is the file of one event, which browsers save under a name.
    """
    base = here().settings.public_url
    shown = Calendar(url=base + path, name=name, events=[_calendar_event(event, base) for event in events])
    response = Response(calendar.ics(shown), content_type=f"{calendar.MEDIA_TYPE}; charset=utf-8")
    response.headers["cache-control"] = "private, no-cache" if is_one else MINUTES
    if is_one:
        response.headers["content-disposition"] = f'attachment; filename="{path.rsplit("/", 1)[-1]}"'
    return response


def entry_of(thing: Thing, base: str) -> Entry:
    """Return a thing as an entry of a feed."""
    return Entry(
        uri=thing.uri,
        url=base + thing.path if thing.path else thing.url,
        title=_title(thing),
        published_at=thing.published_at,
        updated_at=thing.updated_at or thing.published_at,
        author_name=f"{thing.author.display_name} ({thing.author.handle})",
        author_url=thing.author.url,
        summary=_summary(thing),
        content=_content(thing),
        language=thing.language,
        tags=thing.hashtags,
    )


def _title(thing: Thing) -> str:
    if isinstance(thing, PostView):
        words = thing.warning or thing.title or one_line(plain_text(thing.content_html))
        return shorten(words, LONGEST_TITLE) or thing.author.display_name
    return thing.title


def _summary(thing: Thing) -> str:
    match thing:
        case PracticeView():
            return thing.summary
        case EventView():
            start = in_zone(thing.start_at, thing.time_zone)
            return " · ".join(filter(None, (_iso(start), thing.place_line, thing.teaser)))
        case PostView():
            return thing.warning


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname()}"


def _content(thing: Thing) -> CleanHtml | None:
    """Return the words; those behind a warning stay behind it."""
    if isinstance(thing, PostView) and thing.warning:
        return None
    if isinstance(thing, PracticeView) and thing.sections:
        return again("".join(f"<h2>{section_title(name)}</h2>{html}" for name, html in thing.sections))
    return again(thing.content_html) if thing.content_html else None


def _calendar_event(event: EventView, base: str) -> CalendarEvent:
    words = plain_text(event.content_html)
    return CalendarEvent(
        uri=event.uri,
        url=base + event.path if event.path else event.url,
        title=event.title,
        start=in_zone(event.start_at, event.time_zone),
        end=in_zone(event.end_at, event.time_zone),
        updated_at=event.updated_at or event.published_at,
        created_at=event.published_at,
        description=shorten("\n\n".join(filter(None, (event.teaser, words))), LONGEST_DESCRIPTION),
        location=event.place_line,
        status=event.status.value,
        sequence=event.sequence,
        online_url=event.online_url or "",
        tags=event.hashtags,
    )


async def _answer(content: bytes, media_type: str) -> Response:
    response = Response(content, content_type=f"{media_type}; charset=utf-8")
    response.headers["cache-control"] = MINUTES
    response.headers["vary"] = "Accept-Language"
    response.set_etag(hashlib.sha256(content).hexdigest()[:20])
    return await response.make_conditional(request)
