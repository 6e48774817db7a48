"""Likes and boosts."""

import pytest

from node.community import interactions, journal, posts
from node.community.facts import BoostGiven, Fact, LikeGiven, LikeTakenBack
from node.community.interactions import ForeignReaction
from node.community.posts import PostDraft
from node.errors import Invalid, NotFound
from node.models import Actor, ActorState, Boost, JournalEntry, Like, Notification, NotificationKind, Visibility
from node.policy.grants import Interact
from node.settings import Settings
from tests.node.community.people import CARLO, LATER, NOW, foreigner, member


async def facts() -> list[Fact]:
    return [journal.read(entry) for entry in await JournalEntry.all().order_by("id")][1:]


async def test_what_one_may_not_read_one_cannot_like(node_database: Settings) -> None:
    anna, boris, berta = await member(), await member("boris", "Boris"), await foreigner()
    secret = await posts.publish(PostDraft("x", Visibility.DRAFT), author=anna.actor, now=NOW)
    inner = await posts.publish(PostDraft("x", Visibility.MEMBERS), author=anna.actor, now=NOW)

    for uri in (secret.uri, "https://nowhere.example/1"):
        with pytest.raises(NotFound):
            await interactions.like(uri, by=boris.actor, now=LATER)
    with pytest.raises(Invalid):
        await interactions.boost(inner.uri, by=boris.actor, now=LATER)
    given = ForeignReaction(berta, inner.uri, "https://far.example/likes/1")
    assert not await interactions.received_like(given, now=LATER)
    assert not await interactions.received_boost(given, now=LATER)

    assert (await Like.all().count(), await Boost.all().count()) == (0, 0)


@pytest.mark.parametrize("state", [ActorState.SUSPENDED, ActorState.GONE])
async def test_a_boost_of_a_suspended_author_changes_nothing(node_database: Settings, state: ActorState) -> None:
    """V-M26."""
    anna, berta = await member(), await foreigner()
    post = await posts.publish(PostDraft("x"), author=anna.actor, now=NOW)
    await Actor.filter(id=anna.actor_id).update(state=state)

    assert not await interactions.received_boost(ForeignReaction(berta, post.uri, "https://far.example/b"), now=NOW)
    assert await Boost.all().count() == 0


async def test_a_host_that_may_not_interact_is_not_counted(node_database: Settings) -> None:
    anna, berta = await member(), await foreigner()
    post = await posts.publish(PostDraft("x"), author=anna.actor, now=NOW)
    given = ForeignReaction(berta, post.uri, "https://far.example/likes/1")

    assert not await interactions.received_like(given, now=LATER, grant=Interact.NONE)
    assert await Like.all().count() == 0


async def test_nobody_takes_back_the_like_of_another(node_database: Settings) -> None:
    """T-19."""
    anna, berta, carlo = await member(), await foreigner(), await foreigner(CARLO)
    post = await posts.publish(PostDraft("x"), author=anna.actor, now=NOW)
    await interactions.received_like(ForeignReaction(berta, post.uri, "https://far.example/likes/1"), now=LATER)

    assert not await interactions.received_unlike(carlo, post.uri)
    assert await interactions.object_of(carlo, "https://far.example/likes/1") is None

    assert await Like.all().values_list("actor_id", flat=True) == [berta.id]


async def test_a_foreign_like_counts_once_and_is_told_until_it_is_taken_back(database: Settings) -> None:
    anna, berta = await member(), await foreigner()
    post = await posts.publish(PostDraft("x"), author=anna.actor, now=NOW)
    given = ForeignReaction(berta, post.uri, "https://far.example/likes/1")

    assert [await interactions.received_like(given, now=LATER) for _ in range(2)] == [True, False]

    assert await interactions.object_of(berta, given.activity_uri) == ("like", post.uri)
    assert await Notification.all().values_list("member_id", "kind", "object_uri") == [
        (anna.id, NotificationKind.LIKE, post.uri)
    ]
    assert await interactions.received_unlike(berta, post.uri)
    assert (await Like.all().count(), await Notification.all().count()) == (0, 0)


async def test_our_likes_and_boosts_are_told_to_the_world_once(database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris")
    post = await posts.publish(PostDraft("x"), author=anna.actor, now=NOW)

    liked = [await interactions.like(post.uri, by=boris.actor, now=LATER) for _ in range(2)][0]
    boosted = [await interactions.boost(post.uri, by=boris.actor, now=LATER) for _ in range(2)][0]
    assert await interactions.unlike(post.uri, by=boris.actor, now=LATER)
    assert not await interactions.unlike(post.uri, by=boris.actor, now=LATER)

    assert await facts() == [
        LikeGiven(liked.id),
        BoostGiven(boosted.id),
        LikeTakenBack(boris.actor_id, post.uri, liked.activity_uri or ""),
    ]
    assert boosted.activity_uri is not None and boosted.activity_uri.startswith("https://home.example/ap/a/")
    assert await Notification.all().values_list("member_id", "kind") == [(anna.id, NotificationKind.BOOST)]
