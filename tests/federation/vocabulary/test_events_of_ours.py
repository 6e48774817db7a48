"""Events of ours, compared whole."""

from datetime import UTC, datetime

import pytest

from federation.addressing import PUBLIC
from federation.vocabulary.event import EventInput, PlaceInput, event_line, event_object

HOME = "https://talanoa.example"
EVENTS = f"{HOME}/ap/g/events"
NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


def _event(**changed: object) -> EventInput:
    values: dict[str, object] = {
        "id": f"{HOME}/ap/e/1",
        "url": f"{HOME}/events/1",
        "author": EVENTS,
        "to": (PUBLIC,),
        "cc": (f"{EVENTS}/followers",),
        "name": "Open budget",
        "content_html": "<p>Bring questions.</p>",
        "language": "en",
        "published": NOW,
        "starts_at": datetime(2026, 9, 15, 16, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 9, 15, 18, 0, tzinfo=UTC),
        "timezone": "Europe/Vienna",
        "teaser": "How we read a budget.",
    }
    return EventInput(**{**values, **changed})  # type: ignore[arg-type]


def test_an_event_is_whole() -> None:
    place = PlaceInput(name="Town hall", locality="Graz", latitude=47, longitude=15)

    assert event_object(_event(place=place, capacity=40, participants=41)) == {
        "id": f"{HOME}/ap/e/1",
        "type": "Event",
        "actor": EVENTS,
        "attributedTo": EVENTS,
        "to": [PUBLIC],
        "cc": [f"{EVENTS}/followers"],
        "url": f"{HOME}/events/1",
        "name": "Open budget",
        "summary": "Tue 15 Sep 2026, 18:00–20:00 CEST — Town hall, Graz. How we read a budget.",
        "content": "<p>Bring questions.</p>",
        "contentMap": {"en": "<p>Bring questions.</p>"},
        "mediaType": "text/html",
        "inLanguage": "en",
        "published": "2026-11-18T09:30:00Z",
        "updated": "2026-11-18T09:30:00Z",
        "startTime": "2026-09-15T18:00:00+02:00",
        "endTime": "2026-09-15T20:00:00+02:00",
        "timezone": "Europe/Vienna",
        "status": "CONFIRMED",
        "ical:status": "CONFIRMED",
        "eventStatus": "EventScheduled",
        "location": {
            "type": "Place",
            "name": "Town hall",
            "address": {"type": "PostalAddress", "addressLocality": "Graz"},
            "latitude": 47.0,
            "longitude": 15.0,
        },
        "isOnline": False,
        "joinMode": "external",
        "externalParticipationUrl": f"{HOME}/events/1",
        "maximumAttendeeCapacity": 40,
        "remainingAttendeeCapacity": 0,
        "participantCount": 41,
        "anonymousParticipationEnabled": False,
        "attendees": {"id": f"{HOME}/ap/e/1/attendees", "type": "Collection", "totalItems": 41},
        "category": "MEETING",
        "attachment": [{"type": "Link", "mediaType": "text/html", "href": f"{HOME}/events/1", "name": "Website"}],
        "tag": [],
        "replies": f"{HOME}/ap/e/1/replies",
        "likes": f"{HOME}/ap/e/1/likes",
        "shares": f"{HOME}/ap/e/1/shares",
        "commentsEnabled": True,
        "repliesModerationOption": "allow_all",
        "draft": False,
    }


@pytest.mark.parametrize(
    ("said", "status"),
    [("EventCancelled", "CANCELLED"), ("EventPostponed", "TENTATIVE"), ("EventMovedOnline", "CONFIRMED")],
)
def test_every_status_has_its_word_for_calendars(said: str, status: str) -> None:
    wire = event_object(_event(event_status=said))

    assert (wire["eventStatus"], wire["status"], wire["ical:status"]) == (said, status, status)


def test_an_online_event_has_a_virtual_location_and_the_link() -> None:
    wire = event_object(_event(online_url="https://video.example/room"))

    assert (wire["isOnline"], wire["location"], wire["attachment"]) == (
        True,
        {"type": "VirtualLocation", "name": "Online", "url": "https://video.example/room"},
        [{"type": "Link", "mediaType": "text/html", "href": "https://video.example/room", "name": "Website"}],
    )


def test_the_line_of_an_event_over_several_days_or_with_open_end() -> None:
    long = _event(ends_at=datetime(2026, 9, 17, 10, 0, tzinfo=UTC), teaser="", online_url="https://video.example/room")

    assert event_line(long) == "Tue 15 Sep 2026, 18:00–Thu 17 Sep 2026, 12:00 CEST — online."
    assert event_line(_event(display_end_time=False, teaser="")) == "Tue 15 Sep 2026, 18:00 CEST."
