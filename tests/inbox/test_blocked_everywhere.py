"""A blocked server in every place of what a friendly one says: nothing of it is asked, kept, told or shown. V-K11."""

from collections.abc import Callable
from typing import Any

import pytest

from node.community import posts
from node.community.posts import PostDraft
from node.models import Actor, Host, Mention, Post, Quote, QuoteState
from tests.inbox.test_handlers import befriended, told
from tests.inbox.test_pictures import answering
from tests.node.media.pictures import picture
from tests.peers.actors import PeerActor
from tests.standing import INBOXES, Company

Json = dict[str, Any]
Change = Callable[[Json, Company], Json]
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def theirs(company: Company) -> Json:
    """Return a post of the blocked server, which it would hand out to whoever asks."""
    return company.evil.note(company.evil.actors["eve"], "<p>Buy now</p>")


def evil(company: Company, path: str) -> str:
    return company.evil.base + path


def eve_of(company: Company) -> str:
    return company.evil.actors["eve"].uri


KEPT: dict[str, Change] = {
    "inReplyTo": lambda note, company: note | {"inReplyTo": theirs(company)["id"]},
    "inReplyTo embedded": lambda note, company: note | {"inReplyTo": theirs(company)},
    "tag.href of a Mention": lambda note, company: (
        note | {"tag": [{"type": "Mention", "href": eve_of(company), "name": "@eve@evil.test"}]}
    ),
    "tag.href of a Link": lambda note, company: (
        note | {"tag": [{"type": "Link", "href": theirs(company)["id"], "rel": "https://misskey-hub.net/ns#_quote"}]}
    ),
    "tag.icon of an Emoji": lambda note, company: (
        note
        | {
            "content": "<p>Rosa :blob: says</p>",
            "tag": [{"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": evil(company, "/blob.png")}}],
        }
    ),
    "attachment.url of a picture": lambda note, company: (
        note
        | {"attachment": [{"type": "Document", "mediaType": "image/png", "url": evil(company, "/a.png"), "name": "A"}]}
    ),
    "attachment.url of a file": lambda note, company: (
        note | {"attachment": [{"type": "Document", "mediaType": "application/pdf", "url": evil(company, "/a.pdf")}]}
    ),
    "attachment.href of a Link": lambda note, company: (
        note | {"attachment": [{"type": "Link", "href": evil(company, "/page")}]}
    ),
    "quote": lambda note, company: (
        note | {"quote": theirs(company)["id"], "quoteAuthorization": evil(company, "/stamps/1")}
    ),
    "quoteUrl": lambda note, company: note | {"quoteUrl": theirs(company)["id"]},
    "to": lambda note, company: note | {"to": [PUBLIC, eve_of(company)]},
    "cc": lambda note, company: note | {"cc": [eve_of(company), evil(company, "/users/eve/followers")]},
    "context": lambda note, company: note | {"context": evil(company, "/contexts/1")},
    "replies": lambda note, company: (
        note
        | {
            "replies": {
                "type": "Collection",
                "items": [theirs(company)["id"], theirs(company)],
                "next": evil(company, "/"),
            }
        }
    ),
    "likes and shares": lambda note, company: (
        note | {"likes": evil(company, "/likes"), "shares": evil(company, "/shares")}
    ),
    "generator and preview": lambda note, company: (
        note | {"generator": evil(company, "/app"), "preview": theirs(company)}
    ),
}
"""Rosa's own words with something of the blocked server in them."""

REFUSED: dict[str, Callable[[Company, PeerActor, Json], Json]] = {
    "an object of theirs": lambda company, rosa, _: company.good.activity("Create", rosa, theirs(company)),
    "the id of theirs": lambda company, rosa, _: company.good.activity("Create", rosa, theirs(company)["id"]),
    "attributedTo": lambda company, rosa, note: company.good.activity(
        "Create", rosa, note | {"attributedTo": eve_of(company)}
    ),
    "their id": lambda company, rosa, note: company.good.activity(
        "Create", rosa, note | {"id": evil(company, "/notes/1")}
    ),
    "an Announce of theirs": lambda company, rosa, _: company.good.activity("Announce", rosa, theirs(company)["id"]),
    "an Announce with theirs in it": lambda company, rosa, _: company.good.activity("Announce", rosa, theirs(company)),
    "an Announce of their Create": lambda company, rosa, _: company.good.activity(
        "Announce",
        rosa,
        {
            "type": "Create",
            "id": evil(company, "/inner/1"),
            "actor": eve_of(company),
            "object": theirs(company),
        },
    ),
    "a Like of theirs": lambda company, rosa, _: company.good.activity("Like", rosa, theirs(company)["id"]),
    "an Add of theirs": lambda company, rosa, _: (
        company.good.activity("Add", rosa, theirs(company)["id"]) | {"target": f"{rosa.uri}/featured"}
    ),
    "a Move to theirs": lambda company, rosa, _: (
        company.good.activity("Move", rosa, rosa.uri) | {"target": eve_of(company)}
    ),
    "a Flag of theirs": lambda company, rosa, _: company.good.activity("Flag", rosa, [eve_of(company)]),
}


async def blocked(company: Company) -> PeerActor:
    """Let Amina follow Rosa and block evil.test, of which nothing is known; return Rosa."""
    rosa = await befriended(company)
    company.evil.actor("eve")
    for path in ("/blob.png", "/a.png"):
        company.evil.handlers[path] = answering(picture())
    await company.home.decide("T0", "evil.test")
    return rosa


async def rows_of_theirs() -> dict[str, int]:
    """Count what is here of evil.test, by kind."""
    return {
        "actors": await Actor.filter(host="evil.test").count(),
        "hosts": await Host.filter(name="evil.test").count(),
        "posts": await Post.filter(uri__contains="//evil.test").count(),
        "mentions": await Mention.filter(actor__host="evil.test").count(),
        "quotes": await Quote.filter(state=QuoteState.GRANTED).count(),
    }


NONE = {"actors": 0, "hosts": 0, "posts": 0, "mentions": 0, "quotes": 0}


@pytest.mark.parametrize("inbox", INBOXES)
async def test_what_belongs_to_a_blocked_server_is_not_taken_from_anybody_v_k11(company: Company, inbox: str) -> None:
    rosa = await blocked(company)

    for place, said in REFUSED.items():
        await told(company, company.good, said(company, rosa, company.good.note(rosa, "<p>Look</p>")), rosa, inbox)

        assert (company.evil.requests, company.evil.received) == ([], []), place
        assert await rows_of_theirs() == NONE, place
        assert await Post.filter(is_local=False).count() == 0, place


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_blocked_server_inside_the_words_of_a_friend_is_neither_asked_nor_shown_v_k11(
    company: Company, inbox: str
) -> None:
    rosa = await blocked(company)

    for place, change in KEPT.items():
        note = change(company.good.note(rosa, "<p>Rosa says</p>"), company)
        said = company.good.activity("Create", rosa, note)
        assert await told(company, company.good, said, rosa, inbox) == "done", place
        page = await company.home.get(f"/thread?uri={note['id']}", accept="text/html")
        await company.home.work()

        assert (company.evil.requests, company.evil.received) == ([], []), place
        assert await rows_of_theirs() == NONE, place
        assert (page.status, b"Rosa" in page.body, b"evil.test" in page.body) == (200, True, False), place
        assert b"Buy now" not in page.body, place


@pytest.mark.parametrize("inbox", INBOXES)
async def test_whoever_was_known_before_their_server_was_blocked_gets_no_word_of_ours_v_g02(
    company: Company, inbox: str
) -> None:
    """T-86: an answer that names them, in a thread in which they wrote, goes to everybody else."""
    rosa = await befriended(company)
    eve = company.evil.actor("eve")
    top = company.good.note(rosa, "<p>Top</p>")
    await told(company, company.good, company.good.activity("Create", rosa, top), rosa, inbox)
    low = company.evil.note(eve, "<p>Low</p>", inReplyTo=top["id"], cc=[company.home.amina.actor.uri])
    low |= {"tag": [{"type": "Mention", "href": company.home.amina.actor.uri}]}
    assert await told(company, company.evil, company.evil.activity("Create", eve, low), eve, inbox) == "done"
    await company.home.decide("T0", "evil.test")
    asked = list(company.evil.requests)

    draft = PostDraft("To @eve@evil.test and @rosa@good.test", in_reply_to_uri=str(low["id"]))
    await posts.publish(draft, author=company.home.amina.actor, now=company.home.now)
    await company.home.work()

    assert company.evil.requests == asked
    assert len(company.good.of_type("Create")) == 1
