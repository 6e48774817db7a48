"""Events as Mobilizon, Gancio and WordPress send them."""

from datetime import UTC, datetime

import pytest

from federation.errors import Malformed
from federation.vocabulary.parse import parse_object
from federation.vocabulary.types import Attachment, EventDocument, PlaceDocument
from tests.documents import document


def _event(wire: dict[str, object]) -> EventDocument:
    found = parse_object(wire)
    assert isinstance(found, EventDocument)
    return found


def _mobilizon() -> dict[str, object]:
    found = document("mobilizon_create_event")["object"]
    assert isinstance(found, dict)
    return found


def test_an_event_without_owner_is_refused() -> None:
    with pytest.raises(Malformed):
        parse_object({**_mobilizon(), "attributedTo": 1})


@pytest.mark.parametrize("bad", ["../../etc/passwd", "Mars/Base", "", 5, None, {}, "x" * 500, "Europe"])
def test_an_unknown_zone_is_no_zone(bad: object) -> None:
    event = _event({**document("wordpress_event"), "timezone": bad})

    assert (event.timezone, event.starts_at) == (None, datetime(2026, 12, 10, 19, 0, tzinfo=UTC))


def test_nonsense_coordinates_and_counts_are_dropped() -> None:
    place = {"type": "Place", "name": "X", "latitude": 400, "longitude": "15", "address": []}
    event = _event({**_mobilizon(), "location": place, "maximumAttendeeCapacity": -1, "participantCount": 1e300})

    assert event.place == PlaceDocument(None, "X", "", "", "", "", "", None, None, None)
    assert (event.capacity, event.participants) == (None, None)


def test_an_event_of_mobilizon() -> None:
    event = _event(_mobilizon())

    assert (event.id, event.attributed_to, event.note.actor) == (
        "https://meet.example/events/5b1d",
        "https://meet.example/@townhall",
        "https://meet.example/@rosa",
    )
    assert (event.starts_at, event.ends_at, event.timezone) == (
        datetime(2026, 12, 1, 17, 0, tzinfo=UTC),
        None,
        "Europe/Vienna",
    )
    assert (event.status, event.join_mode, event.is_online, event.online_url) == (
        "CANCELLED",
        "restricted",
        True,
        "https://video.example/room",
    )
    assert event.place == PlaceDocument(
        "https://meet.example/address/3",
        "Town hall",
        "Hauptplatz 1",
        "8010",
        "Graz",
        "Steiermark",
        "Austria",
        47.07,
        15.44,
        None,
    )
    assert event.note.attachments[0] == Attachment(
        "Document", "https://meet.example/media/b.webp", "image/webp", "Banner"
    )


def test_an_event_of_gancio_has_a_room_and_a_place() -> None:
    event = _event(document("gancio_event"))

    assert event.online_url == "https://talk.example/repair"
    assert event.place == PlaceDocument(
        "https://agenda.example/federation/p/2", "Workshop", "Via Larga 2", "", "", "", "", 45.1, 7.6, None
    )
    assert event.ends_at == datetime(2026, 12, 5, 17, 0, tzinfo=UTC)


def test_an_event_of_wordpress_with_naive_times_maps_and_link_list() -> None:
    event = _event(document("wordpress_event"))

    assert (event.note.name, event.note.language, event.note.url) == (
        "Assemblée",
        "fr",
        "https://blog.example/assemblee",
    )
    assert (event.event_status, event.status, event.join_mode) == ("EventScheduled", "CONFIRMED", "external")
    assert event.starts_at == datetime(2026, 12, 10, 19, 0, tzinfo=UTC)
    assert event.place is not None
    assert (event.place.locality, event.place.region) == ("Abidjan", "Lagunes")


def test_a_naive_time_is_read_in_the_events_own_zone() -> None:
    event = _event({**document("wordpress_event"), "timezone": "Europe/Vienna"})

    assert event.starts_at == datetime(2026, 12, 10, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize("place", ["Salle 2", ["Salle 2"]])
def test_a_place_may_be_a_bare_name(place: object) -> None:
    assert _event({**document("wordpress_event"), "location": place}).place == PlaceDocument(
        None, "Salle 2", "", "", "", "", "", None, None, None
    )
