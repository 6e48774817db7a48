"""Threads with answers from other servers."""

from dataclasses import replace

import pytest

from node.community import foreign_deletions, foreign_posts, posts, practices, threads, viewer
from node.community.foreign_posts import ForeignPost
from node.community.posts import PostDraft
from node.community.visibility import ANONYMOUS
from node.errors import NotFound, Withdrawn
from node.models import Post, Visibility
from node.settings import Settings
from tests.node.community.people import BERTA, LATER, MUCH_LATER, NOW, foreigner, home, member
from tests.node.community.test_practices import FULL

ANSWER = ForeignPost(uri="https://far.example/n/1", author_uri=BERTA.uri, content_html="<p>one</p>", published_at=LATER)


def told(view: threads.ThreadView) -> list[tuple[int, str]]:
    return [(each.depth, each.post.content_html.strip()) for each in view.answers]


async def test_a_thread_shows_nobody_what_they_may_not_read(database: Settings) -> None:
    anna = await member()
    await foreigner()
    top = await posts.publish(PostDraft("top"), author=anna.actor, now=NOW)
    inner = PostDraft("inner", Visibility.MEMBERS, in_reply_to_uri=top.uri)
    await posts.publish(inner, author=anna.actor, now=LATER)
    few = replace(ANSWER, in_reply_to_uri=top.uri, visibility=Visibility.DIRECT, mentioned_uris=(anna.actor.uri,))
    await foreign_posts.receive(few, now=LATER)

    for_all = await threads.thread(top.uri, ANONYMOUS)
    for_anna = await threads.thread(top.uri, await viewer.of_member(anna))

    assert (told(for_all), for_all.hidden) == ([], 2)
    assert (told(for_anna), for_anna.hidden) == ([(1, "<p>inner</p>"), (1, "<p>one</p>")], 0)
    with pytest.raises(NotFound):
        await threads.thread(few.uri, ANONYMOUS)


async def test_what_is_not_here_has_no_thread(node_database: Settings) -> None:
    anna = await member()
    post = await posts.publish(PostDraft("x"), author=anna.actor, now=NOW)
    await posts.withdraw(post.uri, by=anna, now=LATER)

    with pytest.raises(Withdrawn):
        await threads.thread(post.uri, ANONYMOUS)
    with pytest.raises(NotFound):
        await threads.thread("https://nowhere.example/1", ANONYMOUS)


async def test_a_circle_of_answers_ends(node_database: Settings) -> None:
    anna = await member()
    await foreigner()
    top = await posts.publish(PostDraft("top"), author=anna.actor, now=NOW)
    first = replace(ANSWER, in_reply_to_uri=top.uri)
    second = replace(ANSWER, uri="https://far.example/n/2", in_reply_to_uri=first.uri)
    await foreign_posts.receive(first, now=LATER)
    await foreign_posts.receive(second, now=LATER)
    await Post.filter(uri=first.uri).update(in_reply_to_uri=second.uri)
    await Post.filter(uri=second.uri).update(in_reply_to_uri=first.uri)

    view = await threads.thread(first.uri, ANONYMOUS)

    assert ([thing.uri for thing in view.above], [each.post.uri for each in view.answers]) == (
        [second.uri],
        [second.uri],
    )


async def test_a_thread_of_a_record_has_answers_from_everywhere_in_reading_order(database: Settings) -> None:
    anna, _groups = await member(), await home()
    await foreigner()
    record = await practices.publish(FULL, by=anna, now=NOW)
    first = replace(ANSWER, in_reply_to_uri=record.uri)
    await foreign_posts.receive(first, now=LATER)
    await foreign_posts.receive(
        replace(first, uri="https://far.example/n/2", content_html="<p>two</p>", published_at=MUCH_LATER),
        now=MUCH_LATER,
    )
    back = await posts.publish(PostDraft("back", in_reply_to_uri=first.uri), author=anna.actor, now=MUCH_LATER)

    view = await threads.thread(record.uri, ANONYMOUS)

    assert (view.thing.title, view.thing.reactions.replies, view.hidden, view.is_top_known) == (
        FULL.title,
        2,
        0,
        True,
    )
    assert told(view) == [(1, "<p>one</p>"), (2, "<p>back</p>"), (1, "<p>two</p>")]
    assert not view.answers[0].post.is_listed
    below = await threads.thread(back.uri, ANONYMOUS)
    assert [thing.uri for thing in below.above] == [record.uri, first.uri]


async def test_an_answer_whose_parent_was_deleted_moves_up(node_database: Settings) -> None:
    anna = await member()
    berta = await foreigner()
    top = await posts.publish(PostDraft("top"), author=anna.actor, now=NOW)
    await foreign_posts.receive(replace(ANSWER, in_reply_to_uri=top.uri), now=LATER)
    await posts.publish(PostDraft("back", in_reply_to_uri=ANSWER.uri), author=anna.actor, now=MUCH_LATER)
    await foreign_deletions.receive_deletion(ANSWER.uri, by=berta, now=MUCH_LATER)

    assert told(await threads.thread(top.uri, ANONYMOUS)) == [(1, "<p>back</p>")]


async def test_a_thread_is_read_a_page_at_a_time_and_an_answer_is_found_on_its_page(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "A_PAGE", 2)
    anna = await member()
    top = await posts.publish(PostDraft("top"), author=anna.actor, now=NOW)
    hidden = PostDraft("hidden", Visibility.MEMBERS, in_reply_to_uri=top.uri)
    await posts.publish(hidden, author=anna.actor, now=NOW)
    answers = [
        await posts.publish(PostDraft(str(number), in_reply_to_uri=top.uri), author=anna.actor, now=LATER)
        for number in range(5)
    ]
    last = str(answers[-1].public_id)

    parts = [threads.Part(), threads.Part(2), threads.Part(99), threads.Part(answer=last), threads.Part(answer="no")]
    found = [await threads.thread(top.uri, ANONYMOUS, part) for part in parts]

    assert [(view.page, [html for _depth, html in told(view)]) for view in found] == [
        (1, ["<p>0</p>", "<p>1</p>"]),
        (2, ["<p>2</p>", "<p>3</p>"]),
        (3, ["<p>4</p>"]),
        (3, ["<p>4</p>"]),
        (1, ["<p>0</p>", "<p>1</p>"]),
    ]
    assert {(view.number, view.pages, view.hidden) for view in found} == {(5, 3, 1)}
