"""A foreign Event as a draft for the community. Pure."""

from datetime import datetime

from federation.addressing import visibility_of
from federation.errors import Malformed
from federation.vocabulary.types import EventDocument, PlaceDocument
from inbox.interpret.kept_document import kept_document
from inbox.interpret.post import attachments_of
from node.community.event_rules import Place
from node.community.foreign_events import ForeignEvent
from node.models import EventStatus, Visibility

STATUSES = {
    "EventTentative": EventStatus.TENTATIVE,
    "EventCancelled": EventStatus.CANCELLED,
    "EventPostponed": EventStatus.POSTPONED,
    "EventRescheduled": EventStatus.RESCHEDULED,
    "EventMovedOnline": EventStatus.MOVED_ONLINE,
}
OLDER_STATUSES = {"TENTATIVE": EventStatus.TENTATIVE, "CANCELLED": EventStatus.CANCELLED}
"""What servers send that know only iCalendar's three words."""


def event_draft(event: EventDocument, *, followers_uri: str | None, now: datetime) -> ForeignEvent:
    """Return what the community keeps of an event.

    Args:
        event: parsed; its author has been compared with whoever proved it.
        followers_uri: the followers collection of the author, to read the addressing.

    Raises:
        Malformed: it does not say when it begins.
    """
    note = event.note
    if event.starts_at is None:
        raise Malformed(f"{event.id} does not say when it begins")
    return ForeignEvent(
        uri=event.id,
        publisher_uri=event.attributed_to,
        title=note.name,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        time_zone=event.timezone or "",
        teaser=note.summary,
        content_html=note.content_html,
        language=note.language or "",
        visibility=Visibility(visibility_of(note.to, note.cc, followers_uri).value),
        place=_place(event.place),
        online_url=event.online_url,
        status=STATUSES.get(event.event_status) or OLDER_STATUSES.get(event.status) or EventStatus.CONFIRMED,
        join_mode=event.join_mode or "external",
        category=event.category.lower(),
        hashtags=tuple(dict.fromkeys(tag.name for tag in note.hashtags)),
        attachments=attachments_of(note),
        url=note.url,
        published_at=note.published,
        updated_at=min(note.updated, now) if note.updated else None,
        document=kept_document(note.document),
    )


def _place(place: PlaceDocument | None) -> Place | None:
    if place is None:
        return None
    return Place(
        name=place.name,
        street=place.street,
        postal_code=place.postal_code,
        locality=place.locality,
        region=place.region,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
    )
