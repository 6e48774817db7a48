"""Timelines and their pages."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from node.community import events, follows, foreign_posts, interactions, posts, practices, tagged, timelines, viewer
from node.community.foreign_posts import ForeignPost
from node.community.interactions import ForeignReaction
from node.community.paging import Page
from node.community.posts import PostDraft
from node.community.views import EventView, PostView, PracticeView, TimelineItem
from node.community.visibility import ANONYMOUS
from node.models import Actor, Visibility
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, MUCH_LATER, NOW, foreigner, home, member
from tests.node.community.test_events import WORKSHOP
from tests.node.community.test_practices import FULL

NOTE = ForeignPost(
    uri="https://far.example/notes/1",
    author_uri=BERTA.uri,
    content_html="<p>from afar</p>",
    is_solicited=True,
    published_at=NOW,
)


def titles(page: Page[TimelineItem]) -> list[str]:
    """Name what a timeline shows."""
    found = []
    for item in page.items:
        thing = item.thing
        found.append(thing.content_html if isinstance(thing, PostView) else thing.title)
    return [title.removeprefix("<p>").removesuffix("\n").removesuffix("</p>") for title in found]


async def test_visitors_see_nothing_that_is_not_public(database: Settings) -> None:
    anna = await member()
    await home()
    for text, visibility in (
        ("public", Visibility.PUBLIC),
        ("quiet", Visibility.QUIET),
        ("network", Visibility.NETWORK),
        ("members", Visibility.MEMBERS),
        ("draft", Visibility.DRAFT),
    ):
        await posts.publish(PostDraft(text + " #Tag", visibility), author=anna.actor, now=NOW)
    inside = await viewer.of_member(anna)

    for timeline in (timelines.local, timelines.network):
        assert [title[:6] for title in titles(await timeline(ANONYMOUS))] == ["public"]
        assert [title[:6] for title in titles(await timeline(inside))] == ["member", "networ", "public"]
    assert [title[:6] for title in titles(await tagged.tagged("#tag", ANONYMOUS))] == ["public"]
    assert [title[:6] for title in titles(await timelines.of_actor(anna.actor, ANONYMOUS))] == ["quiet ", "public"]


async def test_foreign_words_are_only_listed_if_their_author_wants_it(database: Settings) -> None:
    anna = await member()
    berta = await foreigner()
    await foreign_posts.receive(NOTE, now=LATER)
    await foreign_posts.receive(
        replace(NOTE, uri="https://far.example/notes/2", visibility=Visibility.QUIET, content_html="<p>quiet</p>"),
        now=LATER,
    )

    assert titles(await timelines.network(ANONYMOUS)) == []
    assert titles(await timelines.network(await viewer.of_member(anna))) == ["from afar"]
    assert titles(await timelines.local(await viewer.of_member(anna))) == []
    await Actor.filter(id=berta.id).update(indexable=True)
    page = await timelines.network(ANONYMOUS)
    assert titles(page) == ["from afar"]
    assert page.items[0].thing.is_listed


async def test_home_has_what_one_follows_once_it_is_accepted(database: Settings) -> None:
    """V-X01."""
    anna, berta, carlo = await member(), await foreigner(), await foreigner(CARLO)
    boris = await member("boris", "Boris")
    await follows.ask(anna.actor, berta, now=NOW)
    await foreign_posts.receive(replace(NOTE, visibility=Visibility.FOLLOWERS), now=LATER)
    await foreign_posts.receive(NOTE, now=LATER)
    other = replace(NOTE, uri="https://other.example/n", author_uri=CARLO.uri, content_html="<p>boosted</p>")
    await foreign_posts.receive(other, now=LATER)
    assert titles(await timelines.home(anna)) == []
    await follows.confirmed(anna.actor, berta, now=LATER)
    await foreign_posts.receive(
        replace(NOTE, uri="https://far.example/2", visibility=Visibility.FOLLOWERS, content_html="<p>for few</p>"),
        now=LATER,
    )
    await interactions.received_boost(ForeignReaction(berta, other.uri, "https://far.example/b/1"), now=MUCH_LATER)
    await posts.publish(PostDraft("own"), author=anna.actor, now=MUCH_LATER + timedelta(hours=1))

    page = await timelines.home(anna)

    assert titles(page) == ["own", "boosted", "for few", "from afar"]
    assert [item.boosted_by.handle if item.boosted_by else "" for item in page.items] == [
        "",
        "@berta@far.example",
        "",
        "",
    ]
    assert titles(await timelines.home(boris)) == []
    assert titles(await timelines.of_actor(carlo, ANONYMOUS)) == []
    assert titles(await timelines.of_actor(carlo, await viewer.of_member(boris))) == ["boosted"]


async def test_pages_of_a_mixed_list_leave_nothing_out_and_repeat_nothing(database: Settings) -> None:
    anna = await member()
    await home()
    for number in range(30):
        await posts.publish(PostDraft(f"post {number}"), author=anna.actor, now=NOW)
    await practices.publish(FULL, by=anna, now=NOW)
    await events.publish(WORKSHOP, by=anna, now=NOW)
    answer = PostDraft(
        "an answer", in_reply_to_uri=(await posts.publish(PostDraft("top"), author=anna.actor, now=LATER)).uri
    )
    await posts.publish(answer, author=anna.actor, now=LATER)

    first = await timelines.local(ANONYMOUS)
    second = await timelines.local(ANONYMOUS, before=first.next)

    assert (len(first), len(second), second.next) == (20, 13, None)
    shown = titles(first) + titles(second)
    assert shown == [
        "top",
        *(f"post {number}" for number in reversed(range(30))),
        "Ward budget hearings by SMS",
        "Open budget workshop",
    ]
    kinds = [type(item.thing) for item in second.items[-2:]]
    assert kinds == [PracticeView, EventView]
    assert (await timelines.local(ANONYMOUS, before="rubbish")).items == first.items


async def test_a_long_page_takes_as_many_queries_as_a_short_one(
    node_database: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    anna, _groups = await member(), await home()
    inside = await viewer.of_member(anna)
    asked: list[int] = []

    for number in range(20):
        post = await posts.publish(PostDraft(f"{number} #Tag @anna"), author=anna.actor, now=NOW)
        await interactions.like(post.uri, by=anna.actor, now=NOW)
        if number in {1, 19}:
            caplog.clear()
            with caplog.at_level(logging.DEBUG, "tortoise.db_client"):
                await timelines.local(inside)
            asked.append(len(caplog.records))

    assert asked[0] == asked[1]
    assert asked[0] <= 25


async def test_what_is_shown_says_who_may_do_what_and_what_others_did(database: Settings) -> None:
    anna, boris, berta = await member(), await member("boris", "Boris"), await foreigner()
    post = await posts.publish(PostDraft("hello #Tag", warning="w"), author=anna.actor, now=NOW)
    await interactions.like(post.uri, by=boris.actor, now=NOW)
    await interactions.received_boost(ForeignReaction(berta, post.uri, "https://far.example/b/1"), now=NOW)
    await posts.publish(PostDraft("yes", in_reply_to_uri=post.uri), author=boris.actor, now=NOW)

    for_boris = (await timelines.local(await viewer.of_member(boris))).items[0].thing
    for_anna = (await timelines.local(await viewer.of_member(anna))).items[0].thing

    assert isinstance(for_boris, PostView) and isinstance(for_anna, PostView)
    assert (for_boris.reactions.replies, for_boris.reactions.likes, for_boris.reactions.boosts) == (1, 1, 1)
    assert (for_boris.reactions.liked, for_anna.reactions.liked) == (True, False)
    assert (for_boris.rights.may_edit, for_boris.rights.may_answer, for_boris.source) == (False, True, "")
    assert (for_anna.rights.may_edit, for_anna.rights.may_withdraw, for_anna.source) == (True, True, "hello #Tag")
    assert (for_boris.author.handle, for_boris.author.path, for_boris.path) == (
        "@anna@home.example",
        "/@anna",
        f"/posts/{post.public_id}",
    )
    assert for_boris.hashtags == ("tag",)
