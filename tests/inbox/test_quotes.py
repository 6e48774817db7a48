"""Quotes by FEP-044f, both ways: nothing is shown as a quote without the leave of who is quoted. V-M31, V-K11."""

from dataclasses import replace
from typing import Any

import pytest

from node.community import posts, quotes, shown_posts
from node.community.posts import PostDraft
from node.community.viewer import of_member
from node.community.views import QuotedView
from node.community.visibility import ANONYMOUS
from node.errors import NotFound
from node.models import Actor, Notification, Post, Quote, QuotePolicy
from tests.inbox.test_door_identity import introduce
from tests.inbox.test_door_keys import documents
from tests.inbox.test_handlers import befriended, told
from tests.peers.actors import PeerActor
from tests.peers.peer import Peer
from tests.standing import BASE, Company

Json = dict[str, Any]
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
TYPES = {"content-type": "application/activity+json"}


async def ours(company: Company, policy: QuotePolicy = QuotePolicy.ANYONE, **more: Any) -> Post:
    draft = replace(PostDraft("Budgets are read aloud.", quotable=policy), **more)
    return await posts.publish(draft, author=company.home.amina.actor, now=company.home.now)


def request(peer: Peer, actor: PeerActor, quoted: str, number: int = 1, **more: object) -> Json:
    note = peer.note(actor, "<p>Look</p>") | {"id": f"{peer.base}/notes/quoting-{number}", "quote": quoted} | more
    return peer.activity("QuoteRequest", actor, quoted) | {"instrument": note}


async def quoted_in(company: Company, uri: str, *, by_amina: bool = False) -> QuotedView | None:
    viewer = await of_member(company.home.amina) if by_amina else ANONYMOUS
    (view,) = await shown_posts.show_posts([await Post.get(uri=uri).select_related("author")], viewer)
    return view.quoted


async def test_a_request_for_what_is_not_the_speakers_or_not_ours_is_ignored(company: Company) -> None:
    post = await ours(company)
    rosa = await introduce(company, company.good, "rosa")
    eve = await introduce(company, company.evil, "eve")
    stolen = request(company.good, rosa, post.uri)["instrument"]
    asked = [
        request(company.evil, eve, post.uri) | {"instrument": stolen},
        request(company.evil, eve, post.uri) | {"instrument": stolen["id"]},
        request(company.evil, eve, post.uri, quote=f"{BASE}/ap/n/another"),
        request(company.evil, eve, post.uri, attributedTo=f"{company.evil.base}/users/other"),
        {name: value for name, value in request(company.evil, eve, post.uri).items() if name != "instrument"},
        request(company.evil, eve, f"{company.good.base}/notes/1"),
        request(company.evil, eve, f"{BASE}/ap/n/nothing"),
    ]

    for each in asked:
        outcome = await told(company, company.evil, each, eve)
        assert outcome.startswith("ignored"), each

    assert await Quote.all().count() == 0
    assert company.evil.received == []


@pytest.mark.parametrize("policy", [QuotePolicy.NOBODY, QuotePolicy.FOLLOWERS])
async def test_a_request_that_the_policy_refuses_is_rejected(company: Company, policy: QuotePolicy) -> None:
    post = await ours(company, policy)
    rosa = await introduce(company, company.good, "rosa")

    assert await told(company, company.good, request(company.good, rosa, post.uri), rosa) == "done"

    (reject,) = await company.good.expect(1)
    assert reject.activity["type"] == "Reject"
    assert (await Quote.get()).stamp_uri is None


async def test_a_request_is_accepted_with_a_stamp_that_stands_here_and_a_second_one_alike(company: Company) -> None:
    post = await ours(company)
    rosa = await introduce(company, company.good, "rosa")
    first, second = (request(company.good, rosa, post.uri) for _ in range(2))

    for each in (first, second):
        assert await told(company, company.good, each, rosa) == "done"

    accepts: list[Any] = [entry.activity for entry in company.good.of_type("Accept")]
    row = await Quote.get()
    amina = f"{BASE}/ap/u/amina"
    assert [each["object"] for each in accepts] == [
        {
            "id": asked["id"],
            "type": "QuoteRequest",
            "actor": rosa.uri,
            "object": post.uri,
            "instrument": first["instrument"]["id"],
        }
        for asked in (first, second)
    ]
    assert {each["result"] for each in accepts} == {row.stamp_uri}
    stamp = (await company.home.get(str(row.stamp_uri).removeprefix(BASE))).json()
    assert {name: value for name, value in stamp.items() if name not in ("@context", "proof")} == {
        "id": row.stamp_uri,
        "type": "QuoteAuthorization",
        "attributedTo": amina,
        "interactingObject": first["instrument"]["id"],
        "interactionTarget": post.uri,
    }


async def test_a_member_decides_by_hand_and_takes_it_back(company: Company) -> None:
    post = await ours(company, QuotePolicy.ASK)
    rosa = await introduce(company, company.good, "rosa")
    mira = await company.home.member("mira")
    await told(company, company.good, request(company.good, rosa, post.uri), rosa)
    assert company.good.received == []
    assert await Notification.filter(kind="quote_request").count() == 1
    (waiting,) = await quotes.of_member(company.home.amina)

    with pytest.raises(NotFound):
        await quotes.decide(waiting.id, by=mira, let=True, now=company.home.now)
    await quotes.decide(waiting.id, by=company.home.amina, let=True, now=company.home.now)
    await company.home.work()
    stamp = str((await Quote.get()).stamp_uri)
    assert [entry.activity["type"] for entry in company.good.received] == ["Accept"]

    await quotes.decide(waiting.id, by=company.home.amina, let=False, now=company.home.now)
    await company.home.work()
    (gone,) = company.good.of_type("Delete")
    told_gone: Any = gone.activity["object"]
    assert (told_gone["id"], told_gone["formerType"]) == (stamp, "QuoteAuthorization")
    assert (await company.home.get(stamp.removeprefix(BASE))).status == 410
    await told(company, company.good, request(company.good, rosa, post.uri), rosa)
    assert len(company.good.of_type("Reject")) == 1, "what was taken back is not given again by asking"


async def test_a_quote_without_a_stamp_is_a_link(company: Company) -> None:
    """Whatever name it has on the wire."""
    post = await ours(company)
    rosa = await befriended(company)

    for name in ("quote", "quoteUrl", "quoteUri", "_misskey_quote"):
        note = company.good.note(rosa, "<p>Look</p>") | {name: post.uri}
        assert await told(company, company.good, company.good.activity("Create", rosa, note), rosa) == "done"
        assert await quoted_in(company, str(note["id"])) == QuotedView(post.uri, is_local=True, is_known=True)


async def test_a_quote_that_we_let_is_shown_whichever_comes_first(company: Company) -> None:
    post = await ours(company)
    rosa = await befriended(company)
    early, late = request(company.good, rosa, post.uri, 1), request(company.good, rosa, post.uri, 2)
    for each in (
        early,
        company.good.activity("Create", rosa, early["instrument"]),
        company.good.activity("Create", rosa, late["instrument"]),
        late,
    ):
        assert await told(company, company.good, each, rosa) == "done"

    for each in (early, late):
        shown = await quoted_in(company, each["instrument"]["id"])
        assert shown is not None
        assert shown.content_html == post.content_html


def stamp(peer: Peer, giver: PeerActor, quoting: str, quoted: str, number: int = 1) -> Json:
    return {
        "@context": ["https://www.w3.org/ns/activitystreams"],
        "id": f"{peer.base}/stamps/{number}",
        "type": "QuoteAuthorization",
        "attributedTo": giver.uri,
        "interactingObject": quoting,
        "interactionTarget": quoted,
    }


async def test_a_stamp_by_somebody_else_or_for_something_else_shows_nothing_and_hinders_no_true_one(
    company: Company,
) -> None:
    """V-M31, V-M08: Rosa quotes Otto of third.test; evil.test has stamps for everything."""
    rosa, otto = await befriended(company), company.third.actor("otto")
    eve = company.evil.actor("eve")
    original = company.third.note(otto, "<p>Mine</p>")
    company.third.handlers["/notes/1"] = documents(original | {"id": f"{company.third.base}/notes/1"})
    quoted = f"{company.third.base}/notes/1"
    note = company.good.note(rosa, "<p>Look</p>") | {"quote": quoted}
    quoting = str(note["id"])
    bad = [
        (company.evil, stamp(company.evil, eve, quoting, quoted, 1)),
        (company.evil, stamp(company.evil, otto, quoting, quoted, 2)),
        (company.third, stamp(company.third, otto, f"{quoting}0", quoted, 3)),
        (company.third, stamp(company.third, otto, quoting, f"{quoted}0", 4)),
        (company.evil, stamp(company.third, otto, quoting, quoted, 5)),
    ]
    for number, (peer, document) in enumerate(bad, start=1):
        peer.handlers[f"/stamps/{number}"] = documents(document)
        claim = note | {
            "quoteAuthorization": f"{peer.base}/stamps/{number}",
            "published": "2026-03-01T10:00:00Z",
            "updated": f"2026-03-01T11:00:0{number}Z",
        }
        await told(company, company.good, company.good.activity("Update", rosa, claim), rosa)
        shown = await quoted_in(company, quoting)
        assert shown is not None
        assert (shown.author, shown.content_html) == (None, ""), number

    company.third.handlers["/stamps/9"] = documents(stamp(company.third, otto, quoting, quoted, 9))
    true = note | {"quoteAuthorization": f"{company.third.base}/stamps/9", "updated": "2026-03-01T11:30:00Z"}
    await told(company, company.good, company.good.activity("Update", rosa, true), rosa)
    shown = await quoted_in(company, quoting)
    assert shown is not None
    assert shown.content_html == "<p>Mine</p>"

    taken = company.evil.activity("Delete", eve, true["quoteAuthorization"])
    await introduce(company, company.evil, "eve")
    await told(company, company.evil, taken, eve)
    assert (await quoted_in(company, quoting)) == shown, "nobody takes back somebody else's stamp"
    await told(company, company.third, company.third.activity("Delete", otto, true["quoteAuthorization"]), otto)
    after = await quoted_in(company, quoting)
    assert after is not None
    assert after.author is None


async def test_ours_asks_waits_and_shows_the_stamp_in_an_update(company: Company) -> None:
    rosa = await befriended(company)
    note = company.good.note(rosa, "<p>Worth saying</p>")
    await told(company, company.good, company.good.activity("Create", rosa, note), rosa)
    eve = await introduce(company, company.evil, "eve")

    post = await ours(company, quote_uri=str(note["id"]))
    await company.home.work()
    (asked,) = company.good.of_type("QuoteRequest")
    sent: Any = asked.activity
    assert (sent["object"], sent["instrument"]["quote"], sent["to"]) == (note["id"], note["id"], [rosa.uri])
    assert "quoteAuthorization" not in sent["instrument"]
    assert "quote-inline" in sent["instrument"]["content"]
    waiting = await quoted_in(company, post.uri)
    assert waiting == QuotedView(str(note["id"]), is_waiting=True, is_known=True)

    answer = company.good.activity("Accept", rosa, {"id": sent["id"], "type": "QuoteRequest"})
    foreign = answer | {"result": f"{company.evil.base}/stamps/1"}
    assert await told(company, company.good, foreign, rosa) == "ignored: a stamp that does not live with its giver"
    not_asked = company.evil.activity("Accept", eve, {"id": sent["id"], "type": "QuoteRequest"})
    not_asked |= {"result": f"{company.evil.base}/stamps/1"}
    assert (await told(company, company.evil, not_asked, eve)).startswith("ignored")

    true = company.good.activity("Accept", rosa, {"id": sent["id"], "type": "QuoteRequest"})
    true |= {"result": f"{company.good.base}/stamps/1"}
    assert await told(company, company.good, true, rosa) == "done"
    shown = await quoted_in(company, post.uri)
    assert shown is not None
    assert shown.content_html == "<p>Worth saying</p>"
    document: Any = (await company.home.get(post.uri.removeprefix(BASE))).json()
    assert (document["quote"], document["quoteAuthorization"]) == (note["id"], f"{company.good.base}/stamps/1")

    gone = company.good.activity("Delete", rosa, f"{company.good.base}/stamps/1")
    assert await told(company, company.good, gone, rosa) == "done"
    document = (await company.home.get(post.uri.removeprefix(BASE))).json()
    assert "quote" not in document


async def test_nobody_quotes_what_is_not_open_to_them_or_what_its_author_keeps_to_themselves(company: Company) -> None:
    mira = await company.home.member("mira")
    for post in (await ours(company, QuotePolicy.NOBODY), await ours(company)):
        document: Any = (await company.home.get(post.uri.removeprefix(BASE))).json()
        expected = {QuotePolicy.NOBODY: f"{BASE}/ap/u/amina", QuotePolicy.ANYONE: PUBLIC}[post.quotable]
        assert document["interactionPolicy"] == {"canQuote": {"automaticApproval": [expected]}}
    closed = await Post.get(quotable=QuotePolicy.NOBODY)

    with pytest.raises(Exception, match="can't be quoted"):
        await posts.publish(PostDraft("Look", quote_uri=closed.uri), author=mira.actor, now=company.home.now)

    again = await ours(company, quote_uri=closed.uri)
    shown = await quoted_in(company, again.uri)
    assert shown is not None
    assert shown.content_html, "who quotes oneself asks nobody"
    assert await Actor.exists(id=mira.actor_id)
