"""An event of ours in the shape that calendars of the network can all read."""

from typing import cast

from federation.vocabulary.context import Json
from federation.vocabulary.event import EventInput, PlaceInput, event_object
from node.community import addresses
from node.community.event_values import summary_of
from node.models import ActorKind, Event, EventStatus
from outbox.render.parts import addressed, pictures_of, topics_of

WIRE_STATUS = {
    EventStatus.TENTATIVE: "EventTentative",
    EventStatus.CONFIRMED: "EventScheduled",
    EventStatus.POSTPONED: "EventPostponed",
    EventStatus.RESCHEDULED: "EventRescheduled",
    EventStatus.MOVED_ONLINE: "EventMovedOnline",
    EventStatus.CANCELLED: "EventCancelled",
}


async def event_json(event: Event) -> Json:
    """Return an event, without context.

    Args:
        event: with its publisher loaded.

    Raises:
        NotFound: it does not leave the node.
    """
    publisher = event.publisher
    base = addresses.base_of(publisher)
    group = None if publisher.kind is ActorKind.GROUP else addresses.group_uri(base, "events")
    to, cc = addressed(event.visibility, publisher, groups=(group,) if group else ())
    pictures = await pictures_of(event.uri)
    return event_object(
        EventInput(
            id=event.uri,
            url=event.url or event.uri,
            author=publisher.uri,
            to=to,
            cc=cc,
            name=event.title,
            content_html=event.content_html or "<p></p>",
            language=event.language or None,
            published=event.published_at or event.updated_at,
            updated=event.updated_at,
            starts_at=event.start_at,
            ends_at=event.end_at,
            timezone=event.time_zone,
            summary=summary_of(event),
            place=_place(event.place),
            online_url=event.online_url,
            event_status=WIRE_STATUS[event.status],
            join_mode="external",
            external_url=event.url or event.uri,
            image=pictures[0] if pictures else None,
            topics=await topics_of(event.uri, base),
            group=group,
            context=f"{event.uri}/context",
        )
    )


def _place(place: dict[str, object]) -> PlaceInput | None:
    name = str(place.get("name") or "")
    if not name:
        return None
    text = {key: str(place.get(key) or "") for key in ("street", "postal_code", "locality", "region", "country")}
    return PlaceInput(
        name=name,
        **text,
        latitude=cast("float | None", place.get("latitude")),
        longitude=cast("float | None", place.get("longitude")),
    )
