"""Read events as Mobilizon, Gancio, Friendica, WordPress and our own kind write them. Pure."""

from datetime import UTC
from typing import Final

from federation.vocabulary import limits
from federation.vocabulary.fields import Fields, as_list, clean, is_object, type_of, web_link, zone_named
from federation.vocabulary.parse_note import parse_note
from federation.vocabulary.types import EventDocument, PlaceDocument

_STATUSES: Final = {"CONFIRMED", "TENTATIVE", "CANCELLED"}
_FROM_EVENT_STATUS: Final = {"EventCancelled": "CANCELLED", "EventTentative": "TENTATIVE"}


def parse_event(fields: Fields) -> EventDocument:
    """Read an event.

    Raises:
        Malformed: id or owner is no https URI. A missing start is not an error here.

    Spec: FEP-8a8e.
    """
    zone = zone_named(fields.get("timezone"))
    local = zone or UTC
    event_status = fields.code("eventStatus").rpartition("/")[2].rpartition(":")[2]
    return EventDocument(
        note=parse_note(fields, "Event"),
        starts_at=fields.moment("startTime", local),
        ends_at=fields.moment("endTime", local),
        timezone=zone.key if zone else None,
        display_end_time=fields.flag("displayEndTime", absent=True),
        place=_place(fields),
        online_url=_online_url(fields),
        is_online=fields.flag("isOnline"),
        status=_status(fields, event_status),
        event_status=event_status,
        join_mode=fields.code("joinMode"),
        external_participation_url=web_link(fields.get("externalParticipationUrl"), relaxed=fields.relaxed),
        capacity=fields.number("maximumAttendeeCapacity"),
        remaining=fields.number("remainingAttendeeCapacity"),
        participants=_participants(fields),
        category=fields.code("category"),
        comments_enabled=fields.flag("commentsEnabled", absent=True),
        previous_starts_at=fields.moment("previousStartTime", local),
        organizers=_organizers(fields),
    )


def _status(fields: Fields, event_status: str) -> str:
    said = (fields.code("ical:status") or fields.code("status")).upper()
    if said in _STATUSES and said != "CONFIRMED":
        return said
    return _FROM_EVENT_STATUS.get(event_status, "CONFIRMED")


def _participants(fields: Fields) -> int | None:
    counted = fields.number("participantCount")
    return fields.inner("attendees").number("totalItems") if counted is None else counted


def _organizers(fields: Fields) -> tuple[str, ...]:
    named = fields.get("organizers")
    if is_object(named) and type_of(named.get("type")).endswith("Collection"):
        inner = Fields(named, fields.relaxed)
        return inner.uris("orderedItems", limits.CONTRIBUTORS) or inner.uris("items", limits.CONTRIBUTORS)
    return fields.uris("organizers", limits.CONTRIBUTORS)


def _locations(fields: Fields) -> list[object]:
    return as_list(fields.get("location"), limits.PLACES)


def _is_virtual(value: object) -> bool:
    return is_object(value) and type_of(value.get("type")) == "VirtualLocation"


def _online_url(fields: Fields) -> str | None:
    """Return the link of a virtual location, or Mobilizon's attachment called Website for an online event."""
    for value in _locations(fields):
        place = value.get("url") if _is_virtual(value) and is_object(value) else value
        link = web_link(place, relaxed=fields.relaxed)
        if link:
            return link
    if not fields.flag("isOnline"):
        return None
    for value in as_list(fields.get("attachment"), limits.ATTACHMENTS):
        if is_object(value) and type_of(value.get("type")) == "Link" and value.get("name") == "Website":
            return web_link(value.get("href"), relaxed=fields.relaxed)
    return None


def _place(fields: Fields) -> PlaceDocument | None:
    for value in _locations(fields):
        if is_object(value) and not _is_virtual(value):
            return _described_place(Fields(value, fields.relaxed))
        name = clean(value, limits.NAME_CHARACTERS) if isinstance(value, str) else ""
        if name and not web_link(name, relaxed=True):
            return PlaceDocument(None, name, "", "", "", "", "", None, None, None)
    return None


def _described_place(place: Fields) -> PlaceDocument:
    address = place.inner("address")
    street = address.text("streetAddress", limits.NAME_CHARACTERS)
    return PlaceDocument(
        id=place.optional_id(),
        name=place.text("name", limits.NAME_CHARACTERS),
        street=street or place.text("address", limits.NAME_CHARACTERS),
        postal_code=address.code("postalCode"),
        locality=address.text("addressLocality", limits.NAME_CHARACTERS),
        region=_region(address),
        country=address.text("addressCountry", limits.NAME_CHARACTERS),
        latitude=_degrees(place.decimal("latitude"), 90),
        longitude=_degrees(place.decimal("longitude"), 180),
        url=web_link(place.get("url"), relaxed=place.relaxed),
    )


def _region(address: Fields) -> str:
    """Return the region; WordPress plugins have written `addressState`."""
    regions = (address.text(name, limits.NAME_CHARACTERS) for name in ("addressRegion", "addressState"))
    return next((region for region in regions if region), "")


def _degrees(value: float | None, most: int) -> float | None:
    return value if value is not None and abs(value) <= most else None
