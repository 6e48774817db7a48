"""A closed node: every document that its own documents name, asked for by everybody. T-87, T-79, V-K08."""

import json
import re
from typing import Any

import pytest

from node.community import posts
from node.community.posts import PostDraft
from node.models import Mode
from tests.inbox.test_handlers import befriended, told
from tests.peers.peer import Peer
from tests.standing import BASE, Company

Json = dict[str, Any]
STARTS = ("/ap/u/amina", "/ap/g/posts", "/ap/g/practices", "/actor")
PATHS = re.compile(rf'"{BASE}(/(?:ap/|actor)[^"#]*)"')
ACTORS = re.compile(r"/(?:ap/[ug]/[a-z]+|actor)$")
INBOXES = re.compile(r"/inbox$")


async def named_paths(company: Company) -> list[str]:
    """Return the paths of all our documents, found by following what they name."""
    waiting, found = list(STARTS), dict.fromkeys(STARTS)
    while waiting:
        answer = await company.good.fetch(BASE + waiting.pop())
        if answer.status == 200:
            new = [path for path in PATHS.findall(answer.body.decode()) if path not in found]
            waiting += new
            found |= dict.fromkeys(new)
    return [path for path in found if not INBOXES.search(path)]


async def statuses(company: Company, paths: list[str], by: Peer | None) -> dict[str, int]:
    if by is None:
        return {path: (await company.home.get(path)).status for path in paths}
    return {path: (await by.fetch(BASE + path)).status for path in paths}


async def inhabited(company: Company) -> None:
    """Let Amina have a post, a follower and an answer."""
    home = company.home
    rosa = await befriended(company)
    await told(company, company.good, company.good.activity("Follow", rosa, home.amina.actor.uri), rosa)
    post = await posts.publish(PostDraft("Secret to the closed node"), author=home.amina.actor, now=home.now)
    answer = company.good.note(rosa, "<p>Yes</p>", inReplyTo=post.uri)
    await told(company, company.good, company.good.activity("Create", rosa, answer), rosa)


async def test_a_closed_node_shows_strangers_how_to_find_it_and_nothing_else_t87(company: Company) -> None:
    await inhabited(company)
    paths = await named_paths(company)
    things = [path for path in paths if not ACTORS.search(path)]
    assert len(things) > 8
    await company.home.turn(Mode.CLOSED)
    await company.home.decide("T0", "evil.test")

    unsigned, stranger = await statuses(company, things, None), await statuses(company, things, company.third)
    blocked = await statuses(company, things, company.evil)

    assert {path: status for path, status in unsigned.items() if status not in (401, 404)} == {}
    assert {path: status for path, status in stranger.items() if status not in (401, 403, 404)} == {}
    assert {path: status for path, status in blocked.items() if status not in (403, 404)} == {}
    assert 401 in unsigned.values()


async def test_a_closed_node_is_read_by_those_whom_it_lists_t87(company: Company) -> None:
    await inhabited(company)
    paths = await named_paths(company)
    before = await statuses(company, paths, company.good)
    await company.home.turn(Mode.CLOSED)
    await company.home.decide("T4", "good.test")
    assert (await company.good.fetch(BASE + "/ap/u/amina/outbox")).status == 401, "its key is not known yet"
    await company.home.work()

    assert await statuses(company, paths, company.good) == before


@pytest.mark.parametrize("path", STARTS)
async def test_what_strangers_read_of_an_actor_of_a_closed_node_is_reduced_t87(company: Company, path: str) -> None:
    await inhabited(company)
    whole: Json = (await company.home.get(path)).json()
    await company.home.turn(Mode.CLOSED)

    answer = await company.home.get(path)
    reduced: Json = answer.json()

    assert answer.status == 200
    assert {"id", "type", "publicKey", "inbox"} <= set(reduced) < set(whole)
    assert not {"summary", "followers", "outbox", "featured"} & set(reduced)
    nodeinfo: Json = (await company.home.get("/nodeinfo/2.1")).json()
    assert "localPosts" not in json.dumps(nodeinfo["usage"])
