"""Polls, signs, quotes and emoji as rows, on both databases; concurrent votes too. A-25, T-20."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from node.community import (
    foreign_polls,
    foreign_posts,
    foreign_quotes,
    polls,
    post_emoji,
    posts,
    quotes,
    shown_posts,
    signs,
)
from node.community.foreign_polls import ForeignPoll
from node.community.foreign_posts import ForeignPost
from node.community.foreign_quotes import Claim, Stamp
from node.community.polls import ForeignVote, PollDraft
from node.community.posts import PostDraft
from node.community.quotes import QuoteRequest
from node.community.signs import ForeignSign
from node.community.viewer import of_member
from node.community.views import PostView
from node.errors import Invalid, NotFound
from node.models import JournalEntry, Member, Post, Quote, Visibility, Vote
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, MUCH_LATER, NOW, foreigner, member

DAY = timedelta(days=1)
QUESTION = ForeignPost(
    uri="https://far.example/notes/1",
    author_uri=BERTA.uri,
    wire_type="Question",
    content_html="<p>Which :blob:?</p>",
    emoji=((":blob:", "https://far.example/blob.png"),),
    is_solicited=True,
)


async def ask(by: Member, *options: str, multiple: bool = False) -> Post:
    draft = PollDraft(options or ("Yes", "No"), DAY, multiple)
    return await posts.publish(PostDraft("Shall we?", poll=draft), author=by.actor, now=NOW)


async def shown(uri: str, to: Member) -> PostView:
    rows = [await Post.get(uri=uri).select_related("author")]
    return (await shown_posts.show_posts(rows, await of_member(to)))[0]


@pytest.mark.parametrize(
    "draft",
    [
        PollDraft(("One",), DAY),
        PollDraft(tuple("abcdefg"), DAY),
        PollDraft(("Yes", "yes"), DAY),
        PollDraft(("Yes", "x" * 101), DAY),
        PollDraft(("Yes", "No"), timedelta(minutes=1)),
        PollDraft(("Yes", "No"), timedelta(days=400)),
    ],
    ids=["one", "seven", "the same", "too long", "too short", "too slow"],
)
async def test_a_poll_that_nobody_can_answer_is_not_published(node_database: Settings, draft: PollDraft) -> None:
    anna = await member()

    with pytest.raises(Invalid):
        await posts.publish(PostDraft("Well?", poll=draft), author=anna.actor, now=NOW)

    assert await Post.all().count() == 0


async def test_no_vote_twice_late_for_oneself_or_for_nothing(node_database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris")
    post = await ask(anna)
    hidden = await posts.publish(
        PostDraft("x", Visibility.DRAFT, poll=PollDraft(("Yes", "No"), DAY)), author=anna.actor, now=NOW
    )

    for wrong in ([], [2], [-1], [0, 1]):
        with pytest.raises(Invalid):
            await polls.vote(post.uri, wrong, by=boris.actor, now=LATER)
    for uri in (hidden.uri, "https://nowhere.example/1"):
        with pytest.raises(NotFound):
            await polls.vote(uri, [0], by=boris.actor, now=LATER)
    for voter, at in ((anna, LATER), (boris, MUCH_LATER)):
        with pytest.raises(Invalid):
            await polls.vote(post.uri, [0], by=voter.actor, now=at)
    await polls.vote(post.uri, [1], by=boris.actor, now=LATER)
    with pytest.raises(Invalid):
        await polls.vote(post.uri, [0], by=boris.actor, now=LATER)

    assert [(row.option, row.slot) for row in await Vote.all()] == [(1, 0)]


async def test_of_votes_that_come_at_the_same_time_one_counts(database: Settings) -> None:
    anna, berta = await member(), await foreigner()
    post = await ask(anna)
    votes = [ForeignVote(berta, post.uri, label, f"https://far.example/v/{label}") for label in ("Yes", "No") * 4]

    reasons = await asyncio.gather(*(polls.received(vote, now=LATER) for vote in votes))

    assert sorted(reasons) == [""] + ["voted before"] * 7
    assert await Vote.all().count() == 1


async def test_counts_voters_and_own_choices_are_shown(database: Settings) -> None:
    anna, boris, berta = await member(), await member("boris", "Boris"), await foreigner()
    post = await ask(anna, "Soup", "Rice", "Bread", multiple=True)
    await polls.vote(post.uri, [0, 2], by=boris.actor, now=LATER)
    assert await polls.received(ForeignVote(berta, post.uri, "Bread", "https://far.example/v/1"), now=LATER) == ""

    view = (await shown(post.uri, boris)).poll
    assert view is not None
    assert (view.options, view.voters, view.chosen, view.may_vote) == (
        (("Soup", 1), ("Rice", 0), ("Bread", 2)),
        2,
        (0, 2),
        False,
    )
    told = await JournalEntry.filter(fact="PollCounted").count()
    assert told == 1, "several votes within minutes are told together"


async def test_a_poll_elsewhere_keeps_its_options_until_its_author_edits_them(database: Settings) -> None:
    anna = await member()
    await foreigner()
    await foreign_posts.receive(QUESTION, now=NOW)
    told = ForeignPoll((("Yes", 1), ("No", 2**60), ("Yes", 5)), False, None, None, 3)
    assert await foreign_polls.receive(QUESTION.uri, told, is_newer=True)
    await polls.vote(QUESTION.uri, [1], by=anna.actor, now=LATER)

    other = ForeignPoll((("Maybe", 1),), False, None, None, 3)
    assert not await foreign_polls.receive(QUESTION.uri, other, is_newer=False)
    view = (await shown(QUESTION.uri, anna)).poll
    assert view is not None
    assert (view.options, view.chosen) == ((("Yes", 1), ("No", foreign_polls.MOST_VOTES)), (1,))
    assert await foreign_polls.receive(QUESTION.uri, other, is_newer=True)
    assert await Vote.all().count() == 0


async def test_signs_and_emoji_are_grouped_by_post(database: Settings) -> None:
    anna, berta, carlo = await member(), await foreigner(), await foreigner(CARLO)
    await foreign_posts.receive(QUESTION, now=NOW)
    post = await posts.publish(PostDraft("Hello"), author=anna.actor, now=NOW)
    for number, (who, sign) in enumerate([(berta, "👍"), (carlo, "👍"), (carlo, "🎉"), (carlo, "🎉")]):
        await signs.received(ForeignSign(who, post.uri, sign, f"https://far.example/{number}"), now=LATER)

    assert (await shown(post.uri, anna)).reactions.signs == (("👍", 2), ("🎉", 1))
    assert await post_emoji.within([post.uri, QUESTION.uri]) == {
        QUESTION.uri: {":blob:": "https://far.example/blob.png"}
    }


async def test_a_quote_is_shown_while_its_leave_stands(database: Settings) -> None:
    anna, berta, carlo = await member(), await foreigner(), await foreigner(CARLO)
    own = await posts.publish(PostDraft("Mine"), author=anna.actor, now=NOW)
    quoting = replace(QUESTION, uri="https://other.example/n/1", author_uri=CARLO.uri, wire_type="Note", emoji=())
    for draft in (QUESTION, quoting):
        await foreign_posts.receive(draft, now=NOW)
    stamp = Stamp("https://far.example/stamps/1", BERTA.uri, quoting.uri, QUESTION.uri)

    await foreign_quotes.claimed(Claim(quoting.uri, carlo, QUESTION.uri, stamp.uri), now=NOW)
    before = (await shown(quoting.uri, anna)).quoted
    assert not await foreign_quotes.proven(replace(stamp, giver_uri=CARLO.uri), now=NOW)
    assert await foreign_quotes.proven(stamp, now=NOW)
    during = (await shown(quoting.uri, anna)).quoted
    assert not await foreign_quotes.revoked(stamp.uri, by=carlo, now=NOW)
    assert await foreign_quotes.stamps_among([stamp.uri, "https://x.example/1"]) == {stamp.uri}
    assert await foreign_quotes.revoked(stamp.uri, by=berta, now=NOW)
    after = (await shown(quoting.uri, anna)).quoted

    assert [each and bool(each.author) for each in (before, during, after)] == [False, True, False]
    asked = QuoteRequest(berta, own.uri, "https://far.example/n/2", "https://far.example/r/2")
    assert await quotes.requested(asked, now=NOW) == ""
    (row,) = await quotes.of_member(anna)
    await quotes.decide(row.id, by=anna, let=False, now=LATER)
    assert (await Quote.get(id=row.id)).state == "revoked"
    assert await quotes.of_member(anna) == []
