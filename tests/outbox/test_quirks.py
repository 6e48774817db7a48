"""Seen on live servers: each kind of peer gets what we tell in the way that it understands, and loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.community import follows, interactions, posts
from node.community.posts import PostDraft
from node.models import Actor, Boost, Follow, FollowState, Like, Post
from outbox.models import Delivery
from tests.clock import FakeClock
from tests.peers.actors import PeerActor
from tests.peers.flavours import FLAVOURS, GOTOSOCIAL, MICROBLOGPUB, RFC9421, SNAC, TAKAHE, Flavour
from tests.peers.peer import Peer
from tests.standing import BASE, Standing, standing_among

FAR = "far.test"
by_software = pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.software)


class Pair:
    """Our node, one foreign server and Rosa who lives there."""

    def __init__(self, home: Standing, peer: Peer) -> None:
        self.home, self.peer = home, peer
        self.rosa: PeerActor = peer.actor("" if peer.flavour.actor_path == "" else "rosa")

    async def tell(self, kind: str, target: object, inbox: str = "/ap/u/amina/inbox") -> dict[str, object]:
        """Let Rosa do something, in the way of her server, and let us work on it."""
        activity = self.peer.activity(kind, self.rosa, target)
        answer = await self.peer.post_activity(BASE + inbox, activity, actor=self.rosa)
        assert answer.status == 202, answer
        await self.home.work()
        return activity

    @property
    def told(self) -> list[str]:
        """Return the kinds of what Rosa's server took for good, in order."""
        return [str(entry.activity["type"]) for entry in self.peer.received]


@pytest.fixture
async def pair(flavour: Flavour, founded: Path, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Pair]:
    """Return a node and a server of this flavour."""
    async with standing_among({FAR: flavour}, founded, tmp_path, clock) as (home, peers):
        yield Pair(home, peers[FAR])


@by_software
async def test_a_whole_conversation_arrives_there_and_here(pair: Pair) -> None:
    """Follow, post, answer, edit, like, boost, delete and farewell, both ways; nothing is lost in silence."""
    home, amina = pair.home, pair.home.amina
    await pair.tell("Follow", amina.actor.uri)
    draft = PostDraft(text="Hearings by SMS", language="en")
    post = await posts.publish(draft, author=amina.actor, now=home.now)
    await home.work()
    note = pair.peer.note(pair.rosa, "<p>We did</p>", inReplyTo=post.uri, cc=[amina.actor.uri])
    await pair.tell("Create", note)
    await pair.tell("Like", post.uri)
    await pair.tell("Announce", post.uri)
    assert (await Like.all().count(), await Boost.all().count()) == (1, 1)
    answered = await Post.get(uri=note["id"])
    assert answered.visibility == "public"

    await interactions.like(answered.uri, by=amina.actor, now=home.now)
    await interactions.boost(answered.uri, by=amina.actor, now=home.now)
    thanks = PostDraft(text="Thank you", language="en", in_reply_to_uri=answered.uri)
    reply = await posts.publish(thanks, author=amina.actor, now=home.now)
    await home.work()
    home.clock.advance(60)
    await posts.edit(reply.uri, PostDraft(text="Thank you all", language="en", in_reply_to_uri=answered.uri),
                     author=amina.actor, now=home.now)  # fmt: skip
    await home.work()
    await interactions.unlike(answered.uri, by=amina.actor, now=home.now)
    await interactions.unboost(answered.uri, by=amina.actor, now=home.now)
    await posts.withdraw(reply.uri, by=amina, now=home.now)
    await home.work()

    assert pair.peer.lost == []
    assert sorted(pair.told) == sorted(
        ["Accept", "Create", "Like", "Announce", "Create", "Update", "Undo", "Undo", "Delete"]
    )
    assert await Delivery.exclude(state="delivered").count() == 0
    await pair.tell("Delete", {"id": note["id"], "type": "Tombstone"})
    assert not await Post.exists(uri=note["id"])


@by_software
async def test_one_of_ours_follows_somebody_there_and_stops(pair: Pair) -> None:
    home, amina = pair.home, pair.home.amina
    pair.peer.accepts_follows = True
    await pair.tell("Like", BASE)
    rosa = await Actor.get(uri=pair.rosa.uri)

    await follows.ask(amina.actor, rosa, now=home.now)
    await home.work()
    await pair.peer.expect(1, kind="Follow")
    for _ in range(50):
        await home.work()
        if (await Follow.get()).state is FollowState.ACCEPTED:
            break
        await asyncio.gather(*pair.peer._tasks)
    assert (await Follow.get()).state is FollowState.ACCEPTED

    await follows.undo(amina.actor, rosa, now=home.now)
    await home.work()
    undo = (await pair.peer.expect(1, kind="Undo"))[0].activity
    assert undo["object"]["type"] == "Follow"
    assert pair.peer.lost == []


@pytest.mark.parametrize("flavour", [GOTOSOCIAL, SNAC, MICROBLOGPUB], ids=lambda flavour: flavour.software)
async def test_without_a_shared_inbox_everybody_there_has_their_own(pair: Pair) -> None:
    await pair.tell("Follow", pair.home.amina.actor.uri)

    await posts.publish(PostDraft(text="Hello", language="en"), author=pair.home.amina.actor, now=pair.home.now)
    await pair.home.work()

    assert {entry.path for entry in pair.peer.received} == {pair.peer.path_of(pair.rosa.inbox)}


@pytest.mark.parametrize("flavour", [TAKAHE], ids=lambda flavour: flavour.software)
async def test_an_id_that_ends_in_a_slash_stays_as_it_is(pair: Pair) -> None:
    """Takahē's ids end in `/`, its `to` is a bare `as:Public`."""
    follow = await pair.tell("Follow", pair.home.amina.actor.uri)

    accept = (await pair.peer.expect(1, kind="Accept"))[0].activity
    assert accept["to"] == [pair.rosa.uri]
    assert accept["object"] == {
        "id": follow["id"],
        "type": "Follow",
        "actor": f"http://{FAR}/@rosa/",
        "object": pair.home.amina.actor.uri,
    }


@pytest.mark.parametrize("flavour", [SNAC], ids=lambda flavour: flavour.software)
async def test_public_is_always_spelt_out(pair: Pair) -> None:
    """snac drops what is for `as:Public`; it answers 202 before it looks, so the first scheme must be right."""
    await pair.tell("Follow", pair.home.amina.actor.uri)
    await posts.publish(PostDraft(text="Hello", language="en"), author=pair.home.amina.actor, now=pair.home.now)
    await pair.home.work()

    create = (await pair.peer.expect(1, kind="Create"))[0]
    assert b"as:Public" not in create.raw
    assert create.signer.scheme != RFC9421
    assert create.signer.key_id == f"{pair.home.amina.actor.uri}#main-key"
