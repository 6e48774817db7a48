"""Who says this about what: key, actor, id and object must belong together. V-F03, V-F17, V-G01, T-16 to T-18."""

import pytest

from inbox.models import ReceivedActivity
from node.models import Actor, ActorState, Follow, Like, Post
from tests.inbox.strangers import VERBS, introduce, our_post
from tests.inbox.test_door_keys import always, gets
from tests.standing import BASE, INBOXES, Company


@pytest.mark.parametrize("inbox", INBOXES)
async def test_nobody_speaks_for_somebody_else(company: Company, inbox: str) -> None:
    """V-F03, V-G01: signed with one's own key, said to be by another, also one of the same server."""
    eve = company.evil.actor("eve")
    neighbour, victim = company.evil.actor("neighbour"), company.good.actor("rosa")

    statuses = {}
    for actor in (neighbour, victim):
        for verb in VERBS:
            said = company.good.activity(verb, actor, {"id": f"{BASE}/ap/n/1", "type": "Note"})
            statuses[verb, actor.name] = (await company.home.post(company.evil, said, eve, inbox)).status

    assert statuses == dict.fromkeys(statuses, 401)
    assert await ReceivedActivity.all().count() == 0
    assert await Actor.filter(uri__in=[neighbour.uri, victim.uri]).count() == 0


@pytest.mark.parametrize("inbox", INBOXES)
async def test_an_id_of_another_server_is_refused_and_does_not_block_the_true_one(company: Company, inbox: str) -> None:
    """V-F17, T-15."""
    eve, rosa = company.evil.actor("eve"), company.good.actor("rosa")
    true = company.good.activity("Follow", rosa, f"{BASE}/ap/g/practices")
    bogus = company.evil.activity("Follow", eve, f"{BASE}/ap/g/practices") | {"id": true["id"]}

    assert (await company.home.post(company.evil, bogus, eve, inbox)).status == 401
    assert (await company.home.post(company.good, true, rosa, inbox)).status == 202
    await company.home.work()

    assert await company.home.row() == ("done", "")
    assert await Follow.filter(follower__uri=rosa.uri).count() == 1


@pytest.mark.parametrize("inbox", INBOXES)
async def test_an_activity_has_exactly_one_actor(company: Company, inbox: str) -> None:
    """T-14, T-16, V-N01."""
    rosa, other = company.good.actor("rosa"), company.good.actor("otto")
    follow = company.good.activity("Follow", rosa, f"{BASE}/ap/g/practices")

    refused = [
        follow | {"actor": [rosa.uri, other.uri]},
        follow | {"actor": {}},
        follow | {"actor": 1},
        follow | {"actor": "1"},
        follow | {"actor": None},
        follow | {"id": None},
        follow | {"id": "#x"},
        follow | {"id": f"{company.good.base}/{'x' * 4000}"},
        {name: value for name, value in follow.items() if name != "id"},
    ]
    assert [(await company.home.post(company.good, each, rosa, inbox)).status for each in refused] == [400] * 9
    assert await ReceivedActivity.all().count() == 0
    for accepted in ([rosa.uri], {"id": rosa.uri, "type": "Person"}):
        assert (await company.home.post(company.good, follow | {"actor": accepted}, rosa, inbox)).status == 202


@pytest.mark.parametrize("inbox", INBOXES)
async def test_what_somebody_else_brings_is_read_from_its_origin(company: Company, inbox: str) -> None:
    """T-17, V-F16: the forwarded copy is dropped, only the origin's own is kept."""
    post = await our_post(company)
    rosa, eve = company.good.actor("rosa"), company.evil.actor("eve")
    note = company.good.note(rosa, "<p>We have, for three years.</p>", inReplyTo=post.uri)
    create = company.good.activity("Create", rosa, note | {"content": "<p>A lie.</p>"})

    assert (await company.home.post(company.evil, create, eve, inbox)).status == 202
    stored = await ReceivedActivity.get(activity_uri=create["id"])
    assert b"lie" not in stored.body
    await company.home.work()

    assert await company.home.row() == ("done", "")
    kept = await Post.get(uri=note["id"]).select_related("author")
    assert (kept.author.uri, kept.content_html) == (rosa.uri, "<p>We have, for three years.</p>")


@pytest.mark.parametrize("inbox", INBOXES)
async def test_what_somebody_else_brings_is_nothing_to_us_if_we_hold_no_part_of_it(
    company: Company, inbox: str
) -> None:
    rosa, eve = company.good.actor("rosa"), company.evil.actor("eve")
    note = company.good.note(rosa, "<p>Hello</p>")

    answer = await company.home.post(company.evil, company.good.activity("Create", rosa, note), eve, inbox)

    assert answer.status == 401
    assert await ReceivedActivity.all().count() == 0
    assert gets(company.good) == []


async def test_what_is_brought_from_a_server_that_is_kept_out_is_not_kept(company: Company) -> None:
    """T-17, T-80: the policy for the author's own server counts."""
    post = await our_post(company)
    rosa, eve = company.good.actor("rosa"), company.evil.actor("eve")
    note = company.good.note(rosa, "<p>No</p>", inReplyTo=post.uri)
    await company.home.decide("T0", "good.test")

    answer = await company.home.post(company.evil, company.good.activity("Create", rosa, note), eve)
    await company.home.work()

    assert answer.status == 202
    assert await company.home.row() == ("ignored", "Refused: policy does not admit good.test")
    assert gets(company.good) == []
    assert not await Post.exists(uri=note["id"])


async def test_the_author_s_server_decides_whether_a_brought_answer_may_stand(company: Company) -> None:
    """T-80: good.test may only write to us if somebody here follows the author, whoever brings it."""
    post = await our_post(company)
    rosa, eve = company.good.actor("rosa"), company.evil.actor("eve")
    note = company.good.note(rosa, "<p>No</p>", inReplyTo=post.uri)
    await company.home.decide("T1", "good.test")

    await company.home.post(company.evil, company.good.activity("Create", rosa, note), eve)
    await company.home.work()

    state, reason = await company.home.row()
    assert (state, reason) == ("ignored", "its host may only write to us if somebody here follows the author")
    assert not await Post.exists(uri=note["id"])


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_forwarded_delete_counts_only_if_its_origin_says_gone(company: Company, inbox: str) -> None:
    """T-18: 410 confirms, 404 does not, 200 denies."""
    post = await our_post(company)
    rosa, eve = await introduce(company, company.good, "rosa"), company.evil.actor("eve")
    notes = [company.good.note(rosa, f"<p>{number}</p>", inReplyTo=post.uri) for number in range(3)]
    for note in notes:
        await company.home.post(company.good, company.good.activity("Create", rosa, note), rosa, inbox)
    await company.home.work()
    kept, missing, gone = (str(note["id"]) for note in notes)
    company.good.handlers[company.good.path_of(missing)] = always(404)
    company.good.handlers[company.good.path_of(gone)] = always(410)

    for uri in (kept, missing, gone):
        delete = company.good.activity("Delete", rosa, uri)
        assert (await company.home.post(company.evil, delete, eve, inbox)).status == 202
    await company.home.work()

    assert await Post.filter(uri__in=[kept, missing, gone]).order_by("id").values_list("uri", flat=True) == [
        kept,
        missing,
    ]


@pytest.mark.parametrize("inbox", INBOXES)
async def test_an_unknown_actor_s_farewell_costs_nothing(company: Company, inbox: str) -> None:
    """T-18: no lookup, no row; a Delete of something else is no farewell."""
    eve = company.evil.actor("eve")
    company.evil.handlers["/users/eve"] = always(410)

    for verb in ("Delete", "Update"):
        for about in (eve.uri, {"id": eve.uri, "type": "Person"}):
            farewell = company.evil.activity(verb, eve, about)
            assert (await company.home.post(company.evil, farewell, eve, inbox)).status == 202
    assert gets(company.evil) == []
    assert await ReceivedActivity.all().count() == 0

    other = company.evil.activity("Delete", eve, f"{company.evil.base}/notes/1")
    assert (await company.home.post(company.evil, other, eve, inbox)).status == 401
    unsigned = company.home.message(company.evil.activity("Delete", eve, eve.uri), inbox)
    assert (await company.evil.send(unsigned)).status == 401
    elsewhere = company.good.activity("Delete", company.good.actor("rosa"), f"{company.good.base}/users/rosa")
    assert (await company.home.post(company.evil, elsewhere, eve, inbox)).status == 401


@pytest.mark.parametrize(("status", "state"), [(410, ActorState.GONE), (404, ActorState.ACTIVE)])
@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_known_actor_whose_key_is_gone_is_believed_gone_only_on_410(
    company: Company, inbox: str, status: int, state: ActorState
) -> None:
    """T-18."""
    rosa = await introduce(company, company.good, "rosa", inbox)
    company.good.handlers["/users/rosa"] = always(status)
    rosa.generation = 2

    answer = await company.home.post(company.good, company.good.activity("Delete", rosa, rosa.uri), rosa, inbox)
    await company.home.work()

    assert answer.status == 202
    assert (await Actor.get(uri=rosa.uri)).state is state


@pytest.mark.parametrize("inbox", INBOXES)
async def test_an_actor_who_leaves_takes_everything_along(company: Company, inbox: str) -> None:
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    note = company.good.note(rosa, "<p>Yes</p>", inReplyTo=post.uri)
    for said in (
        company.good.activity("Create", rosa, note),
        company.good.activity("Like", rosa, post.uri),
        company.good.activity("Follow", rosa, f"{BASE}/ap/g/practices"),
    ):
        await company.home.post(company.good, said, rosa, inbox)
    await company.home.work()
    assert (await Like.all().count(), await Follow.all().count(), await Post.filter(is_local=False).count()) == (
        1,
        1,
        1,
    )

    await company.home.post(company.good, company.good.activity("Delete", rosa, rosa.uri), rosa, inbox)
    await company.home.work()

    assert (await Like.all().count(), await Follow.all().count(), await Post.filter(is_local=False).count()) == (
        0,
        0,
        0,
    )
    late = company.good.activity("Like", rosa, post.uri)
    await company.home.post(company.good, late, rosa, inbox)
    await company.home.work()
    assert (await company.home.rows())[-1] == (late["id"], "ignored", "the speaker is gone")
