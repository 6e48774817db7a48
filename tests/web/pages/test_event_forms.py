"""The form of an event: times that exist, a place or a link, changed, cancelled, deleted. V-M25, W6."""

from datetime import UTC, datetime
from typing import Any

import pytest

from node.community import node_actors
from node.community.kinds import EventStatus, Role, Visibility
from node.models import Event
from tests.web.building import Building
from tests.web.visitor import Visitor

TYPED = {
    "title": "Open budget workshop",
    "start_local": "2026-11-18T14:00",
    "end_local": "2026-11-18T16:00",
    "time_zone": "Africa/Nairobi",
    "place": "Town hall",
    "locality": "Nakuru",
    "country": "KE",
    "text": "Bring your **ward** plan.",
    "language": "en",
}


@pytest.fixture
async def visitor(building: Building) -> Visitor:
    """Return a signed-in member on a node that has its Groups."""
    await node_actors.ensure_node_actors(building.settings.public_url, now=building.clock.now())
    return await building.signed_in("anna")


async def test_an_event_without_place_and_link_is_asked_for_one_w6(visitor: Visitor) -> None:
    page = await _post(visitor, **TYPED | {"place": "", "locality": ""})

    assert (page.status, page.form("/events/new")["title"]) == (422, "Open budget workshop")
    assert "Say where it is, or give a link to take part." in page.shown()
    assert await Event.all() == []


async def test_everything_that_is_wrong_is_said_at_once(visitor: Visitor) -> None:
    wrong = {"end_local": "2026-11-18T13:00", "latitude": "north", "longitude": "36.1", "online_url": "meet"}

    page = await _post(visitor, **TYPED | wrong)

    assert (page.status, page.problems()) == (422, ["end_local", "latitude", "online_url"])
    assert "Give both latitude and longitude" not in page.shown()


async def test_degrees_without_a_place_are_looked_at_too(visitor: Visitor) -> None:
    wrong = {"title": "", "place": "", "locality": "", "latitude": "north", "longitude": "east"}

    page = await _post(visitor, **TYPED | wrong)

    assert page.problems() == ["title", "place", "latitude", "longitude"]


async def test_an_hour_that_the_clocks_skip_is_refused_with_the_one_after_it(visitor: Visitor) -> None:
    skipped = {"start_local": "2026-03-29T02:30", "end_local": "2026-03-29T05:00", "time_zone": "Europe/Vienna"}

    page = await _post(visitor, **TYPED | skipped)

    assert (page.status, "Write 03:30 instead." in page.shown()) == (422, True)


async def test_an_hour_that_comes_twice_is_asked_about(visitor: Visitor) -> None:
    twice = {"start_local": "2026-10-25T02:30", "end_local": "2026-10-25T05:00", "time_zone": "Europe/Vienna"}

    page = await _post(visitor, **TYPED | twice)
    done = await visitor.send(page, "/events/new", start_choice="second")

    assert (page.status, "which start is meant?" in page.shown(), done.status) == (422, True, 303)
    assert (await Event.get()).start_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


async def test_a_member_cannot_speak_for_the_network_t59(visitor: Visitor) -> None:
    await _post(visitor, **TYPED, publisher="network")

    event = await Event.get().select_related("publisher")

    assert event.publisher.local_name == "anna"


async def test_an_editor_announces_for_the_network(building: Building, visitor: Visitor) -> None:
    editor = await building.signed_in("mele", Role.EDITOR)

    page = await _post(editor, **TYPED, publisher="network")
    event = await Event.get().select_related("publisher")

    assert page.header("location") == f"/events/{event.public_id}", page.shown()
    assert event.publisher.local_name == "events"


async def test_an_event_is_published_with_wall_time_and_zone(visitor: Visitor) -> None:
    await _post(visitor, **TYPED)
    event = await Event.get()

    assert (event.start_local, event.time_zone, event.start_at) == (
        "2026-11-18T14:00:00",
        "Africa/Nairobi",
        datetime(2026, 11, 18, 11, 0, tzinfo=UTC),
    )
    assert event.place == {"name": "Town hall", "locality": "Nakuru", "country": "KE"}
    assert (event.visibility, event.status) == (Visibility.PUBLIC, EventStatus.CONFIRMED)


async def test_nobody_changes_somebody_elses_event_v_m25(building: Building, visitor: Visitor) -> None:
    await _post(visitor, **TYPED)
    public_id = (await Event.get()).public_id
    other = await building.signed_in("tui")
    token = (await other.get("/events/new")).form("/events/new")["form_token"]

    answers = [
        (await other.get(f"/events/{public_id}/edit")).status,
        (await other.get(f"/events/{public_id}/end")).status,
        (await other.post(f"/events/{public_id}/cancel", {"form_token": token})).status,
        (await other.post(f"/events/{public_id}/delete", {"form_token": token})).status,
    ]

    assert answers == [404] * 4
    assert (await Event.get()).status is EventStatus.CONFIRMED


async def test_a_changed_event_keeps_what_was_not_touched(visitor: Visitor) -> None:
    await _post(visitor, **TYPED)
    before = await Event.get()
    path = f"/events/{before.public_id}/edit"

    page = await visitor.send(await visitor.get(path), path, online_url="https://meet.example/ward")
    after = await Event.get()

    assert page.status == 303, page.shown()
    assert (after.online_url, after.sequence) == ("https://meet.example/ward", 1)
    assert (after.place, after.start_at, after.source) == (before.place, before.start_at, before.source)


async def test_cancelling_keeps_the_event_and_deleting_erases_its_words(visitor: Visitor) -> None:
    await _post(visitor, **TYPED)
    path = f"/events/{(await Event.get()).public_id}"

    await visitor.send(await visitor.get(f"{path}/end"), f"{path}/cancel")
    cancelled = await Event.get()
    await visitor.send(await visitor.get(f"{path}/end"), f"{path}/delete")
    deleted = await Event.get()

    assert (cancelled.status, cancelled.source) == (EventStatus.CANCELLED, "Bring your **ward** plan.")
    assert (deleted.source, deleted.withdrawn_at is not None) == ("", True)


async def _post(visitor: Visitor, **typed: str) -> Any:
    return await visitor.send(await visitor.get("/events/new"), "/events/new", **typed)
