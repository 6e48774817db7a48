"""The node itself: founded once, described by its stewards; how much there is; pictures for its actors."""

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from node.community import events, journal, node_profile, numbers, portraits, posts
from node.community.event_rules import EventDraft
from node.community.facts import Fact, NodeProfileChanged
from node.community.node_profile import Description
from node.community.numbers import NodeNumbers
from node.community.posts import PostDraft
from node.errors import Conflict, Invalid, NotFound
from node.media.store import media_store
from node.models import Actor, ActorKind, ActorState, JournalEntry, Member, MemberState, NodeProfile, Visibility
from node.settings import Settings
from tests.node.community.people import BASE, LATER, NOW, foreigner, home, member

PACIFIC = Description(name=" Pacific governance ", description="What works.", languages=("en", "fr"))


async def facts() -> list[Fact]:
    return [journal.read(entry) for entry in await JournalEntry.all().order_by("id")]


async def test_a_node_that_nobody_founded_says_how_to(database: Settings) -> None:
    assert (await node_profile.read(), await node_profile.is_held()) == (None, False)

    for act in (node_profile.require(BASE), node_profile.describe(PACIFIC, by=None, now=NOW)):
        with pytest.raises(NotFound, match="talanoa init"):
            await act
    assert await facts() == []


async def test_a_node_keeps_its_address_for_ever(database: Settings) -> None:
    await node_profile.found(BASE, PACIFIC, now=NOW)
    other = "https://elsewhere.example"

    for act in (node_profile.require(other), node_profile.found(other, PACIFIC, now=LATER)):
        with pytest.raises(Conflict, match=f"Set TALANOA_PUBLIC_URL={BASE}, or use another database"):
            await act

    assert (await node_profile.require(BASE)).public_url == BASE


async def test_who_founds_it_at_once_finds_one_node(database: Settings) -> None:
    names = [f"Network {number}" for number in range(5)]

    rows = await asyncio.gather(*(node_profile.found(BASE, Description(name=name), now=NOW) for name in names))

    assert len({row.name for row in rows}) == 1
    assert await NodeProfile.all().count() == 1
    again = await node_profile.found(BASE, PACIFIC, now=LATER)
    assert (again.name, again.created_at) == (rows[0].name, NOW)


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
async def test_a_node_has_a_name(node_database: Settings, name: str) -> None:
    await node_profile.found(BASE, PACIFIC, now=NOW)

    with pytest.raises(Invalid) as refused:
        await node_profile.describe(Description(name=name), by=None, now=LATER)

    assert (list(refused.value.fields), (await node_profile.require(BASE)).name) == (["name"], "Pacific governance")


async def test_the_log_tells_what_was_changed_and_nothing_else(database: Settings) -> None:
    """T-58: one entry a change."""
    sina = await member("sina", "Sina")
    await node_profile.found(BASE, PACIFIC, now=NOW)

    await node_profile.describe(PACIFIC, by=sina, now=LATER)
    unchanged = await facts()
    changed = Description(name="Oceania governance", description="What works.", contact="mail@oceania.example")
    await node_profile.describe(changed, by=sina, now=LATER)

    entry = await JournalEntry.get()
    assert (unchanged, await facts()) == ([], [NodeProfileChanged(("name", "contact", "languages"))])
    assert (entry.by_member_id, await journal.verify_chain()) == (sina.id, 1)
    row = await node_profile.require(BASE)
    assert (row.name, row.contact, row.languages, row.updated_at) == (
        "Oceania governance",
        "mail@oceania.example",
        ["en"],
        LATER,
    )


async def test_what_a_restore_holds_is_released_by_a_person(database: Settings) -> None:
    await node_profile.found(BASE, PACIFIC, now=NOW)
    await NodeProfile.filter(id=1).update(deliveries_held=True)
    held = await node_profile.is_held()

    await node_profile.release_deliveries(now=LATER)

    assert (held, await node_profile.is_held()) == (True, False)


async def test_only_what_everybody_may_read_is_counted(database: Settings) -> None:
    """V-X03: no number tells of what is not public."""
    await home()
    anna, gone = await member(), await member("gone", "Gone")
    await Member.filter(id=gone.id).update(state=MemberState.DISABLED)
    await foreigner()
    first = await posts.publish(PostDraft(text="One"), author=anna.actor, now=NOW)
    await posts.publish(PostDraft(text="Two", in_reply_to_uri=first.uri), author=anna.actor, now=NOW)
    for visibility in (Visibility.QUIET, Visibility.NETWORK, Visibility.MEMBERS):
        await posts.publish(PostDraft(text="Three", visibility=visibility), author=anna.actor, now=NOW)
    withdrawn = await posts.publish(PostDraft(text="Four"), author=anna.actor, now=NOW)
    await posts.withdraw(withdrawn.uri, by=anna, now=LATER)
    meeting = EventDraft(
        title="Meeting",
        start_local="2027-01-18T14:00",
        end_local="2027-01-18T16:00",
        time_zone="Pacific/Fiji",
        text="Come.",
        online_url="https://meet.example/1",
    )
    await events.publish(meeting, by=anna, now=NOW)

    assert await numbers.of_node() == NodeNumbers(members=1, posts=1, replies=1, practices=0, events=1)


async def test_every_actor_of_ours_gets_a_picture_once(database: Settings, tmp_path: Path) -> None:
    store = media_store(tmp_path, BASE)
    await home()
    anna, foreign = (await member()).actor, await foreigner()
    own = f"{BASE}/media/aa/own.png"
    await Actor.filter(local_name="posts").update(header_url=own)
    left = (await member("left_here", "Left")).actor
    await Actor.filter(id=left.id).update(state=ActorState.GONE)

    drawn = [await portraits.dress(media=store, now=NOW) for _ in range(2)]

    rows = {row.name: row for row in await Actor.all()}
    pictured = {name for name, row in rows.items() if row.avatar_url}
    assert (drawn, pictured) == ([6, 0], {"home.example", "network", "posts", "events", "practices", "anna"})
    assert {name for name, row in rows.items() if row.header_url} == pictured - {"anna"}
    assert (rows["posts"].header_url, rows["anna"].kind, foreign.avatar_url) == (own, ActorKind.PERSON, None)
    file, media_type = store.find(str(rows[anna.name].avatar_url).removeprefix(f"{BASE}/media/"))
    assert media_type == "image/png"
    assert Image.open(BytesIO(file.read_bytes())).format == "PNG"
