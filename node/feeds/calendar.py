"""Calendars that people subscribe to, from plain values. Pure.

Outlook and Google misread times without a VTIMEZONE for each zone, so every zone comes
with one. A cancelled event stays, or calendars would keep showing it.

Spec: RFC 5545; RFC 7986.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from node.feeds.xml_text import legal

if TYPE_CHECKING:
    from icalendar import Calendar as Icalendar
    from icalendar import Event as Ievent

MEDIA_TYPE = "text/calendar"
REFRESH = timedelta(hours=6)
_A_YEAR = timedelta(days=366)
_STATUS = {"cancelled": "CANCELLED", "tentative": "TENTATIVE", "postponed": "TENTATIVE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One event in a calendar.

    Attributes:
        uri: its permanent id; becomes the UID.
        url: its page.
        title, description, location: plain text.
        start, end: aware, in the zone of the meeting.
        status: the code of the event's status.
        sequence: grows with each change that people must hear of.
        online_url: where to join, if everybody may know.
        tags: categories.
    """

    uri: str
    url: str
    title: str
    start: datetime
    end: datetime
    updated_at: datetime
    created_at: datetime
    description: str = ""
    location: str = ""
    status: str = "confirmed"
    sequence: int = 0
    online_url: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A list of events under a name.

    Attributes:
        url: where the calendar is fetched again.
        events: in any order; those of the past 90 days too.
    """

    url: str
    name: str
    description: str = ""
    language: str = ""
    events: Sequence[CalendarEvent] = field(default=())


def ics(calendar: Calendar) -> bytes:
    """Return a calendar as an iCalendar document in UTF-8."""
    from icalendar import Calendar as Document  # noqa: PLC0415  # 180 ms, and few processes ever need it

    document = Document()
    document.add("prodid", "-//Talanoa//Talanoa//EN")
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("method", "PUBLISH")
    _describe(document, calendar)
    for event in sorted(calendar.events, key=lambda each: (each.start, each.uri)):
        document.add_component(_event(event))
    _add_zones(document, calendar.events)
    written: bytes = document.to_ical()
    return written


def _add_zones(document: "Icalendar", events: Sequence[CalendarEvent]) -> None:
    """Describe each zone for the years that are needed, not from 1970 to 2038."""
    if events:
        first = min(event.start for event in events).date() - _A_YEAR
        last = max(event.end for event in events).date() + _A_YEAR
        document.add_missing_timezones(first_date=first, last_date=last)


def _address(url: str) -> str:
    """An address is written as it is, so a line break in it would begin a line of its own."""
    return "" if any(char <= " " for char in url) else legal(url)


def _describe(document: "Icalendar", calendar: Calendar) -> None:
    for name in ("name", "x-wr-calname"):
        document.add(name, legal(calendar.name))
    if calendar.description:
        for name in ("description", "x-wr-caldesc"):
            document.add(name, legal(calendar.description))
    document.add("source", calendar.url, parameters={"VALUE": "URI"})
    document.add("url", calendar.url)
    document.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    document.add("x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")


def _event(event: CalendarEvent) -> "Ievent":
    from icalendar import Event as Component  # noqa: PLC0415  # as above

    component = Component()
    component.add("uid", _address(event.uri))
    component.add("summary", legal(event.title))
    component.add("dtstamp", event.updated_at.astimezone(UTC))
    component.add("dtstart", event.start)
    component.add("dtend", max(event.start, event.end))
    component.add("created", event.created_at.astimezone(UTC))
    component.add("last-modified", event.updated_at.astimezone(UTC))
    component.add("sequence", event.sequence)
    component.add("status", _STATUS.get(event.status, "CONFIRMED"))
    component.add("transp", "TRANSPARENT" if event.status == "cancelled" else "OPAQUE")
    component.add("url", _address(event.url))
    for name, text in (("description", event.description), ("location", event.location)):
        if text:
            component.add(name, legal(text))
    if _address(event.online_url):
        component.add("conference", _address(event.online_url), parameters={"VALUE": "URI"})
    if event.tags:
        component.add("categories", [legal(tag) for tag in event.tags])
    return component
