"""Keys nobody saw before: one bounded lookup, failures remembered, one refetch. T-03, T-07, T-09, V-F05, V-F11."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from aiohttp import web

from inbox import keys
from inbox.models import ReceivedActivity
from inbox.places import Places
from node.models import ActorKey
from tests.inbox.strangers import introduce
from tests.peers import cavage
from tests.peers.actors import Json, PeerActor
from tests.peers.cavage import Message
from tests.peers.keys import pem_of
from tests.peers.peer import Peer
from tests.peers.values import ACTIVITY_TYPE
from tests.standing import BASE, INBOXES, Company

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


def follow(peer: Peer, actor: PeerActor) -> Json:
    return peer.activity("Follow", actor, f"{BASE}/ap/g/practices")


def signed_as(company: Company, peer: Peer, actor: PeerActor, key_id: str, inbox: str = INBOXES[0]) -> Message:
    message = company.home.message(follow(peer, actor), inbox)
    style = peer.flavour.style
    return cavage.signed(message, actor.rsa, key_id=key_id, when=company.home.now, style=style)


def always(status: int) -> Answering:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    return answer


def documents(document: Json) -> Answering:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.json_response(document, content_type=ACTIVITY_TYPE)

    return answer


async def never(_request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


def gets(peer: Peer) -> list[str]:
    return [path for method, path in peer.requests if method == "GET"]


@pytest.mark.parametrize("inbox", INBOXES)
@pytest.mark.parametrize(("status", "answered"), [(404, 401), (410, 401), (403, 401), (500, 503), (503, 503)])
async def test_a_key_that_can_not_be_had_is_no_forgery_unless_its_server_says_so(
    company: Company, inbox: str, status: int, answered: int
) -> None:
    """T-07: Lemmy drops what gets 401 and repeats what gets 503."""
    eve = company.evil.actor("eve")
    company.evil.handlers["/users/eve"] = always(status)

    answer = await company.home.post(company.evil, follow(company.evil, eve), eve, inbox)

    assert answer.status == answered
    assert ("retry-after" in answer.headers) is (answered == 503)
    assert len(gets(company.evil)) <= 3
    assert await ReceivedActivity.all().count() == 0


async def test_whoever_is_unknown_while_their_server_is_down_is_let_in_later_and_the_known_wait_for_nobody(
    company: Company,
) -> None:
    """F-31: 503, then 202; who is known goes on as if nothing were."""
    rosa = await introduce(company, company.good, "rosa")
    eve = company.evil.actor("eve")
    company.evil.handlers["/users/eve"] = always(503)
    asked = len(gets(company.good))

    down = await company.home.post(company.evil, follow(company.evil, eve), eve)
    meanwhile = await company.home.post(company.good, follow(company.good, rosa), rosa)
    company.evil.handlers.clear()
    company.home.clock.advance(10 * 60)
    later = await company.home.post(company.evil, follow(company.evil, eve), eve)

    assert (down.status, meanwhile.status, later.status) == (503, 202, 202)
    assert len(gets(company.good)) == asked


async def test_a_server_that_hangs_is_asked_again_later(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """T-07, V-M03: five seconds in all, then 503."""
    monkeypatch.setattr(keys, "LOOKUP_SECONDS", 0.2)
    eve = company.evil.actor("eve")
    company.evil.handlers["/users/eve"] = never

    answer = await company.home.post(company.evil, follow(company.evil, eve), eve)

    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0


async def test_a_failed_lookup_is_not_repeated_for_five_minutes(company: Company) -> None:
    """V-F05: the memory of it is in the database."""
    eve = company.evil.actor("eve")
    company.evil.handlers["/users/eve"] = always(500)
    statuses = [(await company.home.post(company.evil, follow(company.evil, eve), eve)).status for _ in range(20)]
    assert statuses == [503] * 20
    assert gets(company.evil) == ["/users/eve"]

    del company.evil.handlers["/users/eve"]
    company.home.clock.advance(299)
    assert (await company.home.post(company.evil, follow(company.evil, eve), eve)).status == 503
    company.home.clock.advance(2)
    assert (await company.home.post(company.evil, follow(company.evil, eve), eve)).status == 202
    assert gets(company.evil) == ["/users/eve"] * 2


async def test_a_forged_key_id_is_looked_up_once(company: Company) -> None:
    """V-F05: a hundred posts with the same dead key cost one request."""
    eve = company.evil.actor("eve")
    dead = f"{company.evil.base}/users/nobody#main-key"

    answers = [await company.evil.send(signed_as(company, company.evil, eve, dead)) for _ in range(100)]

    assert {answer.status for answer in answers} == {401}
    assert gets(company.evil) == ["/users/nobody"]


@pytest.mark.parametrize("inbox", INBOXES)
async def test_an_unknown_key_is_looked_up_once_however_many_posts_wait_for_it(company: Company, inbox: str) -> None:
    rosa = company.good.actor("rosa")

    posts = [company.home.post(company.good, follow(company.good, rosa), rosa, inbox) for _ in range(20)]
    answers = await asyncio.gather(*posts)

    assert [answer.status for answer in answers] == [202] * 20
    assert gets(company.good) == ["/users/rosa"]


async def test_too_many_lookups_at_once_are_put_off(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "LOOKUP_SECONDS", 1.0)
    company.home.node.reception.keys._places = Places(at_once=2, a_second=1000, jitter=lambda: 0.0)
    people = [company.evil.actor(f"eve{number}") for number in range(4)]
    for eve in people:
        company.evil.handlers[f"/users/{eve.name}"] = never

    answers = await asyncio.gather(*(company.home.post(company.evil, follow(company.evil, eve), eve) for eve in people))

    assert [answer.status for answer in answers] == [503] * 4
    assert len(gets(company.evil)) == 2


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_rotated_key_is_read_anew_exactly_once(company: Company, inbox: str) -> None:
    """T-09."""
    rosa = company.good.actor("rosa")
    assert (await company.home.post(company.good, follow(company.good, rosa), rosa, inbox)).status == 202
    rosa.generation = 2

    assert (await company.home.post(company.good, follow(company.good, rosa), rosa, inbox)).status == 202
    assert gets(company.good) == ["/users/rosa"] * 2

    bad = replace(rosa, generation=3)
    statuses = [
        (await company.home.post(company.good, follow(company.good, rosa), bad, inbox)).status for _ in range(50)
    ]
    assert statuses == [401] * 50
    assert gets(company.good) == ["/users/rosa"] * 2
    assert (await company.home.post(company.good, follow(company.good, rosa), rosa, inbox)).status == 202


async def test_after_a_rotation_that_can_not_be_checked_now_the_sender_is_asked_to_come_back(company: Company) -> None:
    """T-07, T-09: no 401 while the key's server is down, not at the second try either."""
    rosa = company.good.actor("rosa")
    assert (await company.home.post(company.good, follow(company.good, rosa), rosa)).status == 202
    rosa.generation = 2
    company.good.handlers["/users/rosa"] = always(502)

    statuses = [(await company.home.post(company.good, follow(company.good, rosa), rosa)).status for _ in range(3)]
    assert statuses == [503] * 3
    assert gets(company.good) == ["/users/rosa"] * 2

    del company.good.handlers["/users/rosa"]
    company.home.clock.advance(301)
    assert (await company.home.post(company.good, follow(company.good, rosa), rosa)).status == 202


@pytest.mark.parametrize("suffix", ["#main-key", "/#main-key", "#key", "/main-key"])
async def test_every_usual_form_of_a_key_id_is_understood(company: Company, suffix: str) -> None:
    """V-O07: BookWyrm puts a slash before the fragment, GoToSocial has a document of its own."""
    rosa = company.good.actor("rosa")
    key_id = rosa.uri + suffix
    rosa.extra["publicKey"] = rosa.key_document() | {"id": key_id}
    company.good.handlers["/users/rosa/"] = documents(rosa.document())
    company.good.handlers["/users/rosa/main-key"] = documents(rosa.stub() | {"publicKey": rosa.extra["publicKey"]})

    assert (await company.good.send(signed_as(company, company.good, rosa, key_id))).status == 202


async def test_the_actor_itself_may_be_named_as_the_key_if_it_has_only_one(company: Company) -> None:
    """Settled: a key id equal to the actor id is accepted."""
    rosa = company.good.actor("rosa")

    assert (await company.good.send(signed_as(company, company.good, rosa, rosa.uri))).status == 202
    assert (await company.good.send(signed_as(company, company.good, rosa, rosa.key_id))).status == 202


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_key_that_is_no_https_address_proves_nothing(company: Company, inbox: str) -> None:
    """V-D01: `acct:` and the like."""
    eve = company.evil.actor("eve")

    names = ("acct:eve@evil.test", "eve", "ftp://evil.test/k", "http://evil.test@good.test/k", "http://192.0.2.1/k")
    statuses = [(await company.evil.send(signed_as(company, company.evil, eve, name, inbox))).status for name in names]

    assert all(status in (401, 403) for status in statuses), statuses
    assert await ReceivedActivity.all().count() == 0


def lies(company: Company, eve: PeerActor, place: str) -> dict[str, Json]:
    """Return documents for `place` on evil.test that claim its key for an actor of good.test."""
    victim = f"{company.good.base}/users/rosa"
    key: Json = {"id": place, "owner": victim, "publicKeyPem": pem_of(eve.rsa)}
    actor = eve.document()
    return {
        "a key with another owner": key,
        "an actor under another id": actor | {"id": victim, "publicKey": key},
        "an owner beside another id": actor | {"id": victim, "owner": place, "publicKey": key},
        "a key of the victim's host": actor | {"id": victim, "owner": place, "publicKey": key | {"id": f"{victim}#k"}},
        "a key with another id": key | {"id": f"{place}2", "owner": eve.uri},
        "a list with somebody else's key": actor | {"id": place, "publicKey": [key]},
        "a list of owners": actor | {"id": place, "publicKey": key | {"owner": [place, victim]}},
        "no key at all": actor | {"id": place, "publicKey": None},
    }


@pytest.mark.parametrize("inbox", INBOXES)
async def test_no_document_elsewhere_binds_a_key_to_an_actor_who_does_not_list_it(company: Company, inbox: str) -> None:
    """T-03, V-F11, V-F12, V-K05: neither the owner that a key names nor an id that is not its address counts."""
    eve, rosa = company.evil.actor("eve"), company.good.actor("rosa")
    await company.home.post(company.good, company.good.activity("Like", rosa, BASE), rosa, inbox)
    before = await ActorKey.filter(actor__is_local=False).values_list("key_id", "public")

    statuses = {}
    for number, name in enumerate(lies(company, eve, "")):
        place = f"{company.evil.base}/key{number}"
        company.evil.handlers[f"/key{number}"] = documents(lies(company, eve, place)[name])
        message = company.home.message(follow(company.good, rosa), inbox)
        style = company.evil.flavour.style
        signed = cavage.signed(message, eve.rsa, key_id=place, when=company.home.now, style=style)
        statuses[name] = (await company.evil.send(signed)).status

    assert statuses == dict.fromkeys(statuses, 401)
    assert await ActorKey.filter(actor__uri=rosa.uri).values_list("key_id", "public") == before
    assert await ReceivedActivity.all().count() == 1


async def test_nobody_takes_the_name_of_a_key_on_another_server_before_its_owner_is_known(company: Company) -> None:
    """V-F12, V-K05: an actor who lists the id of somebody else's key keeps nobody out."""
    eve, rosa = company.evil.actor("eve"), company.good.actor("rosa")
    taken = eve.key_document() | {"id": rosa.key_id}
    eve.extra["publicKey"] = [eve.key_document(), taken]

    first = await company.home.post(company.evil, follow(company.evil, eve), eve)
    second = await company.home.post(company.good, follow(company.good, rosa), rosa)

    assert (first.status, second.status) == (202, 202)
    assert await ActorKey.filter(key_id=rosa.key_id).values_list("actor__uri", flat=True) == [rosa.uri]
