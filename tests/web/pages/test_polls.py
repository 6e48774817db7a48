"""Polls on pages: asking, voting and seeing how it stands, all without JavaScript."""

from datetime import timedelta

from node.community import posts
from node.community.polls import PollDraft
from node.community.posts import PostDraft
from node.models import Actor, Poll, Post, Vote
from tests.clock import FakeClock
from tests.web.building import Building


async def test_a_poll_with_one_answer_is_not_published_and_keeps_what_was_typed(building: Building) -> None:
    visitor = await building.signed_in("anna")

    page = await visitor.send(await visitor.get("/write"), "/write", text="Well?", poll="Only this", poll_days="3")

    assert (page.status, page.form("/write")["poll"].strip()) == (422, "Only this")
    assert "A poll needs 2 to 6 answers" in page.shown()
    assert await Post.all() == []


async def test_a_poll_is_published_as_typed(building: Building, clock: FakeClock) -> None:
    visitor = await building.signed_in("anna")
    typed = {"text": "Which?", "poll": "Red\n\n Green \nBlue", "poll_days": "3", "poll_multiple": "1"}

    page = await visitor.send(await visitor.get("/write"), "/write", **typed)
    poll = await Poll.get()

    assert page.status == 303
    assert (poll.options, poll.multiple, poll.ends_at) == (
        ["Red", "Green", "Blue"],
        True,
        clock.now() + timedelta(days=3),
    )
    assert (await Post.get()).wire_type == "Question"


async def test_a_draft_keeps_its_poll_until_it_is_published(building: Building, clock: FakeClock) -> None:
    visitor = await building.signed_in("anna")
    typed = {"text": "Which?", "poll": "Red\nGreen", "poll_days": "1", "visibility": "draft"}
    await visitor.send(await visitor.get("/write"), "/write", **typed)
    post = await Post.get()
    assert (await Poll.get()).ends_at is None

    form = await visitor.get(f"/posts/{post.public_id}/edit")
    again = form.form(f"/posts/{post.public_id}/edit")
    assert (again["poll"].strip(), again["poll_days"]) == ("Red\nGreen", "1")
    await visitor.send(form, f"/posts/{post.public_id}/edit", visibility="public")

    assert (await Poll.get()).ends_at == clock.now() + timedelta(days=1)


async def test_a_member_votes_once_and_sees_how_it_stands(building: Building) -> None:
    author = await building.member("tui")
    draft = PostDraft("Which?", poll=PollDraft(("Red", "Green"), timedelta(days=1)))
    post = await posts.publish(draft, author=author.actor, now=building.clock.now())
    visitor = await building.signed_in("anna")
    path = f"/posts/{post.public_id}"

    before = await visitor.get(path)
    nothing = await visitor.post("/vote", {k: v for k, v in before.form("/vote").items() if k != "choice"})
    sent = await visitor.send(before, "/vote", choice="1")
    after = await visitor.get(path)
    again = await visitor.send(before, "/vote", choice="0")

    assert (nothing.status, sent.status, again.status) == (422, 303, 422)
    assert "Choose one answer" in before.shown()
    assert "1 vote, your choice" in after.shown()
    assert "1 voter" in after.shown()
    assert [row.option for row in await Vote.all()] == [1]


async def test_the_author_and_a_visitor_see_counts_and_no_ballot(building: Building) -> None:
    own, stranger = await building.signed_in("anna"), building.visitor()
    author = await Actor.get(local_name="anna")
    draft = PostDraft("Which?", poll=PollDraft(("Red", "Green"), timedelta(days=1)))
    post = await posts.publish(draft, author=author, now=building.clock.now())

    for visitor in (own, stranger):
        page = await visitor.get(f"/posts/{post.public_id}")
        assert 'action="/vote"' not in page.text
        assert "0 votes" in page.shown()
