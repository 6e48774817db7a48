"""Looking around a thread within bounds, whatever its servers say. T-34, T-35, V-P01, V-P03, V-M08, V-M14."""

from itertools import count
from typing import Any

import pytest
from aiohttp import web

from node.community import posts, thread_search
from node.community.posts import PostDraft
from node.errors import NotFound
from node.models import Job, Post, Visibility
from tests.inbox.test_door_keys import documents, gets
from tests.inbox.test_handlers import befriended, told
from tests.peers.actors import PeerActor
from tests.peers.peer import Peer
from tests.peers.values import ACTIVITY_TYPE
from tests.standing import Company

Json = dict[str, Any]


async def brought(company: Company, note: Json, author: PeerActor) -> None:
    """Let a note of Rosa, whom Amina follows, come in."""
    assert await told(company, company.good, company.good.activity("Create", author, note), author) == "done"


async def looked_around(company: Company, uri: str) -> str:
    job = await thread_search.look_around(uri, by=company.home.amina.actor, now=company.home.now)
    await company.home.work()
    await job.refresh_from_db()
    return f"{job.state.value}: {job.reason}"


def collection(peer: Peer, path: str, *items: object, **more: object) -> str:
    """Serve a collection; return its address."""
    uri = f"{peer.base}{path}"
    peer.handlers[path] = documents({"id": uri, "type": "Collection", "items": list(items), **more})
    return uri


async def test_who_may_not_read_a_thing_asks_for_nothing(company: Company) -> None:
    rosa = await befriended(company)
    mira = await company.home.member("mira")
    direct = company.good.note(rosa, "<p>For you</p>", to=[company.home.amina.actor.uri], cc=[])
    direct |= {"tag": [{"type": "Mention", "href": company.home.amina.actor.uri}]}
    await brought(company, direct, rosa)

    for uri in (str(direct["id"]), "https://nowhere.test/1"):
        with pytest.raises(NotFound):
            await thread_search.look_around(uri, by=mira.actor, now=company.home.now)

    assert await Job.filter(key__startswith="thread").count() == 0


async def test_an_endless_collection_ends(company: Company) -> None:
    """V-P01: each page names another one."""
    rosa = await befriended(company)
    numbers = count(1)

    async def endless(request: web.Request) -> web.StreamResponse:
        uri = f"{company.good.base}{request.path_qs}"
        page = {"id": uri, "type": "CollectionPage", "items": [], "next": f"{company.good.base}/more?n={next(numbers)}"}
        return web.json_response(page, content_type=ACTIVITY_TYPE)

    company.good.handlers["/more"] = endless
    note = company.good.note(rosa, "<p>Top</p>") | {"replies": f"{company.good.base}/more?n=0"}
    await brought(company, note, rosa)
    company.good.requests.clear()

    assert await looked_around(company, str(note["id"])) == "done: 0 more were read"

    assert len([path for path in gets(company.good) if path.startswith("/more")]) == 10


async def test_a_collection_in_a_circle_or_on_another_server_is_left(company: Company) -> None:
    rosa = await befriended(company)
    uri = collection(company.good, "/circle", next=f"{company.good.base}/circle")
    round_note = company.good.note(rosa, "<p>Round</p>") | {"replies": uri}
    away_note = company.good.note(rosa, "<p>Away</p>") | {"replies": collection(company.evil, "/away")}
    for note in (round_note, away_note):
        await brought(company, note, rosa)
    company.good.requests.clear()

    for note in (round_note, away_note):
        assert await looked_around(company, str(note["id"])) == "done: 0 more were read"

    assert gets(company.good).count("/circle") == 1
    assert "/away" not in gets(company.evil)


async def test_items_are_read_from_their_own_address_and_kept_only_if_they_belong_here(company: Company) -> None:
    """V-M08, V-P03: words inside a collection, another id, a redirect, somebody else's thread."""
    rosa, eve = await befriended(company), company.evil.actor("eve")
    top = company.good.note(rosa, "<p>Top</p>")
    true = company.good.note(rosa, "<p>True</p>", inReplyTo=top["id"])
    stray = company.evil.note(eve, "<p>Spam</p>", inReplyTo=f"{company.evil.base}/elsewhere")
    lying = company.evil.note(eve, "<p>Lie</p>", inReplyTo=top["id"])
    company.evil.handlers["/lie"] = documents(dict(lying) | {"id": true["id"], "attributedTo": rosa.uri})

    async def away(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"location": str(stray["id"])})

    company.evil.handlers["/away"] = away
    items = [
        {**true, "content": "<p>Forged</p>"},
        stray["id"],
        f"{company.evil.base}/lie",
        f"{company.evil.base}/away",
        company.home.amina.actor.uri,
        f"{company.good.base}/nothing",
    ]
    top |= {"replies": {"type": "Collection", "first": {"type": "CollectionPage", "items": items}}}
    await brought(company, top, rosa)

    assert await looked_around(company, str(top["id"])) == "done: 1 more were read"

    found = {post.uri: post.content_html for post in await Post.filter(is_local=False)}
    assert found == {top["id"]: "<p>Top</p>", true["id"]: "<p>True</p>"}


async def test_a_chain_of_answers_without_end_costs_ten_requests(company: Company) -> None:
    """T-35, both ways: two servers answer with each other's parents, and every answer has an answer."""
    rosa, eve = await befriended(company), company.evil.actor("eve")

    async def upwards(request: web.Request) -> web.StreamResponse:
        number = int(request.match_info.get("rest", "0") or request.path.rsplit("/", 1)[-1])
        note = company.evil.note(eve, "<p>Up</p>", inReplyTo=f"{company.evil.base}/up/{number + 1}")
        return web.json_response(note | {"id": f"{company.evil.base}/up/{number}"}, content_type=ACTIVITY_TYPE)

    for number in range(40):
        company.evil.handlers[f"/up/{number}"] = upwards
    note = company.good.note(rosa, "<p>Low</p>", inReplyTo=f"{company.evil.base}/up/0")
    await brought(company, note, rosa)
    assert len([path for path in gets(company.evil) if path.startswith("/up/")]) <= 10

    company.evil.requests.clear()
    await looked_around(company, str(note["id"]))

    assert len([path for path in gets(company.evil) if path.startswith("/up/")]) <= 10


async def test_answers_are_found_level_by_level_and_again_only_after_a_rest(company: Company) -> None:
    rosa = await befriended(company)
    top = company.good.note(rosa, "<p>Top</p>")
    first = company.good.note(rosa, "<p>First</p>", inReplyTo=top["id"])
    second = company.good.note(rosa, "<p>Second</p>", inReplyTo=first["id"])
    company.good.publish(first | {"replies": collection(company.good, "/r/first", second["id"])})
    top |= {"replies": collection(company.good, "/r/top", first["id"])}
    await brought(company, top, rosa)

    assert await looked_around(company, str(top["id"])) == "done: 2 more were read"
    answer = await Post.get(uri=str(second["id"]))
    assert (answer.thread_uri, answer.visibility) == (top["id"], Visibility.PUBLIC)

    company.good.requests.clear()
    assert await looked_around(company, str(top["id"])) == "done: 2 more were read"
    assert company.good.requests == [], "nobody looks twice in a quarter of an hour"
    company.home.clock.advance(16 * 60)
    assert await looked_around(company, str(top["id"])) == "done: 0 more were read"


async def test_the_node_looks_by_itself_some_time_after_a_member_answered(company: Company) -> None:
    rosa = await befriended(company)
    top = company.good.note(rosa, "<p>Top</p>")
    other = company.good.note(rosa, "<p>Other</p>", inReplyTo=top["id"])
    top |= {"replies": collection(company.good, "/r/top", other["id"])}
    await brought(company, top, rosa)

    draft = PostDraft("Yes", in_reply_to_uri=str(top["id"]))
    await posts.publish(draft, author=company.home.amina.actor, now=company.home.now)
    await company.home.work()
    assert not await Post.exists(uri=str(other["id"]))

    company.home.clock.advance(11 * 60)
    await company.home.work()
    assert await Post.exists(uri=str(other["id"]))
