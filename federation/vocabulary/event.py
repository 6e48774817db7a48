"""Events of ours in the shape that calendars of the network can all read. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from federation.vocabulary.context import Json
from federation.vocabulary.pieces import (
    NamedActor,
    Picture,
    Topic,
    attachment,
    content_members,
    filled,
    icon,
    local_moment,
    moment,
    revision_moment,
    tags,
    website,
)

_STATUS = {"EventCancelled": "CANCELLED", "EventTentative": "TENTATIVE", "EventPostponed": "TENTATIVE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceInput:
    """A place people can go to; coordinates in degrees."""

    name: str
    id: str | None = None
    street: str = ""
    postal_code: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventInput:
    """An event.

    Args:
        author: the actor it belongs to.
        summary: the plain line with time, place and teaser that most readers see; composed if "".
        teaser: plain text for the composed summary.
        starts_at, ends_at: aware; sent with the offset of `timezone`.
        timezone: IANA name.
        online_url: where to take part from afar.
        event_status: EventScheduled, EventTentative, EventCancelled, EventPostponed, EventRescheduled or
            EventMovedOnline.
        join_mode: free, restricted, invite or external (no answers here: the link is the page).
    """

    id: str
    url: str
    author: str
    to: Sequence[str]
    cc: Sequence[str]
    name: str
    content_html: str
    language: str | None
    published: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    updated: datetime | None = None
    summary: str = ""
    teaser: str = ""
    place: PlaceInput | None = None
    online_url: str | None = None
    event_status: str = "EventScheduled"
    previous_starts_at: datetime | None = None
    join_mode: str = "external"
    external_url: str | None = None
    capacity: int | None = None
    participants: int | None = None
    category: str = "MEETING"
    comments_enabled: bool = True
    display_end_time: bool = True
    image: Picture | None = None
    mentions: Sequence[NamedActor] = ()
    topics: Sequence[Topic] = ()
    group: str | None = None
    context: str | None = None


def event_object(event: EventInput) -> Json:
    """Return an Event, without context.

    Spec: FEP-8a8e, within what Mobilizon, Gancio, Friendica, Akkoma and Lemmy accept.
    """
    return filled(
        {
            "id": event.id,
            "type": "Event",
            "actor": event.author,
            "attributedTo": event.author,
            "to": list(event.to),
            "cc": list(event.cc),
            "audience": event.group,
            "context": event.context,
            "url": event.url,
            "name": event.name,
            "summary": event.summary or event_line(event),
            **content_members(event.content_html, event.language),
            "mediaType": "text/html",
            "inLanguage": event.language,
            "published": moment(event.published),
            "updated": revision_moment(event.updated) if event.updated else moment(event.published),
            **_when(event),
            **_where(event),
            **_taking_part(event),
            "attachment": [*([attachment(event.image)] if event.image else []), website(event.online_url or event.url)],
            "image": icon(event.image),
            "tag": tags(event.mentions, event.topics),
            "replies": f"{event.id}/replies",
            "likes": f"{event.id}/likes",
            "shares": f"{event.id}/shares",
            "commentsEnabled": event.comments_enabled,
            "repliesModerationOption": "allow_all" if event.comments_enabled else "closed",
            "draft": False,
        }
    )


def event_line(event: EventInput) -> str:
    """Return date, hours, place and teaser in one English line, for readers that show nothing else."""
    zone = ZoneInfo(event.timezone)
    start, end = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    day = f"{start:%a} {start.day} {start:%b %Y}"
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a} {end.day} {end:%b %Y}, {end:%H:%M}"
    hours = f"{start:%H:%M}–{until}" if event.display_end_time else f"{start:%H:%M}"
    where = ", ".join(part for part in _where_words(event) if part)
    line = f"{day}, {hours} {start:%Z}" + (f" — {where}." if where else ".")
    return f"{line} {event.teaser}".strip()


def _where_words(event: EventInput) -> tuple[str, ...]:
    online = ("online",) if event.online_url else ()
    return (event.place.name, event.place.locality, *online) if event.place else online


def _when(event: EventInput) -> Json:
    zone = ZoneInfo(event.timezone)
    start, end = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    status = _STATUS.get(event.event_status, "CONFIRMED")
    return {
        "startTime": local_moment(start),
        "endTime": local_moment(end),
        "timezone": event.timezone,
        "displayEndTime": None if event.display_end_time else False,
        "status": status,
        "ical:status": status,
        "eventStatus": event.event_status,
        "previousStartTime": moment(event.previous_starts_at) if event.previous_starts_at else None,
    }


def _where(event: EventInput) -> Json:
    place: Json | None = _place(event.place) if event.place else None
    if place is None and event.online_url:
        place = {"type": "VirtualLocation", "name": "Online", "url": event.online_url}
    return {"location": place, "isOnline": event.online_url is not None}


def _place(place: PlaceInput) -> Json:
    address = filled(
        {
            "type": "PostalAddress",
            "streetAddress": place.street,
            "postalCode": place.postal_code,
            "addressLocality": place.locality,
            "addressRegion": place.region,
            "addressCountry": place.country,
        }
    )
    known = place.latitude is not None and place.longitude is not None
    return filled(
        {
            "type": "Place",
            "id": place.id,
            "name": place.name,
            "address": address,
            "latitude": float(place.latitude or 0) if known else None,
            "longitude": float(place.longitude or 0) if known else None,
        }
    )


def _taking_part(event: EventInput) -> Json:
    taken = event.participants or 0
    external = event.external_url or event.url
    return {
        "joinMode": event.join_mode,
        "externalParticipationUrl": external if event.join_mode == "external" else None,
        "maximumAttendeeCapacity": event.capacity,
        "remainingAttendeeCapacity": None if event.capacity is None else max(0, event.capacity - taken),
        "participantCount": event.participants,
        "anonymousParticipationEnabled": False,
        "attendees": {"id": f"{event.id}/attendees", "type": "Collection", "totalItems": taken},
        "category": event.category,
    }
