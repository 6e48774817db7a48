"""The same thing twice, late, or in the wrong order: one effect. T-11, T-12, T-19, V-K13, V-X01, A-25."""

import asyncio

import pytest

from inbox.models import ReceivedActivity
from node.community import follows
from node.models import Actor, Boost, Follow, FollowState, Like, Post
from tests.inbox.strangers import introduce, our_post
from tests.peers.actors import Json, PeerActor
from tests.peers.peer import Peer
from tests.standing import ALL_INBOXES, BASE, INBOXES, Company

GROUP = f"{BASE}/ap/g/practices"


async def send(company: Company, peer: Peer, activity: Json, actor: PeerActor, inbox: str = INBOXES[0]) -> None:
    assert (await company.home.post(peer, activity, actor, inbox)).status == 202
    await company.home.work()


async def test_one_activity_at_every_inbox_is_one_row_and_one_effect(company: Company) -> None:
    """The second inbox is added to the row, not to the work."""
    rosa = company.good.actor("rosa")
    follow = company.good.activity("Follow", rosa, GROUP)

    for inbox in (*ALL_INBOXES, ALL_INBOXES[0]):
        await send(company, company.good, follow, rosa, inbox)

    row = await ReceivedActivity.get()
    assert (row.state, row.inboxes, row.attempts) == ("done", list(ALL_INBOXES), 1)
    assert await Follow.all().count() == 1
    assert len(await company.good.expect(1, kind="Accept")) == 1


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_replay_an_hour_or_a_day_later_changes_nothing(company: Company, inbox: str) -> None:
    """T-11: byte-equal, and signed anew."""
    rosa = await introduce(company, company.good, "rosa")
    post = await our_post(company)
    like = company.good.activity("Like", rosa, post.uri)
    sent = company.good.sign(company.home.message(like, inbox), actor=rosa)
    assert (await company.good.send(sent)).status == 202
    await company.home.work()

    assert (await company.good.send(sent)).status == 202
    for hours in (1, 24, 24 * 20):
        company.home.clock.advance(hours * 3600)
        await send(company, company.good, like, rosa, inbox)

    assert await Like.all().count() == 1
    assert await ReceivedActivity.filter(type="Like").count() == 2


@pytest.mark.parametrize("inbox", INBOXES)
async def test_an_undone_follow_does_not_come_back_by_its_replay(company: Company, inbox: str) -> None:
    """T-12: also if the Undo came first, also with other bytes under the same id."""
    rosa = company.good.actor("rosa")
    follow = company.good.activity("Follow", rosa, GROUP)
    await send(company, company.good, follow, rosa, inbox)
    await send(company, company.good, company.good.activity("Undo", rosa, follow), rosa, inbox)
    await send(company, company.good, follow, rosa, inbox)
    await ReceivedActivity.filter(activity_uri=follow["id"]).delete()
    await send(company, company.good, follow, rosa, inbox)
    assert await Follow.all().count() == 0

    late = company.good.activity("Follow", rosa, GROUP)
    await send(company, company.good, company.good.activity("Undo", rosa, late), rosa, inbox)
    await send(company, company.good, late, rosa, inbox)
    assert await Follow.all().count() == 0
    await send(company, company.good, company.good.activity("Follow", rosa, GROUP), rosa, inbox)
    assert await Follow.all().count() == 1


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_stranger_takes_back_nothing_of_others(company: Company, inbox: str) -> None:
    """T-19, V-G01: by the stored act and by its description; a neighbour on the same server is a stranger, too."""
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    acts = [company.good.activity(kind, rosa, post.uri) for kind in ("Like", "Announce")]
    acts.append(company.good.activity("Follow", rosa, GROUP))
    for act in acts:
        await send(company, company.good, act, rosa, inbox)

    for peer, thief in ((company.evil, company.evil.actor("eve")), (company.good, company.good.actor("otto"))):
        for act in acts:
            for undone in (act, act["id"], act | {"actor": thief.uri}, {**act, "id": f"{peer.base}/x"}):
                await send(company, peer, peer.activity("Undo", thief, undone), thief, inbox)

    assert (await Like.all().count(), await Boost.all().count(), await Follow.all().count()) == (1, 1, 1)
    for act in acts:
        await send(company, company.good, company.good.activity("Undo", rosa, act), rosa, inbox)
    assert (await Like.all().count(), await Boost.all().count(), await Follow.all().count()) == (0, 0, 0)


@pytest.mark.parametrize("how", ["bare id", "embedded", "pair under another id"])
async def test_one_s_own_acts_are_taken_back_in_every_usual_spelling(company: Company, how: str) -> None:
    """Mastodon embeds, others name the id, and some lose the id."""
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    for kind, target in (("Like", post.uri), ("Announce", post.uri), ("Follow", GROUP)):
        act = company.good.activity(kind, rosa, target)
        await send(company, company.good, act, rosa)
        other = act | {"id": f"{act['id']}/other"}
        undone = {"bare id": act["id"], "embedded": act, "pair under another id": other}[how]
        await send(company, company.good, company.good.activity("Undo", rosa, undone), rosa)

    counts = (await Like.all().count(), await Boost.all().count(), await Follow.all().count())
    # An Undo of a Follow that does not stand any more must not end a newer one.
    assert counts == ((0, 0, 1) if how == "pair under another id" else (0, 0, 0))


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_yes_that_nobody_asked_for_makes_no_follow(company: Company, inbox: str) -> None:
    """T-19, V-K13, V-X01."""
    eve, rosa = await introduce(company, company.evil, "eve"), await introduce(company, company.good, "rosa")
    amina = company.home.amina.actor
    asked = {"id": f"{BASE}/ap/a/{'a' * 26}", "type": "Follow", "actor": amina.uri, "object": eve.uri}
    await send(company, company.evil, company.evil.activity("Accept", eve, asked), eve, inbox)
    assert await Follow.all().count() == 0

    rosa_row = await Actor.get(uri=rosa.uri)
    follow = await follows.ask(amina, rosa_row, now=company.home.now)
    true = {"id": follow.activity_uri, "type": "Follow", "actor": amina.uri, "object": rosa.uri}
    for peer, liar in ((company.evil, eve), (company.good, company.good.actor("otto"))):
        for about in (true, follow.activity_uri):
            await send(company, peer, peer.activity("Accept", liar, about), liar, inbox)
            await send(company, peer, peer.activity("Reject", liar, about), liar, inbox)
    assert (await Follow.get()).state is FollowState.PENDING

    await send(company, company.good, company.good.activity("Accept", rosa, follow.activity_uri), rosa, inbox)
    assert (await Follow.get()).state is FollowState.ACCEPTED
    await send(company, company.good, company.good.activity("Reject", rosa, true), rosa, inbox)
    assert (await Follow.get()).state is FollowState.REFUSED


async def test_a_hundred_equal_likes_at_once_are_one(company: Company) -> None:
    """A-25: different ids, one person, one object."""
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")

    posts = [company.home.post(company.good, company.good.activity("Like", rosa, post.uri), rosa) for _ in range(100)]
    answers = await asyncio.gather(*posts)
    await company.home.work()

    assert {answer.status for answer in answers} == {202}
    assert await Like.all().count() == 1


async def test_a_create_that_comes_after_its_delete_brings_nothing_back(company: Company) -> None:
    """The Delete overtook the Create on its way."""
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    note = company.good.note(rosa, "<p>Late</p>", inReplyTo=post.uri)

    await send(
        company, company.good, company.good.activity("Delete", rosa, {"id": note["id"], "type": "Tombstone"}), rosa
    )
    await send(company, company.good, company.good.activity("Create", rosa, note), rosa)

    assert not await Post.exists(uri=note["id"])


@pytest.mark.parametrize("inbox", INBOXES)
async def test_nobody_uses_up_the_id_of_a_follow_of_another_server(company: Company, inbox: str) -> None:
    """An Undo that names somebody else's id does not keep the real Follow out. T-12, T-20."""
    home = company.home
    eve, rosa = company.evil.actor("eve"), company.good.actor("rosa")
    follow = company.good.activity("Follow", rosa, home.amina.actor.uri)
    stolen = {"id": follow["id"], "type": "Follow", "actor": eve.uri, "object": home.amina.actor.uri}
    await home.post(company.evil, company.evil.activity("Undo", eve, stolen), eve, inbox)
    await home.work()

    assert (await home.post(company.good, follow, rosa, inbox)).status == 202
    await home.work()

    assert await Follow.filter(activity_uri=follow["id"]).count() == 1
