"""Events as pages show them: in the time of their place and in UTC, never in a guessed zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from node.community.event_rules import CATEGORIES, STATUSES
from node.community.event_times import in_zone
from node.community.kinds import EventStatus
from node.community.views import EventView, Reactions, Rights
from node.community.visibility import OPEN
from node.i18n import current, gettext
from node.i18n.dates import country_name, format_day, format_moment, format_span
from node.text.sanitise import CleanHtml, again
from web.places import object_path
from web.shown.audience import AUDIENCES
from web.shown.people import PersonShown, person, web_address
from web.shown.posts import PictureShown, pictures_shown

TONES: Mapping[EventStatus, str] = {
    EventStatus.CONFIRMED: "good",
    EventStatus.TENTATIVE: "wait",
    EventStatus.POSTPONED: "stop",
    EventStatus.RESCHEDULED: "wait",
    EventStatus.MOVED_ONLINE: "info",
    EventStatus.CANCELLED: "stop",
}


@dataclass(frozen=True, slots=True)
class EventCard:
    """An event in a list.

    Args:
        when: `Wed 18 Nov 2026, 14:00–16:00 Nairobi (11:00 UTC)`.
        month, day: as on the leaf of a calendar.
    """

    uri: str
    path: str
    title: str
    teaser: str
    language: str
    when: str
    start_iso: str
    month: str
    day: str
    where: str
    is_online: bool
    status: str
    tone: str
    is_cancelled: bool
    audience: str
    host: str
    published_at: datetime
    updated_at: datetime | None
    author: PersonShown


@dataclass(frozen=True, slots=True)
class EventShown:
    """A whole event.

    Args:
        place: lines of an address.
        map_url: a place by its coordinates, empty without them.
    """

    uri: str
    card: EventCard
    category: str
    start: str
    end: str
    start_utc: str
    start_at: datetime
    zone: str
    place: tuple[str, ...]
    map_url: str
    online_url: str
    content: CleanHtml
    organizer: PersonShown
    credited: PersonShown | None
    pictures: tuple[PictureShown, ...]
    hashtags: tuple[str, ...]
    reactions: Reactions
    rights: Rights
    is_local: bool
    is_listed: bool
    is_open: bool
    is_link_only: bool
    original_url: str
    edit_path: str
    delete_path: str
    calendar_path: str
    anchor: str = ""


def event_card(event: EventView) -> EventCard:
    """Return an event as lists show it."""
    locale = current().locale
    start, end = in_zone(event.start_at, event.time_zone), in_zone(event.end_at, event.time_zone)
    words = format_day(start, locale).split()
    return EventCard(
        uri=event.uri,
        path=object_path(event.uri, "event", is_local=event.is_local),
        title=event.title,
        teaser=event.teaser,
        language=event.language,
        when=format_span(start, end, locale),
        start_iso=start.isoformat(timespec="minutes"),
        month=" ".join(words[1:-1]) or f"{start:%m}",
        day=str(start.day),
        where=event.place_line,
        is_online=bool(event.online_url) and event.place is not None,
        status=gettext(STATUSES[event.status]),
        tone=TONES[event.status],
        is_cancelled=event.status is EventStatus.CANCELLED,
        audience=AUDIENCES[event.visibility],
        host="" if event.is_local else event.author.host,
        published_at=event.published_at,
        updated_at=event.updated_at,
        author=person(event.author),
    )


def event_shown(event: EventView) -> EventShown:
    """Return an event as its own page shows it."""
    locale = current().locale
    card = event_card(event)
    return EventShown(
        uri=event.uri,
        card=card,
        category=gettext(CATEGORIES.get(event.category, "Meeting")),
        start=format_moment(in_zone(event.start_at, event.time_zone), locale),
        end=format_moment(in_zone(event.end_at, event.time_zone), locale),
        start_at=event.start_at,
        start_utc=format_moment(event.start_at.astimezone(UTC), locale),
        zone=event.time_zone,
        place=address_of(event),
        map_url=map_of(event),
        online_url=web_address(event.online_url or ""),
        content=again(event.content_html),
        organizer=person(event.author),
        credited=person(event.credited) if event.credited else None,
        pictures=pictures_shown(event.pictures, event.author.host),
        hashtags=event.hashtags,
        reactions=event.reactions,
        rights=event.rights,
        is_local=event.is_local,
        is_listed=event.is_listed,
        is_open=event.visibility in OPEN,
        is_link_only=not event.is_local and not event.content_html,
        original_url="" if event.is_local else web_address(event.url),
        edit_path=f"{card.path}/edit" if event.rights.may_edit else "",
        delete_path=f"{card.path}/end" if event.rights.may_withdraw else "",
        calendar_path=f"{card.path}.ics" if event.is_local else "",
    )


def address_of(event: EventView) -> tuple[str, ...]:
    """Return where an event is, line by line; nothing for one that is online only."""
    place = event.place
    if place is None:
        return ()
    town = " ".join(filter(None, (place.postal_code, place.locality)))
    land = country_name(place.country, current().locale) if place.country else ""
    return tuple(filter(None, (place.name, place.street, town, place.region, land)))


def map_of(event: EventView) -> str:
    """Return an address that opens a map in whatever program the visitor has."""
    place = event.place
    if place is None or place.latitude is None or place.longitude is None:
        return ""
    return f"geo:{place.latitude:.5f},{place.longitude:.5f}"
