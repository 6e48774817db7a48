"""Lists and pages of records and events."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from node.community import events, follows, foreign_events, foreign_practices, library, posts, practices, viewer
from node.community.library import EventFilter, PracticeFilter, Which
from node.community.posts import PostDraft
from node.community.received import Outcome
from node.community.visibility import ANONYMOUS
from node.errors import NotFound, Withdrawn
from node.models import Actor, ActorState, Role, Stage, Visibility
from node.policy.grants import Records
from node.settings import Settings
from tests.node.community.people import LATER, MUCH_LATER, NOW, foreigner, home, member
from tests.node.community.test_events import FOREIGN, WORKSHOP
from tests.node.community.test_foreign_practices import GROUP, RECORD
from tests.node.community.test_practices import FULL, LEAD


async def test_the_library_shows_nobody_what_is_not_for_them(database: Settings) -> None:
    await home()
    anna, boris = await member(), await member("boris", "Boris")
    eda = await member("eda", "Eda", Role.EDITOR)
    group = await foreigner(GROUP)
    secret = await practices.publish(replace(FULL, visibility=Visibility.DRAFT), by=anna, now=NOW)
    await practices.publish(LEAD, by=anna, now=NOW)
    await foreign_practices.receive(RECORD, grant=Records.HOLD, now=NOW)
    inside, editor = await viewer.of_member(boris), await viewer.of_member(eda)

    assert (await library.practices(ANONYMOUS)).items == ()
    assert [view.title for view in (await library.practices(inside)).items] == [LEAD.title]
    assert (await library.practices(inside, PracticeFilter(held=True))).items == ()
    assert [view.uri for view in (await library.practices(editor, PracticeFilter(held=True))).items] == [RECORD.uri]
    for look in (library.practice(secret.public_id or "", inside), library.practice_at(RECORD.uri, inside)):
        with pytest.raises(NotFound):
            await look
    await follows.ask(boris.actor, group, now=NOW)
    await follows.confirmed(boris.actor, group, now=NOW)
    assert (await library.practice_at(RECORD.uri, await viewer.of_member(boris))).title == "One-stop shop"
    await Actor.filter(id=group.id).update(state=ActorState.SUSPENDED)
    assert (await library.practices(editor, PracticeFilter(held=True))).items == ()


async def test_records_are_narrowed_and_have_everything_their_page_shows(database: Settings) -> None:
    await home()
    anna = await member()
    await foreigner(GROUP)
    ours = await practices.publish(FULL, by=anna, now=NOW)
    await foreign_practices.receive(RECORD, grant=Records.ADMIT, now=LATER)

    async def uris(wanted: PracticeFilter) -> list[str]:
        return [view.uri for view in (await library.practices(ANONYMOUS, wanted)).items]

    assert set(await uris(PracticeFilter())) == {ours.uri, RECORD.uri}
    assert await uris(PracticeFilter(country="ke")) == [ours.uri]
    assert await uris(PracticeFilter(country="PE")) == [RECORD.uri]
    assert await uris(PracticeFilter(outcome="success")) == [ours.uri]
    assert await uris(PracticeFilter(language="es")) == [RECORD.uri]
    assert await uris(PracticeFilter(stage=Stage.LEAD)) == []
    assert await uris(PracticeFilter(local_only=True)) == [ours.uri]
    assert await uris(PracticeFilter(by_member_id=anna.id)) == [ours.uri]
    view = await library.practice(ours.public_id or "", await viewer.of_member(anna))
    assert (view.author.handle, view.credited.handle if view.credited else "") == (
        "@practices@home.example",
        "@anna@home.example",
    )
    assert ([name for name, _html in view.sections], view.countries, view.path) == (
        ["problem", "approach", "results"],
        ("KE",),
        f"/practices/{ours.public_id}",
    )
    assert (view.rights.may_edit, view.is_listed, view.updated_at) == (True, True, None)


async def test_events_come_in_the_order_of_their_start(database: Settings) -> None:
    anna = await member()
    await foreigner()
    late = await events.publish(replace(WORKSHOP, title="late", end_local="2026-12-02T17:00"), by=anna, now=NOW)
    await foreign_events.receive(replace(FOREIGN, starts_at=NOW + timedelta(days=1)), grant=Records.ADMIT, now=NOW)
    past = replace(WORKSHOP, title="past", start_local="2026-11-02T14:00", end_local="2026-11-02T15:00")
    await events.publish(past, by=anna, now=NOW)
    gone = await events.publish(replace(WORKSHOP, title="gone"), by=anna, now=NOW)
    await events.withdraw(gone.uri, by=anna, now=NOW)

    async def titles(which: Which) -> list[str]:
        page = await library.events(ANONYMOUS, EventFilter(which=which), now=NOW)
        return [view.title for view in page.items]

    assert await titles(Which.UPCOMING) == ["Forum", "late"]
    assert await titles(Which.PAST) == ["past"]
    assert await titles(Which.ALL) == ["late", "Forum", "past"]
    view = await library.event(late.public_id or "", ANONYMOUS)
    assert (view.place_line, view.author.handle, view.category) == (
        "Online + Town hall, Nairobi",
        "@anna@home.example",
        "meeting",
    )
    with pytest.raises(Withdrawn):
        await library.event(gone.public_id or "", ANONYMOUS)


async def test_lists_have_pages(node_database: Settings) -> None:
    anna = await member()
    for number in range(21):
        await events.publish(replace(WORKSHOP, title=f"event {number}"), by=anna, now=NOW)

    first = await library.events(ANONYMOUS, now=NOW)
    second = await library.events(ANONYMOUS, now=NOW, before=first.next)

    assert (len(first), len(second), second.next) == (20, 1, None)
    assert [view.title for view in second.items] == ["event 20"]


async def test_drafts_are_for_their_author(node_database: Settings) -> None:
    await home()
    anna, boris = await member(), await member("boris", "Boris")
    post = await posts.publish(PostDraft("soon", Visibility.DRAFT), author=anna.actor, now=NOW)
    record = await practices.publish(replace(FULL, visibility=Visibility.DRAFT), by=anna, now=LATER)
    event = await events.publish(replace(WORKSHOP, visibility=Visibility.DRAFT), by=anna, now=MUCH_LATER)

    assert [thing.uri for thing in await library.drafts(anna)] == [event.uri, record.uri, post.uri]
    assert await library.drafts(boris) == ()


async def test_the_same_record_twice_at_once_makes_one_row(database: Settings) -> None:
    """A-25."""
    await foreigner(GROUP)

    done = await asyncio.gather(*(foreign_practices.receive(RECORD, grant=Records.ADMIT, now=NOW) for _ in range(8)))

    assert sorted(each.outcome for each in done) == [Outcome.STORED, *[Outcome.UNCHANGED] * 7]
    assert len(await library.practices(ANONYMOUS)) == 1


async def test_a_theme_narrows_the_list_whichever_place_it_has_in_the_record(database: Settings) -> None:
    await home()
    anna = await member()
    await practices.publish(replace(FULL, theme=("justice", "open-data")), by=anna, now=NOW)
    await practices.publish(replace(FULL, title="Another", theme=("e-parliament",)), by=anna, now=NOW)

    found = {
        theme: [view.title for view in (await library.practices(ANONYMOUS, PracticeFilter(theme=theme))).items]
        for theme in ("open-data", "e-parliament", "open", "%", "'")
    }

    assert found == {"open-data": [FULL.title], "e-parliament": ["Another"], "open": [], "%": [], "'": []}
