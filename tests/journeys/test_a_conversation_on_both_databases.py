"""The way in and the way out on SQLite and on PostgreSQL: followed, answered, liked, changed, passed on and deleted."""

from collections.abc import AsyncIterator

import pytest

from node.community import posts
from node.community.posts import PostDraft
from node.database import close_database, open_database
from node.models import ActorKind, Boost, Follow, Like, Member, Post
from node.settings import Settings
from outbox.models import Delivery
from tests.clock import FakeClock
from tests.databases import MODULES
from tests.network import open_network
from tests.outbox.foreigners import following, foreigner
from tests.outbox.test_quirks import Pair
from tests.peers.flavours import MASTODON
from tests.standing import BASE, found, open_standing
from tests.world import home_settings


@pytest.fixture
async def pair(database_settings: Settings, clock: FakeClock) -> AsyncIterator[Pair]:
    """Return a founded node on either database and one foreign server."""
    async with open_network(now=clock.now) as network:
        peer = await network.peer("far.test", MASTODON)
        settings = home_settings(database_settings, network)
        await found(settings)
        context = await open_database(settings, MODULES)
        try:
            async with open_standing(settings, network, clock) as home:
                yield Pair(home, peer)
        finally:
            await close_database(context)


async def test_a_conversation_comes_to_the_same_end_on_both_databases(pair: Pair) -> None:
    home, peer = pair.home, pair.peer
    amina: Member = home.amina
    await pair.tell("Follow", amina.actor.uri)
    await pair.tell("Follow", f"{BASE}/ap/g/posts", inbox="/ap/g/posts/inbox")
    relay = await foreigner("relay", "far.test", now=home.now, kind=ActorKind.APPLICATION)
    await following(relay, await home.actor("/actor"), now=home.now)
    post = await posts.publish(PostDraft(text="Hello", language="en"), author=amina.actor, now=home.now)
    await home.work()
    note = peer.note(pair.rosa, "<p>Yes</p>", inReplyTo=post.uri, cc=[amina.actor.uri])
    await pair.tell("Create", note)
    like, boost = await pair.tell("Like", post.uri), await pair.tell("Announce", post.uri)
    assert (await Like.all().count(), await Boost.all().count(), await Follow.all().count()) == (1, 1, 3)

    await pair.tell("Undo", like)
    await pair.tell("Undo", boost)
    home.clock.advance(60)
    draft = PostDraft(text="Hello all", language="en")
    await posts.edit(post.uri, draft, author=amina.actor, now=home.now)
    await posts.withdraw(post.uri, by=amina, now=home.now)
    await home.work()
    await pair.tell("Delete", {"id": note["id"], "type": "Tombstone"})

    assert peer.lost == []
    assert sorted(pair.told) == sorted(["Accept", "Accept", "Accept", "Create", "Announce", "Delete"])
    assert await Delivery.exclude(state="delivered").count() == 0
    assert (await Like.all().count(), await Boost.all().count()) == (0, 0)
    assert not await Post.exists(uri=note["id"])
    assert {state for _uri, state, _reason in await home.rows()} == {"done"}
