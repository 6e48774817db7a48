"""What a proof opens, what stays ours, and who may change what they wrote."""

import json

import pytest

from inbox.models import ReceivedActivity
from node.models import Like, Post
from tests.inbox.strangers import introduce, of_ours, our_post
from tests.peers.proofs import proven
from tests.standing import BASE, INBOXES, Company


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_proven_activity_may_come_by_anybody(company: Company, inbox: str) -> None:
    """FEP-8b32: the proof binds it to its actor; one that was changed is worth nothing."""
    fedify, post = company.third, await our_post(company)
    rosa, eve = fedify.actor("rosa"), company.evil.actor("eve")
    like = proven(fedify.activity("Like", rosa, post.uri), rosa, when=company.home.now)
    changed = like | {"object": f"{BASE}/ap/n/other"}

    assert (await company.home.post(company.evil, changed, eve, inbox)).status == 401
    assert await ReceivedActivity.all().count() == 0
    assert (await company.home.post(company.evil, like, eve, inbox)).status == 202
    await company.home.work()

    assert await Like.filter(actor__uri=rosa.uri, object_uri=post.uri).count() == 1


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_proof_that_does_not_hold_is_no_worse_than_none(company: Company, inbox: str) -> None:
    """Settled: then an answer to ours is read from its origin."""
    fedify, post = company.third, await our_post(company)
    rosa, eve = fedify.actor("rosa"), company.evil.actor("eve")
    note = fedify.note(rosa, "<p>True</p>", inReplyTo=post.uri)
    create = proven(fedify.activity("Create", rosa, note), rosa, when=company.home.now)
    forged = json.loads(json.dumps(create).replace("True", "Lie"))

    assert (await company.home.post(company.evil, forged, eve, inbox)).status == 202
    await company.home.work()

    assert (await Post.get(uri=note["id"])).content_html == "<p>True</p>"


@pytest.mark.parametrize("inbox", INBOXES)
async def test_nothing_of_ours_comes_in_from_outside(company: Company, inbox: str) -> None:
    """V-L06, T-21: neither stored nor changed, and we do not ask ourselves."""
    post = await our_post(company)
    eve = company.evil.actor("eve")
    unknown = of_ours(post, eve) | {"id": f"{BASE}/ap/n/{'a' * 26}"}

    for verb, about in (
        ("Create", unknown),
        ("Update", of_ours(post, eve)),
        ("Delete", post.uri),
        ("Update", post.uri),
    ):
        said = company.evil.activity(verb, eve, about)
        assert (await company.home.post(company.evil, said, eve, inbox)).status == 202
    await company.home.work()

    assert {state for _uri, state, _reason in await company.home.rows()} == {"ignored"}
    assert await Post.filter(is_guide=False).values_list("uri", "content_html") == [(post.uri, post.content_html)]


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_known_post_changes_by_its_author_s_word_alone(company: Company, inbox: str) -> None:
    """V-M12, V-P02, V-G01: 202, and nothing changes."""
    post = await our_post(company)
    rosa = await introduce(company, company.good, "rosa")
    otto, eve = company.good.actor("otto"), company.evil.actor("eve")
    note = company.good.note(rosa, "<p>Mine</p>", inReplyTo=post.uri)
    await company.home.post(company.good, company.good.activity("Create", rosa, note), rosa, inbox)
    await company.home.work()

    stolen = note | {"content": "<p>Taken</p>", "updated": "2026-03-01T12:00:00Z"}
    for peer, thief in ((company.good, otto), (company.evil, eve)):
        for verb, about in (
            ("Create", stolen | {"attributedTo": thief.uri}),
            ("Update", stolen | {"attributedTo": thief.uri}),
            ("Update", stolen),
            ("Delete", note["id"]),
        ):
            answer = await company.home.post(peer, peer.activity(verb, thief, about), thief, inbox)
            assert answer.status == 202
    await company.home.work()

    kept = await Post.get(uri=note["id"]).select_related("author")
    assert (kept.content_html, kept.author.uri) == ("<p>Mine</p>", rosa.uri)
    assert {state for _uri, state, _reason in (await company.home.rows())[2:]} == {"ignored"}
