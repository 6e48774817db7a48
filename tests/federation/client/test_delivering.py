"""One delivery attempt: signed for the peer that checks it, never redirected, every failure named."""

import asyncio
import json

import pytest
from aiohttp import web

from federation.client import Answer, Deadlines, ProtocolClient, Signing
from federation.errors import Malformed, Refused
from federation.signatures import Scheme
from tests.clock import START
from tests.federation.client.asking import admit_all
from tests.federation.client.conftest import ACTOR, introduce, our_key
from tests.network import Network, raw_server
from tests.peers.flavours import FEDIFY, FLAVOURS, GOTOSOCIAL, MASTODON, SNAC, Flavour
from tests.peers.values import Reply
from tests.peers.verifying import Signer

FOLLOW = {"id": "https://home.example/ap/f/1", "type": "Follow", "actor": ACTOR, "object": "http://peer.test/users/ada"}
BODY = json.dumps(FOLLOW).encode()
INBOX = "http://peer.test/users/ada/inbox"
CAVAGE = Signing(our_key(), Scheme.CAVAGE, START)
RFC9421 = Signing(our_key(), Scheme.RFC9421, START)


async def post(client: ProtocolClient, url: str = INBOX, signing: Signing = CAVAGE) -> Answer:
    return await client.post(url, BODY, signing=signing, admit=admit_all)


async def test_a_blocked_host_is_not_contacted(network: Network, client: ProtocolClient) -> None:
    peer = await network.peer("peer.test")

    def admit(host: str) -> None:
        raise Refused(f"{host} is blocked")

    with pytest.raises(Refused, match=r"peer\.test is blocked"):
        await client.post(INBOX, BODY, signing=CAVAGE, admit=admit)

    assert peer.requests == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5432/", "https://[::1]/inbox", "/inbox", "https://peer.test/\r\nx: y"]
)
async def test_an_inbox_that_is_no_public_url_is_not_contacted(network: Network, url: str) -> None:
    """V-F14, T-46."""
    settings = network.client_settings()
    strict = type(settings)(settings.user_agent, settings.allowed_networks, settings.static_hosts)
    async with ProtocolClient(strict) as client:
        with pytest.raises(Malformed):
            await post(client, url)


async def test_an_inbox_behind_an_internal_address_is_refused_for_good(network: Network) -> None:
    """V-F14."""

    async def lookup(host: str) -> list[str]:
        return ["10.1.2.3"]

    async with ProtocolClient(network.client_settings(), lookup=lookup) as client:
        with pytest.raises(Refused):
            await post(client, "http://inside.test/inbox")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_of_a_delivery_is_not_followed(network: Network, client: ProtocolClient, status: int) -> None:
    """T-33: POST follows nothing."""
    peer = await network.peer("peer.test")
    peer.refusals.append(Reply(status, {"location": "http://peer.test/elsewhere"}))

    assert await post(client) == Answer(status)
    assert peer.requests == [("POST", "/users/ada/inbox")]


@pytest.mark.parametrize(
    ("signing", "flavours"),
    [
        (CAVAGE, FLAVOURS),
        (RFC9421, (MASTODON, FEDIFY)),
    ],
)
async def test_every_peer_that_knows_the_scheme_accepts_what_we_sign(
    network: Network, client: ProtocolClient, signing: Signing, flavours: tuple[Flavour, ...]
) -> None:
    for flavour in flavours:
        peer = await network.peer(f"{flavour.software}.test", flavour)
        introduce(peer)

        answer = await post(client, f"http://{peer.host}/inbox?x=1", signing)

        (entry,) = await peer.expect()
        assert answer == Answer(202)
        assert (entry.raw, entry.signer) == (BODY, Signer(ACTOR, f"{ACTOR}#main-key", signing.scheme.value))
        assert entry.headers["content-type"] == "application/activity+json"
        assert entry.headers["content-length"] == str(len(BODY))


async def test_a_peer_that_knows_only_the_older_scheme_refuses_the_newer(
    network: Network, client: ProtocolClient
) -> None:
    peer = await network.peer("peer.test", GOTOSOCIAL)
    introduce(peer)

    assert await post(client, signing=RFC9421) == Answer(401)


async def test_snac_loses_a_wrong_first_scheme_behind_a_202(network: Network, client: ProtocolClient) -> None:
    peer = await network.peer("peer.test", SNAC)
    introduce(peer)

    assert await post(client, signing=RFC9421) == Answer(202)
    assert await peer.expect_lost() == ["snac knows no rfc9421"]
    assert peer.received == []


async def test_a_peer_that_wants_the_newer_scheme_can_say_so(network: Network, client: ProtocolClient) -> None:
    await network.peer("peer.test", FEDIFY)

    assert await post(client) == Answer(401, accepts_rfc9421=True)


async def test_fedify_refuses_a_date_outside_its_window(network: Network, client: ProtocolClient) -> None:
    peer = await network.peer("peer.test", FEDIFY)
    introduce(peer)
    stale = Signing(our_key(), Scheme.CAVAGE, START.replace(hour=10))

    assert await post(client, signing=stale) == Answer(401, accepts_rfc9421=True)
    assert peer.lost == ["signed at another time"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("999999999", 86_400),
        ("Sun, 01 Mar 2026 12:05:00 GMT", 300),
        ("Sun, 01 Mar 2020 12:05:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
async def test_retry_after_is_read_in_both_forms(
    network: Network, client: ProtocolClient, header: str, seconds: int | None
) -> None:
    peer = await network.peer("peer.test")
    peer.refusals.append(Reply(429, {"retry-after": header}))

    assert await post(client) == Answer(429, retry_after_seconds=seconds)


async def test_an_answer_of_ten_megabytes_is_left_unread(network: Network, client: ProtocolClient) -> None:
    peer = await network.peer("peer.test")
    written: list[int] = []

    async def chatter(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=202)
        await response.prepare(request)
        try:
            for _ in range(10_000):
                await response.write(b"x" * 1024)
                written.append(1024)
        except ConnectionError:
            pass
        return response

    peer.handlers["/users/ada/inbox"] = chatter

    assert await post(client) == Answer(202)
    await peer.stop()
    assert sum(written) < 10_000 * 1024


async def test_a_name_that_nobody_has_is_a_dns_failure(network: Network) -> None:
    async def lookup(host: str) -> list[str]:
        raise OSError("no such host")

    async with ProtocolClient(network.client_settings(), lookup=lookup) as client:
        answer = await post(client, "http://nobody.test/inbox")

    assert (answer.status, (answer.error or "").partition(":")[0]) == (0, "dns")


async def test_a_closed_port_is_a_connect_failure(network: Network, client: ProtocolClient) -> None:
    async with raw_server(_silence) as port:
        network.place("peer.test", port)

    answer = await post(client)

    assert (answer.status, (answer.error or "").partition(":")[0]) == (0, "connect")


async def test_a_hanging_inbox_is_a_timeout(network: Network) -> None:
    async with raw_server(_silence) as port:
        network.place("peer.test", port)
        settings = network.client_settings(Deadlines(connect=0.2, deliver=0.2))
        async with ProtocolClient(settings) as client:
            assert await post(client) == Answer(0, error="timeout")


async def test_a_status_counts_even_if_its_body_never_ends(network: Network) -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\nthanks")
        await writer.drain()
        writer.close()

    async with raw_server(half) as port:
        network.place("peer.test", port)
        async with ProtocolClient(network.client_settings()) as client:
            assert await post(client) == Answer(202)


async def test_a_kept_connection_that_was_closed_meanwhile_costs_no_attempt(network: Network) -> None:
    connections: list[int] = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the first request of the first connection and hang up on its second one."""
        connections.append(1)
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(len(BODY))
        writer.write(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        await reader.readuntil(b"\r\n\r\n")

    async with raw_server(once) as port, ProtocolClient(network.client_settings()) as client:
        network.place("peer.test", port)
        answers = [await post(client), await post(client)]

    assert (answers, len(connections)) == ([Answer(202), Answer(202)], 2)


async def test_a_server_that_always_hangs_up_is_asked_twice_an_attempt(network: Network) -> None:
    connections: list[int] = []

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        await reader.readuntil(b"\r\n\r\n")

    async with raw_server(hang_up) as port, ProtocolClient(network.client_settings()) as client:
        network.place("peer.test", port)
        answer = await post(client)

    assert (answer.status, (answer.error or "").partition(":")[0], len(connections)) == (0, "closed", 2)


async def test_a_hundred_deliveries_to_one_host_share_a_few_connections(network: Network) -> None:
    peers: set[object] = set()
    peer = await network.peer("peer.test")

    async def note(request: web.Request) -> web.Response:
        peers.add(request.transport.get_extra_info("peername") if request.transport else None)
        return web.Response(status=202)

    peer.handlers["/users/ada/inbox"] = note
    async with ProtocolClient(network.client_settings()) as client:
        answers = await asyncio.gather(*(post(client) for _ in range(100)))

    assert answers == [Answer(202)] * 100
    assert 1 <= len(peers) <= 4


async def _silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()
