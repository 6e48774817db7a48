"""What is pinned: one's own, open to everybody, and not more than five."""

from dataclasses import replace

import pytest

from node.community import erasure, foreign_posts, journal, pins, posts
from node.community.foreign_posts import ForeignPost
from node.community.posts import PostDraft
from node.community.relation_facts import ObjectPinned, ObjectUnpinned
from node.community.visibility import ANONYMOUS
from node.errors import Invalid, NotFound
from node.models import Actor, JournalEntry, Member, Pin, Post, Role, Visibility
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, NOW, foreigner, home, member


async def say(author: Member, text: str = "Hello", visibility: Visibility = Visibility.PUBLIC) -> Post:
    return await posts.publish(PostDraft(text=text, visibility=visibility), author=author.actor, now=NOW)


async def said(author: Actor, number: int, visibility: Visibility = Visibility.PUBLIC) -> str:
    uri = f"{author.uri}/statuses/{number}"
    draft = ForeignPost(uri=uri, author_uri=author.uri, visibility=visibility, is_solicited=True)
    assert (await foreign_posts.receive(draft, now=NOW)).changed
    return uri


async def test_nobody_pins_what_is_not_theirs_or_not_for_everybody(database: Settings) -> None:
    """T-19."""
    await home()
    anna, bela, editor = await member(), await member("bela", "Bela"), await member("edda", "Edda", Role.EDITOR)
    hers, inside = await say(anna), await say(anna, visibility=Visibility.MEMBERS)

    for uri, by in ((hers.uri, bela), (hers.uri, editor), ("https://far.example/n/1", anna)):
        with pytest.raises(NotFound):
            await pins.pin(uri, by=by, now=NOW)
    with pytest.raises(Invalid):
        await pins.pin(inside.uri, by=anna, now=NOW)
    with pytest.raises(NotFound):
        await pins.unpin(hers.uri, by=bela, now=NOW)

    assert await Pin.all().count() == 0


async def test_five_are_enough_and_a_repeat_is_told_once(database: Settings) -> None:
    await home()
    anna = await member()
    everything = [await say(anna, f"Number {number}") for number in range(6)]
    for post in everything[:5]:
        for _ in range(2):
            await pins.pin(post.uri, by=anna, now=NOW)
    with pytest.raises(Invalid):
        await pins.pin(everything[5].uri, by=anna, now=NOW)

    await posts.withdraw(everything[0].uri, by=anna, now=LATER)
    await pins.pin(everything[5].uri, by=anna, now=LATER)
    for _ in range(2):
        await pins.unpin(everything[1].uri, by=anna, now=LATER)

    assert await pins.uris_of(anna.actor) == [post.uri for post in everything[2:]]
    told = [journal.read(entry) for entry in await JournalEntry.filter(fact__startswith="Object").order_by("id")]
    assert told == [
        *(ObjectPinned(anna.actor_id, post.uri) for post in everything),
        ObjectUnpinned(anna.actor_id, everything[1].uri),
    ]


async def test_an_editor_pins_for_a_group(node_database: Settings) -> None:
    group = (await home())["posts"]
    editor, anna = await member("edda", "Edda", Role.EDITOR), await member()
    guide = await Post.filter(author_id=group.id).first() or await posts.publish(
        PostDraft(text="How to use this"), author=group, now=NOW
    )

    with pytest.raises(NotFound):
        await pins.pin(guide.uri, by=anna, now=NOW)
    await pins.pin(guide.uri, by=editor, now=NOW)

    assert await pins.uris_of(group) == [guide.uri]


async def test_a_foreign_actor_pins_only_its_own_and_the_oldest_makes_room(database: Settings) -> None:
    """T-19, V-P01."""
    await home()
    anna, berta, carlo = await member(), await foreigner(), await foreigner(CARLO)
    ours, other = await say(anna), await said(carlo, 1)
    hers = [await said(berta, number) for number in range(7)]

    for uri in (ours.uri, other, f"{berta.uri}/statuses/99"):
        assert not await pins.received(berta, uri, now=NOW)
    for uri in hers[:6]:
        assert await pins.received(berta, uri, now=NOW)
        assert await pins.received(berta, uri, now=NOW)
    assert await pins.uris_of(berta) == hers[1:6]

    assert not await pins.received_removal(carlo, hers[1])
    assert await pins.received_removal(berta, hers[1])
    assert await pins.received_list(berta, [other, ours.uri, hers[6], hers[0], hers[6]], now=LATER) == 2
    assert await pins.uris_of(berta) == [hers[6], hers[0]]

    await erasure.erase_traces([hers[6]])
    assert await Pin.all().count() == 1


async def test_visitors_see_of_people_elsewhere_only_what_is_public_and_wants_to_be_found(
    node_database: Settings,
) -> None:
    await home()
    berta = await foreigner()
    seen, quiet = await said(berta, 1), await said(berta, 2, Visibility.QUIET)
    await pins.received_list(berta, [seen, quiet], now=NOW)

    assert await pins.shown(berta, ANONYMOUS) == []
    berta = await foreigner(replace(BERTA, indexable=True))
    assert [thing.uri for thing in await pins.shown(berta, ANONYMOUS)] == [seen]
