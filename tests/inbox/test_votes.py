"""Polls and votes between servers: ours counted once, theirs kept and shown, nothing by strangers or too late."""

from datetime import timedelta
from typing import Any

from node.community import polls, posts, shown_posts
from node.community.polls import PollDraft
from node.community.posts import PostDraft
from node.community.viewer import of_member
from node.community.views import PollView
from node.community.visibility import ANONYMOUS
from node.models import Poll, Post, Vote
from tests.inbox.test_door_identity import introduce
from tests.inbox.test_handlers import befriended, told
from tests.peers.actors import PeerActor
from tests.peers.peer import Peer
from tests.standing import BASE, Company

Json = dict[str, Any]


async def our_poll(company: Company, *options: str, multiple: bool = False) -> Post:
    draft = PollDraft(options or ("Yes", "No"), timedelta(days=1), multiple)
    home = company.home
    return await posts.publish(PostDraft("Shall we?", poll=draft), author=home.amina.actor, now=home.now)


def ballot(peer: Peer, actor: PeerActor, question: str, *labels: str) -> Json:
    """Return a vote as Mastodon sends it; several choices at once as GoToSocial does."""
    notes = [
        {
            "id": f"{actor.uri}#votes/{label}",
            "type": "Note",
            "name": label,
            "attributedTo": actor.uri,
            "inReplyTo": question,
            "to": f"{BASE}/ap/u/amina",
        }
        for label in labels
    ]
    return peer.activity("Create", actor, notes[0]) | {"object": notes if len(notes) > 1 else notes[0]}


def question(peer: Peer, actor: PeerActor, *labels: str, **more: object) -> Json:
    options = [{"type": "Note", "name": each, "replies": {"type": "Collection", "totalItems": 2}} for each in labels]
    note: dict[str, Any] = peer.note(actor, "<p>Which?</p>")
    return note | {"type": "Question", "oneOf": options, "votersCount": 4, "endTime": "2026-03-09T12:00:00Z"} | more


async def shown(company: Company, uri: str, *, to_amina: bool = False) -> PollView | None:
    viewer = await of_member(company.home.amina) if to_amina else ANONYMOUS
    (view,) = await shown_posts.show_posts([await Post.get(uri=uri).select_related("author")], viewer)
    return view.poll


async def test_what_is_no_vote_in_a_poll_of_ours_is_not_counted(company: Company) -> None:
    """V-P01, T-20: another's poll, no such option, somebody else's vote, and a poll that nobody here may read."""
    post = await our_poll(company)
    rosa = await introduce(company, company.good, "rosa")
    eve = await introduce(company, company.evil, "eve")
    by_rosa = ballot(company.good, rosa, post.uri, "Yes")["object"]

    reasons = [
        await told(company, company.evil, ballot(company.evil, eve, f"{company.good.base}/q/1", "Yes"), eve),
        await told(company, company.evil, ballot(company.evil, eve, post.uri, "Maybe"), eve),
        await told(company, company.evil, company.evil.activity("Create", eve, by_rosa | {"id": f"{eve.uri}#v"}), eve),
        await told(company, company.evil, ballot(company.evil, eve, post.uri, *["Yes"] * 7), eve),
    ]
    await Post.filter(id=post.id).update(visibility="members")
    reasons.append(await told(company, company.evil, ballot(company.evil, eve, post.uri, "Yes"), eve))

    assert reasons == [
        "ignored: no poll of ours",
        "ignored: no option of that poll",
        f"ignored: Unauthorised: {eve.uri} may not change what belongs to {rosa.uri}",
        "ignored: more votes than a poll has options",
        "ignored: no poll of ours",
    ]
    assert (await Vote.all().count(), await Post.filter(is_guide=False).count()) == (0, 1), (
        "and no vote is kept as a post"
    )


async def test_a_vote_counts_once_however_often_and_under_whatever_id_it_comes(company: Company) -> None:
    post = await our_poll(company)
    rosa = await introduce(company, company.good, "rosa")

    results = [await told(company, company.good, ballot(company.good, rosa, post.uri, label), rosa) for label in "12"]
    assert results == ["ignored: no option of that poll"] * 2
    votes = [ballot(company.good, rosa, post.uri, label) for label in ("Yes", "Yes", "No")]
    results = [await told(company, company.good, vote, rosa) for vote in votes]

    assert results == ["done", "ignored: voted before", "ignored: voted before"]
    poll = await shown(company, post.uri)
    assert poll is not None
    assert (poll.options, poll.voters) == ((("Yes", 1), ("No", 0)), 1)


async def test_a_vote_after_the_end_is_refused(company: Company) -> None:
    post = await our_poll(company)
    rosa = await introduce(company, company.good, "rosa")
    company.home.clock.advance(24 * 3600)

    assert (
        await told(company, company.good, ballot(company.good, rosa, post.uri, "Yes"), rosa)
        == "ignored: the poll is over"
    )


async def test_several_choices_in_one_create_are_counted_where_several_are_allowed(company: Company) -> None:
    post = await our_poll(company, "Soup", "Rice", "Bread", multiple=True)
    rosa = await introduce(company, company.good, "rosa")

    assert await told(company, company.good, ballot(company.good, rosa, post.uri, "Soup", "Bread"), rosa) == "done"

    poll = await shown(company, post.uri)
    assert poll is not None
    assert (poll.options, poll.voters) == ((("Soup", 1), ("Rice", 0), ("Bread", 1)), 1)


async def test_counts_are_told_soon_and_not_for_each_vote_and_again_at_the_end(company: Company) -> None:
    post = await our_poll(company)
    voters = [await introduce(company, company.good, name) for name in ("rosa", "otto")]
    for voter in voters:
        await told(company, company.good, ballot(company.good, voter, post.uri, "Yes"), voter)
    assert company.good.of_type("Update") == []

    company.home.clock.advance(180)
    await company.home.work()
    (update,) = company.good.of_type("Update")
    counted: Any = update.activity["object"]
    assert "updated" not in counted, "nobody edited anything"
    assert _told(counted) == ([("Yes", 2), ("No", 0)], 2, None)

    company.home.clock.advance(24 * 3600)
    await company.home.work()
    last: Any = company.good.of_type("Update")[-1].activity["object"]
    assert _told(last) == ([("Yes", 2), ("No", 0)], 2, "2026-03-02T12:00:00Z")


def _told(question: Json) -> tuple[list[tuple[str, int]], int, str | None]:
    options = [(option["name"], option["replies"]["totalItems"]) for option in question["oneOf"]]
    return options, question["votersCount"], question.get("closed")


async def test_a_question_from_elsewhere_is_kept_with_its_options_and_a_huge_one_in_part(company: Company) -> None:
    """V-M27: 10,000 options."""
    rosa = await befriended(company)
    small = question(company.good, rosa, "Red", "Green")
    huge = question(company.good, rosa, *(f"Colour {number}" for number in range(10_000)))

    for each in (small, huge):
        assert await told(company, company.good, company.good.activity("Create", rosa, each), rosa) == "done"

    poll = await shown(company, small["id"])
    assert poll is not None
    assert (poll.options, poll.voters, poll.multiple) == ((("Red", 2), ("Green", 2)), 4, False)
    assert len((await Poll.get(object_uri=huge["id"])).options) == 50


async def test_counts_are_taken_without_an_edit_but_other_options_only_with_one(company: Company) -> None:
    rosa = await befriended(company)
    asked = question(company.good, rosa, "Red", "Green")
    await told(company, company.good, company.good.activity("Create", rosa, asked), rosa)
    await polls.vote(asked["id"], [0], by=company.home.amina.actor, now=company.home.now)

    counted = asked | {"votersCount": 9}
    assert await told(company, company.good, company.good.activity("Update", rosa, counted), rosa) == "done"
    other = question(company.good, rosa, "Blue", "Green") | {"id": asked["id"]}
    assert (await told(company, company.good, company.good.activity("Update", rosa, other), rosa))[:7] == "ignored"
    poll = await shown(company, asked["id"], to_amina=True)
    assert poll is not None
    assert (poll.options[0][0], poll.voters, poll.chosen) == ("Red", 9, (0,))

    edited = other | {"updated": "2026-03-01T12:00:00Z", "published": "2026-03-01T11:00:00Z"}
    await Post.filter(uri=asked["id"]).update(published_at=company.home.now - timedelta(hours=1))
    assert await told(company, company.good, company.good.activity("Update", rosa, edited), rosa) == "done"
    poll = await shown(company, asked["id"], to_amina=True)
    assert poll is not None
    assert (poll.options[0][0], poll.chosen) == ("Blue", ()), "a vote for what is no option any more is gone"


async def test_nobody_changes_the_poll_of_somebody_else(company: Company) -> None:
    post = await our_poll(company)
    eve = await introduce(company, company.evil, "eve")
    forged = question(company.evil, eve, "Eve", "Eve too") | {"id": post.uri}

    await told(company, company.evil, company.evil.activity("Update", eve, forged), eve)

    assert (await Poll.get(object_uri=post.uri)).options == ["Yes", "No"]


async def test_a_vote_of_ours_goes_to_the_author_alone_one_create_a_choice(company: Company) -> None:
    rosa = await befriended(company)
    asked = question(company.good, rosa, "Red", "Green", "Blue")
    asked["anyOf"] = asked.pop("oneOf")
    await told(company, company.good, company.good.activity("Create", rosa, asked), rosa)
    company.good.received.clear()

    await polls.vote(asked["id"], [0, 2], by=company.home.amina.actor, now=company.home.now)
    await company.home.work()

    creates = [entry.activity for entry in company.good.of_type("Create")]
    amina = f"{BASE}/ap/u/amina"
    assert [(each["actor"], each["to"], each["cc"]) for each in creates] == [(amina, [rosa.uri], [])] * 2
    notes: list[Any] = [each["object"] for each in creates]
    assert [note.pop("id") for note in notes] == [f"{amina}#votes/{row.id}" for row in await Vote.all().order_by("id")]
    assert notes == [
        {
            "type": "Note",
            "attributedTo": amina,
            "name": name,
            "inReplyTo": asked["id"],
            "published": "2026-03-01T12:00:00Z",
            "to": [rosa.uri],
            "cc": [],
        }
        for name in ("Red", "Blue")
    ]
