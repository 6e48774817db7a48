"""Posts of other servers: what is kept, refreshed, refused, deleted."""

from dataclasses import replace

import pytest

from node.community import foreign_deletions, foreign_posts, posts
from node.community.foreign_posts import ForeignPost
from node.community.posts import PostDraft
from node.community.received import Outcome
from node.models import (
    Actor,
    ActorState,
    Follow,
    FollowState,
    GoneObject,
    Hashtag,
    Mention,
    Notification,
    NotificationKind,
    Post,
    SearchEntry,
    Visibility,
)
from node.policy.grants import Interact
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, MUCH_LATER, NOW, foreigner, member

HELLO = ForeignPost(
    uri="https://far.example/notes/1",
    author_uri=BERTA.uri,
    content_html="<p>Hello <b>all</b><script>x()</script></p>",
    language="en",
    url="https://far.example/@berta/1",
    mentioned_uris=("https://home.example/ap/u/anna",),
    hashtags=("#Budget",),
    published_at=NOW,
)


async def test_a_post_with_no_tie_to_us_is_not_kept(node_database: Settings) -> None:
    await member()
    await foreigner()

    done = await foreign_posts.receive(replace(HELLO, mentioned_uris=()), now=LATER)

    assert (done.outcome, done.reason) == (
        Outcome.IGNORED,
        "it neither answers nor names us, and nobody here follows its author",
    )
    assert await Post.all().count() == 0


async def test_nobody_changes_the_post_of_another(node_database: Settings) -> None:
    """V-M12: the stored owner counts, not the message."""
    await member()
    await foreigner()
    await foreigner(CARLO)
    await foreign_posts.receive(HELLO, now=NOW)
    forged = replace(HELLO, author_uri=CARLO.uri, content_html="<p>mine</p>", updated_at=LATER)

    done = await foreign_posts.receive(forged, now=LATER)

    assert done.outcome is Outcome.IGNORED
    row = await Post.get(uri=HELLO.uri)
    assert row.content_html == "<p>Hello <b>all</b></p>"


async def test_a_post_of_ours_is_never_received(node_database: Settings) -> None:
    """V-L06, T-21."""
    anna, berta = await member(), await foreigner()
    ours = await posts.publish(PostDraft("ours"), author=anna.actor, now=NOW)

    done = await foreign_posts.receive(replace(HELLO, uri=ours.uri, updated_at=LATER), now=LATER)
    gone = await foreign_deletions.receive_deletion(ours.uri, by=berta, now=LATER)

    assert (done.outcome, gone.outcome) == (Outcome.IGNORED, Outcome.IGNORED)
    assert (await posts.standing(ours.uri)).source == "ours"


@pytest.mark.parametrize("state", [ActorState.SUSPENDED, ActorState.GONE])
async def test_a_suspended_author_says_nothing(node_database: Settings, state: ActorState) -> None:
    """V-M26: neither new nor unknown posts enter through Update."""
    await member()
    berta = await foreigner()
    await Actor.filter(id=berta.id).update(state=state)

    done = await foreign_posts.receive(replace(HELLO, updated_at=LATER), now=LATER)

    assert done.outcome is Outcome.IGNORED
    assert await Post.all().count() == 0


@pytest.mark.parametrize("grant", [Interact.NONE, Interact.FOLLOWED_ONLY, Interact.HOLD])
async def test_a_host_without_the_grant_is_not_heard(node_database: Settings, grant: Interact) -> None:
    await member()
    await foreigner()

    done = await foreign_posts.receive(HELLO, now=LATER, grant=grant)

    assert (done.outcome, await Post.all().count()) == (Outcome.IGNORED, 0)


async def test_what_was_said_to_others_is_not_kept(node_database: Settings) -> None:
    await member()
    await foreigner()

    for visibility in (Visibility.DIRECT, Visibility.FOLLOWERS, Visibility.MEMBERS):
        done = await foreign_posts.receive(replace(HELLO, visibility=visibility, mentioned_uris=()), now=LATER)
        assert done.outcome is Outcome.IGNORED

    assert await Post.all().count() == 0


async def test_a_mention_is_kept_clean_and_told_once(database: Settings) -> None:
    anna = await member()
    berta = await foreigner()

    done = await foreign_posts.receive(replace(HELLO, published_at=MUCH_LATER), now=LATER)
    again = await foreign_posts.receive(HELLO, now=MUCH_LATER)

    assert (done.outcome, again.outcome) == (Outcome.STORED, Outcome.UNCHANGED)
    row = await Post.get(uri=HELLO.uri)
    assert (row.author_id, row.is_local, row.content_html) == (berta.id, False, "<p>Hello <b>all</b></p>")
    assert (row.thread_uri, row.published_at, row.received_at) == (HELLO.uri, LATER, LATER)
    assert await Mention.all().values_list("actor_id", flat=True) == [anna.actor_id]
    assert await Hashtag.all().values_list("name", flat=True) == ["budget"]
    assert await Notification.all().values_list("member_id", "kind", "object_uri") == [
        (anna.id, NotificationKind.MENTION, HELLO.uri)
    ]
    assert await SearchEntry.filter(kind="post").count() == 0


async def test_an_answer_to_an_answer_joins_our_thread(database: Settings) -> None:
    anna, berta = await member(), await foreigner()
    await foreigner(CARLO)
    ours = await posts.publish(PostDraft("a question"), author=anna.actor, now=NOW)
    first = replace(HELLO, mentioned_uris=(), in_reply_to_uri=ours.uri)
    second = replace(
        first, uri="https://other.example/notes/2", author_uri=CARLO.uri, in_reply_to_uri=first.uri, title="T"
    )

    outcomes = [(await foreign_posts.receive(draft, now=LATER)).outcome for draft in (first, second)]

    assert outcomes == [Outcome.STORED, Outcome.STORED]
    assert set(await Post.all().values_list("thread_uri", flat=True)) == {ours.uri}
    assert await Notification.all().values_list("member_id", "kind", "actor_id") == [
        (anna.id, NotificationKind.REPLY, berta.id)
    ]


async def test_a_missing_parent_that_comes_later_joins_the_threads(node_database: Settings) -> None:
    await member()
    await foreigner()
    reply = replace(HELLO, in_reply_to_uri="https://far.example/notes/0")
    await foreign_posts.receive(reply, now=NOW)
    parent = replace(
        HELLO, uri="https://far.example/notes/0", in_reply_to_uri="https://far.example/notes/top", is_solicited=True
    )

    await foreign_posts.receive(parent, now=LATER)

    assert set(await Post.all().values_list("thread_uri", flat=True)) == {"https://far.example/notes/top"}


async def test_posts_of_somebody_we_follow_are_kept_and_only_found_if_they_may(database: Settings) -> None:
    anna, berta = await member(), await foreigner()
    await Follow.create(follower=anna.actor, target=berta, state=FollowState.ACCEPTED, created_at=NOW)
    plain = replace(HELLO, mentioned_uris=())
    await foreign_posts.receive(plain, now=NOW)
    assert await SearchEntry.filter(kind="post").count() == 0
    await Actor.filter(id=berta.id).update(indexable=True)

    await foreign_posts.receive(replace(plain, uri="https://far.example/notes/2"), now=NOW)

    assert await SearchEntry.filter(kind="post").values_list("object_uri", flat=True) == ["https://far.example/notes/2"]


async def test_only_a_newer_version_replaces_what_we_have(database: Settings) -> None:
    await member()
    await foreigner()
    await foreign_posts.receive(HELLO, now=NOW)
    newer = replace(HELLO, content_html="<p>newer</p>", updated_at=LATER, visibility=Visibility.QUIET)

    assert (await foreign_posts.receive(newer, now=MUCH_LATER)).outcome is Outcome.UPDATED
    older = replace(newer, content_html="<p>older</p>", updated_at=NOW)
    assert (await foreign_posts.receive(older, now=MUCH_LATER)).outcome is Outcome.UNCHANGED

    row = await Post.get(uri=HELLO.uri)
    assert (row.content_html, row.updated_at, row.visibility) == ("<p>newer</p>", LATER, Visibility.QUIET)


async def test_a_later_version_never_widens_who_reads(node_database: Settings) -> None:
    await member()
    await foreigner()
    await foreign_posts.receive(replace(HELLO, visibility=Visibility.DIRECT), now=NOW)

    await foreign_posts.receive(replace(HELLO, updated_at=LATER), now=LATER)

    assert (await Post.get(uri=HELLO.uri)).visibility is Visibility.DIRECT


async def test_only_the_owner_deletes(node_database: Settings) -> None:
    await member()
    await foreigner()
    carlo = await foreigner(CARLO)
    await foreign_posts.receive(HELLO, now=NOW)

    done = await foreign_deletions.receive_deletion(HELLO.uri, by=carlo, now=LATER)

    assert (done.outcome, await Post.all().count(), await GoneObject.all().count()) == (Outcome.IGNORED, 1, 0)


async def test_a_deletion_outlives_a_late_create(database: Settings) -> None:
    await member()
    berta = await foreigner()
    carlo = await foreigner(CARLO)

    by_carlo = await foreign_deletions.receive_deletion(HELLO.uri, by=carlo, now=NOW)
    assert (by_carlo.outcome, await GoneObject.all().count()) == (Outcome.IGNORED, 0)
    await foreign_deletions.receive_deletion(HELLO.uri, by=berta, now=NOW)
    late = await foreign_posts.receive(HELLO, now=LATER)

    assert (late.outcome, late.reason) == (Outcome.IGNORED, "it was deleted before")
    assert await Post.all().count() == 0


async def test_a_deleted_post_takes_everything_with_it(database: Settings) -> None:
    await member()
    berta = await foreigner()
    await foreign_posts.receive(HELLO, now=NOW)

    done = await foreign_deletions.receive_deletion(HELLO.uri, by=berta, now=LATER)

    assert done.outcome is Outcome.REMOVED
    left = [await model.all().count() for model in (Post, Mention, Hashtag, Notification)]
    assert left == [0, 0, 0, 0]
    assert await GoneObject.all().values_list("uri", "actor_uri") == [(HELLO.uri, berta.uri)]


async def test_an_actor_that_leaves_takes_its_posts(database: Settings) -> None:
    await member()
    berta = await foreigner()
    await foreign_posts.receive(HELLO, now=NOW)

    done = await foreign_deletions.receive_deletion(berta.uri, by=berta, now=LATER)

    assert done.outcome is Outcome.REMOVED
    assert (await Post.all().count(), (await Actor.get(id=berta.id)).state) == (0, ActorState.GONE)
