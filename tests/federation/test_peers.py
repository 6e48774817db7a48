"""The made-up peers among themselves and against our signatures: what they send, we can verify."""

from collections.abc import AsyncIterator

import pytest

from federation.http import Request
from federation.keys import load_multibase, load_public_pem
from federation.names import parse_handle
from federation.signatures import claim, verify
from federation.webfinger import lookup_url
from tests.clock import START, FakeClock
from tests.network import Network, open_network
from tests.peers.actors import PeerActor
from tests.peers.cavage import Message
from tests.peers.flavours import (
    CAVAGE,
    FEDIFY,
    FLAVOURS,
    GOTOSOCIAL,
    MASTODON,
    MICROBLOGPUB,
    RFC9421,
    SNAC,
    TAKAHE,
    Flavour,
)
from tests.peers.keys import multibase_of, pem_of
from tests.peers.verifying import Signer

CONTENT_TYPE = {"content-type": "application/activity+json"}


@pytest.fixture
async def network(clock: FakeClock) -> AsyncIterator[Network]:
    """Give an empty network without TLS."""
    async with open_network(now=clock.now) as opened:
        yield opened


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.software)
async def test_a_wrong_digest_and_a_strangers_signature_are_refused_by_every_peer(
    network: Network, flavour: Flavour
) -> None:
    sender, receiver = await network.peer("sender.test"), await network.peer("receiver.test", flavour)
    ada, eve, bo = sender.actor("ada"), sender.actor("eve"), receiver.actor("bo")
    follow = sender.activity("Follow", ada, bo.uri)
    good = sender.sign(Message("POST", bo.inbox, CONTENT_TYPE, b'{"type":"Follow"}'), actor=ada)

    await sender.send(Message("POST", bo.inbox, good.headers, b'{"type":"Undo"}'))
    await sender.post_activity(bo.inbox, follow, actor=eve, scheme=CAVAGE)

    assert receiver.received == []
    assert await receiver.expect_lost(2) == ["the digest is wrong", f"{eve.uri} signed for {ada.uri}"]


@pytest.mark.parametrize("receiving", FLAVOURS, ids=lambda flavour: flavour.software)
@pytest.mark.parametrize("sending", FLAVOURS, ids=lambda flavour: flavour.software)
async def test_every_peer_reaches_every_other(network: Network, sending: Flavour, receiving: Flavour) -> None:
    sender, receiver = await network.peer("sender.test", sending), await network.peer("receiver.test", receiving)
    ada = sender.instance if sending is MICROBLOGPUB else sender.actor("ada")
    bo = receiver.instance if receiving is MICROBLOGPUB else receiver.actor("bo")
    follow = sender.activity("Follow", ada, bo.uri)

    if receiving is SNAC and sending is FEDIFY:
        sender.known_schemes["receiver.test"] = CAVAGE  # a wrong first scheme would be lost behind a 202
    await sender.post_activity(bo.inbox, follow, actor=ada)

    (entry,) = await receiver.expect()
    assert (entry.activity, entry.signer.actor) == (follow, ada.uri)


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.software)
@pytest.mark.parametrize("scheme", [CAVAGE, RFC9421])
async def test_what_a_peer_signs_we_can_verify(network: Network, flavour: Flavour, scheme: str) -> None:
    peer = await network.peer("peer.test", flavour)
    ada = peer.actor("ada")
    for method, body in (("POST", b'{"type":"Like"}'), ("GET", b"")):
        headers = CONTENT_TYPE if body else {}
        url = "https://home.example/ap/inbox?page=1"
        signed = peer.sign(Message(method, url, headers, body), actor=ada, scheme=scheme)
        request = Request(method, url, tuple(signed.headers.items()), body)
        claimed = claim(request)
        key = _our_reading(ada, claimed.key_id)

        assert verify(request, claimed, key, now=START, hosts=frozenset({"home.example"})) == ada.uri


def _our_reading(actor: PeerActor, key_id: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    if key_id == actor.ed25519_id:
        return load_multibase(multibase_of(actor.ed25519), id=key_id, owner=actor.uri)
    return load_public_pem(pem_of(actor.rsa), id=key_id, owner=actor.uri)


async def test_gotosocial_shows_strangers_nothing_but_keys(network: Network) -> None:
    peer, other = await network.peer("peer.test", GOTOSOCIAL), await network.peer("other.test")
    ada = peer.actor("ada")
    note = peer.note(ada, "hello")

    answers = [await other.fetch(url, signed=False) for url in (ada.uri, str(note["id"]), ada.key_id)]
    nameless = await other.send(Message("GET", ada.key_id, {}))

    assert [answer.status for answer in answers] == [401, 401, 200]
    assert sorted(answers[2].json()) == ["@context", "id", "preferredUsername", "publicKey", "type"]
    assert nameless.status == 418
    assert (await other.fetch(str(note["id"]))).json() == note


async def test_each_software_writes_ids_and_recipients_in_its_own_way(network: Network) -> None:
    public = "https://www.w3.org/ns/activitystreams#Public"
    shapes = {}
    for flavour in (MASTODON, GOTOSOCIAL, TAKAHE):
        peer = await network.peer(f"{flavour.software}.test", flavour)
        note = peer.note(peer.actor("ada"), "hello")
        shapes[flavour.software] = (note["attributedTo"], note["to"], note["cc"])

    assert shapes == {
        "mastodon": (
            "http://mastodon.test/users/ada",
            [public],
            ["http://mastodon.test/users/ada/followers"],
        ),
        "gotosocial": (
            "http://gotosocial.test/users/ada",
            public,
            "http://gotosocial.test/users/ada/followers",
        ),
        "takahe": ("http://takahe.test/@ada/", "as:Public", "http://takahe.test/@ada/followers"),
    }


async def test_the_actor_of_microblogpub_is_a_bare_origin(network: Network) -> None:
    peer, other = await network.peer("peer.test", MICROBLOGPUB), await network.peer("other.test")

    found = await other.look_up("me@peer.test")

    assert (found["id"], found["inbox"]) == ("http://peer.test", "http://peer.test/inbox")
    assert peer.instance.key_id == "http://peer.test#main-key"


async def test_snac_drops_what_goes_to_the_short_form_of_public(network: Network) -> None:
    snac, takahe = await network.peer("snac.test", SNAC), await network.peer("takahe.test", TAKAHE)
    ada, bo = takahe.actor("ada"), snac.actor("bo")

    reply = await takahe.post_activity(bo.inbox, takahe.activity("Create", ada, takahe.note(ada, "hello")), actor=ada)

    assert reply.status == 202
    assert await snac.expect_lost() == ["addressed to nobody"]


async def test_fedify_knocks_twice_and_remembers_which_door_opened(network: Network) -> None:
    fedify, old = await network.peer("fedify.test", FEDIFY), await network.peer("old.test", GOTOSOCIAL)
    ada, bo = fedify.actor("ada"), old.actor("bo")

    for _ in range(2):
        await fedify.post_activity(bo.inbox, fedify.activity("Like", ada, bo.uri), actor=ada)

    posts = [path for method, path in old.requests if method == "POST"]
    assert (len(posts), len(old.received)) == (3, 2)


async def test_a_follow_is_accepted_on_its_own_where_a_test_says_so(network: Network) -> None:
    sender, receiver = await network.peer("sender.test"), await network.peer("receiver.test")
    receiver.accepts_follows = True
    ada, bo = sender.actor("ada"), receiver.actor("bo")
    follow = sender.activity("Follow", ada, bo.uri)

    await sender.post_activity(bo.inbox, follow, actor=ada)

    (accept,) = await sender.expect(kind="Accept")
    assert (accept.activity["object"], accept.signer) == (follow, Signer(bo.uri, bo.key_id, CAVAGE))


async def test_a_rotated_key_is_fetched_again(network: Network) -> None:
    sender, receiver = await network.peer("sender.test"), await network.peer("receiver.test")
    ada, bo = sender.actor("ada"), receiver.actor("bo")
    await sender.post_activity(bo.inbox, sender.activity("Like", ada, bo.uri), actor=ada)
    ada.generation = 2

    await sender.post_activity(bo.inbox, sender.activity("Like", ada, bo.uri), actor=ada)

    assert len(receiver.received) == 2


async def test_a_node_with_an_https_name_is_reached_on_its_plain_port(network: Network) -> None:
    """How a node under test stands in the network: its public name, its loopback port."""
    node, peer = await network.peer("node.test"), await network.peer("peer.test")
    node.base = "https://home.example"
    network.place("home.example", network.static_hosts["node.test"][1])
    node.documents["/ap/u/anna"] = {"id": "https://home.example/ap/u/anna"}

    answer = await peer.fetch("https://home.example/ap/u/anna")

    assert (answer.status, answer.json()) == (200, {"id": "https://home.example/ap/u/anna"})
    assert lookup_url(parse_handle("anna@home.example")).startswith("https://home.example/.well-known/webfinger")


async def test_snac_refuses_a_delete_whose_key_does_not_name_its_author(network: Network) -> None:
    snac, gotosocial = await network.peer("snac.test", SNAC), await network.peer("gotosocial.test", GOTOSOCIAL)
    ada, bo = gotosocial.actor("ada"), snac.actor("bo")

    await gotosocial.post_activity(bo.inbox, gotosocial.activity("Delete", ada, ada.uri), actor=ada)

    assert await snac.expect_lost() == ["http://gotosocial.test/users/ada/main-key is not the author"]
