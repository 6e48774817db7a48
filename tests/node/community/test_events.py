"""Events, ours and foreign."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from node.community import events, foreign_deletions, foreign_events, journal
from node.community.event_rules import EventDraft, Place, checked
from node.community.event_values import draft_of, summary_of
from node.community.facts import EventChanged, EventPublished, EventWithdrawn, Fact
from node.community.foreign_events import ForeignEvent
from node.community.received import Outcome
from node.errors import Invalid, NotAllowed, Withdrawn
from node.models import (
    Actor,
    ActorState,
    Admission,
    Event,
    EventStatus,
    JournalEntry,
    Role,
    SearchEntry,
    Visibility,
)
from node.policy.grants import Records
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, MUCH_LATER, NOW, foreigner, home, member

WORKSHOP = EventDraft(
    title="Open budget workshop",
    start_local="2026-12-02T14:00",
    end_local="2026-12-02T16:00",
    time_zone="Africa/Nairobi",
    text="Bring *questions*. #Budget",
    teaser="How to read a county budget",
    place=Place("Town hall", street="Main street 1", locality="Nairobi", country="KE", latitude=-1.29, longitude=36.82),
    online_url="https://meet.example/room",
)
START, END = datetime(2026, 12, 2, 11, tzinfo=UTC), datetime(2026, 12, 2, 13, tzinfo=UTC)
FOREIGN = ForeignEvent(
    uri="https://far.example/events/1",
    publisher_uri=BERTA.uri,
    title="Forum",
    starts_at=START,
    time_zone="Europe/Vienna",
    content_html="<p>Come<script>x()</script></p>",
    place=Place("", locality="Graz"),
    published_at=NOW,
    updated_at=NOW,
)


async def facts() -> list[Fact]:
    return [journal.read(entry) for entry in await JournalEntry.all().order_by("id")]


def test_a_wrong_zone_hides_no_wrong_time() -> None:
    draft = replace(WORKSHOP, time_zone="Nairobi", start_local="tomorrow")

    with pytest.raises(Invalid) as refusal:
        checked(draft)

    assert list(refusal.value.fields) == ["time_zone", "start_local"]


def test_an_end_before_the_start_is_seen_without_a_zone() -> None:
    draft = replace(WORKSHOP, time_zone="Nairobi", end_local="2026-12-02T13:00")

    with pytest.raises(Invalid) as refusal:
        checked(draft)

    assert list(refusal.value.fields) == ["time_zone", "end_local"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"text": "x" * 20_001}, "text"),
        ({"teaser": "x" * 201}, "teaser"),
        ({"language": "?"}, "language"),
        ({"visibility": Visibility.QUIET}, "visibility"),
        ({"category": "party"}, "category"),
        ({"time_zone": "Nairobi"}, "time_zone"),
        ({"start_local": "tomorrow"}, "start_local"),
        ({"end_local": "2026-12-02T14:00"}, "end_local"),
        ({"end_local": "2028-12-02T14:00"}, "end_local"),
        ({"place": None, "online_url": ""}, "place"),
        ({"online_url": "javascript:x()"}, "online_url"),
        ({"place": Place("Hall", country="QQ")}, "country"),
        ({"place": Place("Hall", latitude=1.0)}, "latitude"),
        ({"place": Place("Hall", latitude=91.0, longitude=0.0)}, "latitude"),
    ],
)
def test_a_wrong_value_says_which_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(replace(WORKSHOP, **changes))  # type: ignore[arg-type]

    assert list(refusal.value.fields) == [field]


async def test_a_member_does_not_speak_for_the_network_or_for_others(node_database: Settings) -> None:
    await home()
    anna, eda = await member(), await member("eda", "Eda", Role.EDITOR)
    with pytest.raises(NotAllowed):
        await events.publish_for_network(WORKSHOP, by=anna, now=NOW)
    annas = await events.publish(WORKSHOP, by=anna, now=NOW)
    networks = await events.publish_for_network(WORKSHOP, by=eda, now=NOW)

    for event, somebody in ((annas, eda), (networks, anna)):
        with pytest.raises(NotAllowed):
            await events.change(event.uri, WORKSHOP, by=somebody, now=LATER)
        with pytest.raises(NotAllowed):
            await events.withdraw(event.uri, by=somebody, now=LATER)
        with pytest.raises(NotAllowed):
            await events.cancel(event.uri, by=somebody, now=LATER)

    assert await facts() == [EventPublished(annas.id), EventPublished(networks.id)]


async def test_an_event_keeps_wall_time_zone_and_moment(database: Settings) -> None:
    groups, anna = await home(), await member()
    eda = await member("eda", "Eda", Role.EDITOR)

    made = await events.publish(WORKSHOP, by=anna, now=NOW)
    networks = await events.publish_for_network(WORKSHOP, by=eda, now=NOW)

    row = await Event.get(id=made.id)
    assert (row.publisher_id, row.author_id, row.uri) == (
        anna.actor_id,
        anna.id,
        f"https://home.example/ap/e/{row.public_id}",
    )
    assert (row.start_local, row.time_zone, row.start_at, row.end_at) == (
        "2026-12-02T14:00:00",
        "Africa/Nairobi",
        START,
        END,
    )
    assert row.place == {
        "name": "Town hall",
        "street": "Main street 1",
        "locality": "Nairobi",
        "country": "KE",
        "latitude": -1.29,
        "longitude": 36.82,
    }
    assert row.content_html.startswith("<p>Bring <em>questions</em>. ")
    assert draft_of(row) == WORKSHOP
    assert (await Event.get(id=networks.id)).publisher_id == groups["events"].id
    assert await SearchEntry.filter(kind="event").count() == 2


async def test_the_summary_says_when_where_and_what(node_database: Settings) -> None:
    row = await events.publish(WORKSHOP, by=await member(), now=NOW)

    assert summary_of(row) == (
        "Wed 2 Dec 2026, 14:00–16:00 Nairobi (11:00 UTC) · Online + Town hall, Nairobi — How to read a county budget"
    )


async def test_a_change_counts_up_and_a_cancelled_event_stays_readable(database: Settings) -> None:
    anna = await member()
    event = await events.publish(WORKSHOP, by=anna, now=NOW)

    await events.change(event.uri, replace(WORKSHOP, start_local="2026-12-02T15:00"), by=anna, now=LATER)
    await events.cancel(event.uri, by=anna, now=MUCH_LATER)
    await events.cancel(event.uri, by=anna, now=MUCH_LATER)

    row = await events.standing(event.uri)
    assert (row.sequence, row.status, row.start_at.hour, row.updated_at) == (
        2,
        EventStatus.CANCELLED,
        12,
        MUCH_LATER,
    )
    assert await facts() == [EventPublished(event.id), EventChanged(event.id, 1), EventChanged(event.id, 2)]


async def test_a_withdrawn_event_is_gone_once(database: Settings) -> None:
    anna, mona = await member(), await member("mona", "Mona", Role.MODERATOR)
    event = await events.publish(WORKSHOP, by=anna, now=NOW)

    await events.withdraw(event.uri, by=mona, now=LATER)
    await events.withdraw(event.uri, by=anna, now=MUCH_LATER)

    with pytest.raises(Withdrawn):
        await events.by_public_id(event.public_id or "")
    assert await facts() == [EventPublished(event.id), EventWithdrawn(event.id)]
    assert await SearchEntry.filter(kind="event").count() == 0


async def test_a_draft_is_told_to_nobody(node_database: Settings) -> None:
    anna = await member()
    event = await events.publish(replace(WORKSHOP, visibility=Visibility.DRAFT), by=anna, now=NOW)
    assert (await facts(), await SearchEntry.filter(kind="event").count()) == ([], 0)

    await events.change(event.uri, WORKSHOP, by=anna, now=LATER)

    row = await Event.get(id=event.id)
    assert (row.published_at, row.sequence, await facts()) == (LATER, 0, [EventPublished(event.id)])


async def test_a_foreign_event_enters_only_as_far_as_its_host_may(node_database: Settings) -> None:
    """V-M12, V-M26."""
    berta = await foreigner()
    await foreigner(CARLO)
    assert (await foreign_events.receive(FOREIGN, grant=Records.NONE, now=NOW)).outcome is Outcome.IGNORED
    await foreign_events.receive(FOREIGN, grant=Records.HOLD, now=NOW)
    stolen = replace(FOREIGN, publisher_uri=CARLO.uri, title="Mine", updated_at=LATER)
    assert (await foreign_events.receive(stolen, grant=Records.ADMIT, now=LATER)).outcome is Outcome.IGNORED
    await Actor.filter(id=berta.id).update(state=ActorState.SUSPENDED)
    again = replace(FOREIGN, title="Again", updated_at=LATER)
    assert (await foreign_events.receive(again, grant=Records.ADMIT, now=LATER)).outcome is Outcome.IGNORED

    row = await Event.get()
    assert (row.title, row.admission) == ("Forum", Admission.HELD)
    assert await SearchEntry.filter(kind="event").count() == 0


async def test_a_foreign_event_is_kept_in_its_own_zone_with_an_end(database: Settings) -> None:
    berta = await foreigner()

    done = await foreign_events.receive(FOREIGN, grant=Records.ADMIT, now=LATER)
    moved = replace(FOREIGN, title="Forum, moved", time_zone="", updated_at=LATER, status=EventStatus.RESCHEDULED)
    newer = await foreign_events.receive(moved, grant=Records.ADMIT, now=MUCH_LATER)

    assert (done.outcome, newer.outcome) == (Outcome.STORED, Outcome.UPDATED)
    row = await Event.get()
    assert (row.publisher_id, row.title, row.sequence, row.status) == (
        berta.id,
        "Forum, moved",
        1,
        EventStatus.RESCHEDULED,
    )
    assert (row.start_local, row.time_zone, row.start_at) == ("2026-12-02T11:00:00", "UTC", START)
    assert (row.end_at, row.content_html, row.place) == (
        datetime(2026, 12, 2, 12, tzinfo=UTC),
        "<p>Come</p>",
        {"name": "Graz", "locality": "Graz"},
    )
    removed = await foreign_deletions.receive_deletion(FOREIGN.uri, by=berta, now=MUCH_LATER)
    assert (removed.outcome, await Event.all().count()) == (Outcome.REMOVED, 0)
