"""What other servers GET, by mode and by who signs: actors and keys, objects, collections, activities."""

from typing import Any

import pytest

from node.community import posts as posting
from node.community import practices
from node.community.posts import PostDraft
from node.models import Actor, ActorState, FailedLookup, Job, Mode, Post, Visibility
from tests.inbox.strangers import introduce
from tests.node.community.test_practices import FULL
from tests.peers.cavage import Message
from tests.peers.peer import Peer
from tests.peers.values import ACTIVITY_TYPE, Reply
from tests.standing import BASE, Company

ACTOR, KEY, BOX = "/ap/u/amina", "/ap/u/amina/main-key", "/ap/u/amina/outbox"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FINDING = {"@context", "id", "type", "preferredUsername", "inbox", "endpoints", "publicKey", "assertionMethod"}
EVERYBODY, OURS_ALONE = "public, max-age=180", "private, no-store"


async def signed(company: Company, peer: Peer, path: str) -> Reply:
    """GET a path as a server that signs everything; its key was seen before."""
    reader = peer.actor("reader")
    return await peer.send(peer.sign(Message("GET", BASE + path, {"accept": ACTIVITY_TYPE}), actor=reader))


async def write(company: Company, visibility: Visibility = Visibility.PUBLIC) -> str:
    draft = PostDraft(text="Mats", visibility=visibility)
    post = await posting.publish(draft, author=company.home.amina.actor, now=company.home.now)
    return post.uri.removeprefix(BASE)


async def test_what_is_not_public_is_not_there_for_strangers(company: Company) -> None:
    await introduce(company, company.evil, "reader")
    paths = [await write(company, each) for each in (Visibility.MEMBERS, Visibility.NETWORK)]
    paths += [f"{path}/{part}" for path in paths for part in ("replies", "likes", "shares", "context")]
    paths += ["/ap/u/nobody", "/ap/g/amina", "/ap/u/practices", f"/ap/n/{'a' * 26}", f"{ACTOR}/liked"]

    answers = [await company.home.get(path) for path in paths]
    answers += [await signed(company, company.evil, path) for path in paths]

    assert {answer.status for answer in answers} == {404}
    assert not any(b"Mats" in answer.body for answer in answers)


async def test_a_suspended_member_looks_as_if_there_were_none(company: Company) -> None:
    """T-37."""
    nobody = await company.home.get("/ap/u/nobody")
    await Actor.filter(id=company.home.amina.actor_id).update(state=ActorState.SUSPENDED)

    answers = [await company.home.get(path) for path in (ACTOR, KEY, BOX)]

    assert {(answer.status, answer.body) for answer in answers} == {(404, nobody.body)}


async def test_an_open_node_shows_what_is_public_to_everybody(company: Company) -> None:
    path = await write(company)

    answers = [await company.home.get(each) for each in (path, ACTOR, KEY, BOX, f"{path}/replies")]

    assert [answer.status for answer in answers] == [200] * 5
    assert {answer.headers["cache-control"] for answer in answers} == {EVERYBODY}
    assert {answer.headers["vary"] for answer in answers} == {"Accept, Signature, Signature-Input"}
    assert {answer.headers["content-type"] for answer in answers} == {f"{ACTIVITY_TYPE}; charset=utf-8"}
    assert [answer.json()["id"] for answer in answers] == [
        BASE + each for each in (path, ACTOR, ACTOR, BOX, f"{path}/replies")
    ]


async def test_a_blocked_server_that_says_who_it_is_reads_nothing(company: Company) -> None:
    """T-79, T-81: at once, also what it had read before."""
    await introduce(company, company.evil, "reader")
    path = await write(company)
    before = [(await signed(company, company.evil, each)).status for each in (path, ACTOR)]
    await company.home.decide("T0", "evil.test")

    answers = [await signed(company, company.evil, each) for each in (path, ACTOR, KEY, BOX)]

    assert (before, [answer.status for answer in answers]) == ([200, 200], [403] * 4)
    assert not any(b"Mats" in answer.body or b"publicKey" in answer.body for answer in answers)


async def test_a_closed_node_can_be_found_and_proven_and_nothing_else(company: Company) -> None:
    """Settled: unsigned 200 reduced for actors and keys, 401 for the rest."""
    path = await write(company)
    record = (await practices.publish(FULL, by=company.home.amina, now=company.home.now)).uri.removeprefix(BASE)
    await company.home.turn(Mode.CLOSED)

    reduced = [await company.home.get(each) for each in (ACTOR, "/actor", "/ap/g/practices", KEY)]
    shut = [await company.home.get(each) for each in (path, BOX, f"{path}/replies", record, f"{record}/record.json")]
    absent = await company.home.get(f"/ap/n/{'a' * 26}")

    assert [answer.status for answer in reduced] == [200] * 4
    assert all(set(answer.json()) <= FINDING for answer in reduced)
    assert all("publicKey" in answer.json() for answer in reduced)
    assert {(answer.status, answer.body) for answer in [*shut, absent]} == {(401, absent.body)}


async def test_a_closed_node_lets_signed_strangers_prove_it_and_read_nothing(company: Company) -> None:
    """Servers that sign every GET must still be able to read our keys; nothing is asked of them."""
    await introduce(company, company.evil, "reader")
    path = await write(company)
    await company.home.turn(Mode.CLOSED)

    known = [await signed(company, company.evil, each) for each in (ACTOR, KEY)]
    shut = [await signed(company, company.evil, each) for each in (path, BOX)]

    assert [answer.status for answer in known] == [200, 200]
    assert all(set(answer.json()) <= FINDING for answer in known)
    assert [answer.status for answer in shut] == [403, 403]
    assert (await Job.filter(kind="fetch").count(), await FailedLookup.all().count()) == (0, 0)


@pytest.mark.parametrize(("preset", "network"), [("T2", 404), ("T3", 404), ("T4", 200), ("T5", 200)])
async def test_who_is_admitted_reads_and_partners_read_more(company: Company, preset: str, network: int) -> None:
    """T-82: what only some may read is kept by no cache."""
    await introduce(company, company.good, "reader")
    paths = [await write(company, each) for each in (Visibility.PUBLIC, Visibility.NETWORK, Visibility.MEMBERS)]
    await company.home.turn(Mode.CLOSED)
    await company.home.decide(preset, "good.test")

    answers = [await signed(company, company.good, path) for path in paths]
    actor = await signed(company, company.good, ACTOR)

    assert [answer.status for answer in answers] == [200, network, 404]
    assert {answer.headers["cache-control"] for answer in (*answers, actor) if answer.status == 200} == {OURS_ALONE}
    assert not set(actor.json()) <= FINDING


async def test_a_signature_that_proves_nothing_counts_as_none(company: Company) -> None:
    """V-K06: the host of a key that somebody merely names is not admitted by that."""
    reader = await introduce(company, company.good, "reader")
    path = await write(company)
    await company.home.turn(Mode.CLOSED)
    await company.home.decide("T4", "good.test")
    right = company.good.sign(Message("GET", BASE + path, {"accept": ACTIVITY_TYPE}), actor=reader)
    other = Message("GET", f"{BASE}{BOX}", dict(right.headers), b"")

    answers = [await company.good.send(right), await company.good.send(other)]

    assert [answer.status for answer in answers] == [200, 401]


@pytest.mark.parametrize("mode", [Mode.OPEN, Mode.CLOSED])
async def test_a_browser_is_led_to_the_page_in_every_mode(company: Company, mode: Mode) -> None:
    path = await write(company)
    await company.home.turn(mode)

    answers = [await company.home.get(each, accept=BROWSER) for each in (path, ACTOR)]
    absent = await company.home.get(f"/ap/n/{'a' * 26}", accept=BROWSER)
    listed = await company.home.get(BOX, accept=BROWSER)

    assert [answer.status for answer in answers] == [302, 302]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert [answer.headers["location"] for answer in answers][1] == f"{BASE}/@amina"
    assert not any(answer.body for answer in answers)
    assert (absent.status, listed.status) == (404, 200 if mode is Mode.OPEN else 401)


async def test_what_was_withdrawn_says_so_in_json_to_everybody(company: Company) -> None:
    path = await write(company)
    await posting.withdraw(BASE + path, by=company.home.amina, now=company.home.now)

    answers = [await company.home.get(path), await company.home.get(path, accept=BROWSER)]

    assert [(answer.status, answer.json()["type"], answer.json()["id"]) for answer in answers] == [
        (410, "Tombstone", BASE + path)
    ] * 2


async def answered(company: Company, path: str, **more: Any) -> str:
    """Let Rosa of good.test answer a post of ours; return the id of her answer."""
    rosa = await introduce(company, company.good, "rosa")
    note = company.good.note(rosa, "<p>Yes</p>", inReplyTo=BASE + path, **more)
    await company.home.post(company.good, company.good.activity("Create", rosa, note), rosa)
    await company.home.work()
    return str(note["id"])


async def test_collections_of_an_object_name_only_what_everybody_may_read(company: Company) -> None:
    """V-K08, V-M23: nothing hidden, suspended, withdrawn or written to a few people."""
    path = await write(company)
    shown = await answered(company, path)
    hidden = await answered(company, path)
    to_us = {"to": [BASE + ACTOR], "cc": [], "tag": [{"type": "Mention", "href": BASE + ACTOR}]}
    direct = await answered(company, path, **to_us)
    await Post.filter(uri=hidden).update(hidden_at=company.home.now)
    assert await Post.exists(uri=direct)

    for part in ("replies", "context"):
        whole = (await company.home.get(f"{path}/{part}")).json()
        page = (await company.home.get(f"{path}/{part}?page=first")).json()
        expected = [shown] if part == "replies" else [BASE + path, shown]
        assert (whole["attributedTo"], whole["totalItems"]) == (BASE + ACTOR, len(expected))
        assert (page["orderedItems"], page.get("next")) == (expected, None)

    await Actor.filter(host="good.test").update(state=ActorState.SUSPENDED)
    assert (await company.home.get(f"{path}/replies")).json()["totalItems"] == 0


async def test_collections_of_what_is_for_partners_are_for_partners_and_no_shared_cache(company: Company) -> None:
    """V-K08."""
    await introduce(company, company.good, "reader")
    await company.home.decide("T4", "good.test")
    path = await write(company, Visibility.NETWORK)

    for part in ("replies", "likes", "shares", "context"):
        answer = await signed(company, company.good, f"{path}/{part}")
        assert (answer.status, answer.headers["cache-control"]) == (200, OURS_ALONE)
        assert (await company.home.get(f"{path}/{part}")).status == 404


async def test_an_object_of_ours_names_its_collections(company: Company) -> None:
    path = await write(company)

    document = (await company.home.get(path)).json()

    parts = ("replies", "context", "likes", "shares")
    assert {part: document[part] for part in parts} == {part: f"{BASE}{path}/{part}" for part in parts}
