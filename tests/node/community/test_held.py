"""Editors decide about records and events of other nodes. V-M12, V-M36."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.community import foreign_events, foreign_practices, held, library
from node.community.foreign_events import ForeignEvent
from node.community.held import Waiting
from node.community.library import Which
from node.community.viewer import of_member
from node.community.visibility import ANONYMOUS
from node.errors import Conflict, NotAllowed, NotFound
from node.models import Admission, Event, JournalEntry, Member, Practice, Role, SearchEntry
from node.policy.grants import Records
from node.settings import Settings
from tests.node.community.people import LATER, MUCH_LATER, NOW, foreigner, home, member
from tests.node.community.test_foreign_practices import GROUP, RECORD

EVENT = ForeignEvent(
    uri="https://far.example/ap/e/1",
    publisher_uri=GROUP.uri,
    title="Call on land registers",
    starts_at=NOW + timedelta(days=12),
    time_zone="America/Lima",
    teaser="Two cases.",
    content_html="<p>Both of them.</p>",
    published_at=NOW,
    updated_at=NOW,
)
ADMITTED, LINK_ONLY, REFUSED = Admission.ADMITTED, Admission.LINK_ONLY, Admission.REFUSED


@pytest.fixture
async def editor(node_database: Settings) -> Member:
    """Return an editor; a record and an event of a far node wait."""
    return await with_two_waiting()


async def with_two_waiting() -> Member:
    await foreigner(GROUP)
    await foreign_practices.receive(RECORD, grant=Records.HOLD, now=NOW)
    await foreign_events.receive(EVENT, grant=Records.HOLD, now=NOW)
    return await member(role=Role.EDITOR)


async def seen(uri: str) -> str:
    row = await Practice.get_or_none(uri=uri) or await Event.get(uri=uri)
    return row.updated_at.isoformat()


async def decide(uri: str, admission: Admission, by: Member) -> None:
    await held.decide(uri, admission, seen=await seen(uri), by=by, now=LATER)


async def listed() -> tuple[list[str], list[str]]:
    """Return what everybody finds in the library and the calendar."""
    records = await library.practices(ANONYMOUS)
    events = await library.events(ANONYMOUS, library.EventFilter(which=Which.ALL), now=NOW)
    return [each.uri for each in records.items], [each.uri for each in events.items]


async def test_nobody_below_an_editor_decides_or_looks(editor: Member) -> None:
    tui = await member("tui", "Tui")

    with pytest.raises(NotAllowed):
        await decide(RECORD.uri, ADMITTED, by=tui)
    for look in (held.practices(await of_member(tui)), held.events(ANONYMOUS, now=NOW)):
        with pytest.raises(NotAllowed):
            await look

    assert await listed() == ([], [])


async def test_what_changed_since_the_editor_looked_is_not_let_in(editor: Member) -> None:
    looked = await seen(RECORD.uri)
    await foreign_practices.receive(
        replace(RECORD, title="Buy watches", updated_at=LATER), grant=Records.HOLD, now=LATER
    )

    with pytest.raises(Conflict):
        await held.decide(RECORD.uri, ADMITTED, seen=looked, by=editor, now=LATER)

    assert (await Practice.get()).admission is Admission.HELD


async def test_what_was_let_in_is_not_decided_again_and_ours_never(editor: Member) -> None:
    await decide(RECORD.uri, ADMITTED, by=editor)

    with pytest.raises(Conflict):
        await decide(RECORD.uri, REFUSED, by=editor)
    with pytest.raises(NotFound):
        await held.decide("https://home.example/ap/r/1", ADMITTED, seen="", by=editor, now=LATER)

    assert await JournalEntry.filter(fact="AdmissionDecided").count() == 1


async def test_what_is_let_in_is_found_and_the_journal_says_by_whom(database: Settings) -> None:
    editor = await with_two_waiting()
    assert (await listed(), await held.waiting(now=NOW)) == (([], []), Waiting(1, 1))

    for uri in (RECORD.uri, EVENT.uri):
        await decide(uri, ADMITTED, by=editor)

    assert (await listed(), await held.waiting(now=NOW)) == (([RECORD.uri], [EVENT.uri]), Waiting(0, 0))
    assert set(await SearchEntry.filter(kind__in=["practice", "event"]).values_list("object_uri", flat=True)) == {
        RECORD.uri,
        EVENT.uri,
    }
    told = await JournalEntry.filter(fact="AdmissionDecided").order_by("id")
    assert [(entry.by_member_id, entry.payload) for entry in told] == [
        (editor.id, {"uri": uri, "before": "held", "after": "admitted"}) for uri in (RECORD.uri, EVENT.uri)
    ]


async def test_a_link_keeps_no_words_but_the_summary_then_and_later(editor: Member) -> None:
    for uri in (RECORD.uri, EVENT.uri):
        await decide(uri, LINK_ONLY, by=editor)
    newer = replace(RECORD, summary="Newer.", updated_at=MUCH_LATER)
    await foreign_practices.receive(newer, grant=Records.HOLD, now=MUCH_LATER)

    record, event = await Practice.get(), await Event.get()
    assert await listed() == ([RECORD.uri], [EVENT.uri])
    assert (record.summary, record.content_html, event.teaser, event.content_html) == ("Newer.", "", "Two cases.", "")
    assert not await SearchEntry.filter(folded__contains="queues").exists()


@pytest.mark.parametrize("grant", [Records.HOLD, Records.ADMIT, Records.LINK_ONLY])
async def test_what_was_refused_stays_out_whatever_comes_later(editor: Member, grant: Records) -> None:
    for uri in (RECORD.uri, EVENT.uri):
        await decide(uri, REFUSED, by=editor)
    newer = replace(RECORD, title="Newer", updated_at=MUCH_LATER)
    await foreign_practices.receive(newer, grant=grant, now=MUCH_LATER)
    await foreign_events.receive(replace(EVENT, updated_at=MUCH_LATER), grant=grant, now=MUCH_LATER)

    viewer = await of_member(editor)
    assert (await listed(), await held.waiting(now=NOW)) == (([], []), Waiting(0, 0))
    assert not await SearchEntry.filter(kind__in=["practice", "event"]).exists()
    assert [each.title for each in (await held.practices(viewer, of=REFUSED)).items] == ["Newer"]
    assert [each.uri for each in (await held.events(viewer, now=NOW, of=REFUSED)).items] == [EVENT.uri]


async def test_an_editor_thinks_better_of_a_refusal(editor: Member) -> None:
    await decide(RECORD.uri, REFUSED, by=editor)

    await decide(RECORD.uri, ADMITTED, by=editor)

    assert await listed() == ([RECORD.uri], [])


async def test_an_event_that_is_over_waits_for_nobody(editor: Member) -> None:
    after = EVENT.starts_at + timedelta(days=1)

    assert await held.waiting(now=after) == Waiting(1, 0)
    assert (await held.events(await of_member(editor), now=after)).items == ()


async def test_the_list_goes_on_where_the_page_ended(database: Settings) -> None:
    await home()
    viewer = await of_member(await with_two_waiting())
    for number in range(2, 24):
        draft = replace(
            RECORD, uri=f"https://far.example/ap/r/{number}", updated_at=NOW + timedelta(seconds=number // 2)
        )
        await foreign_practices.receive(draft, grant=Records.HOLD, now=LATER)

    first = await held.practices(viewer)
    second = await held.practices(viewer, before=first.next)

    assert (len(first), len(second), second.next) == (20, 3, None)
    assert len({each.uri for each in (*first.items, *second.items)}) == 23
    assert held.mark_of(second.items[-1]) == await seen(RECORD.uri)
