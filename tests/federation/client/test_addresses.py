"""Only checked addresses are dialled: DNS answers, rebinding, fixed names, proxies (T-10, T-32, T-44, V-O03)."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_network

import pytest

from federation.client import Budget, ClientSettings, ProtocolClient
from federation.client.resolver import GuardedResolver
from federation.errors import Refused, Unreachable
from tests.clock import START, FakeClock
from tests.federation.client.asking import admit_all, get
from tests.federation.test_guard import FORBIDDEN
from tests.network import Network, raw_server

PUBLIC, INTERNAL = "127.0.0.2", "127.0.0.1"
DOCUMENT = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
)


class Names:
    """A name server that answers from a script; the last answer is repeated."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Listener:
    """Counts connections and notes the requests."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(DOCUMENT)
        await writer.drain()


@asynccontextmanager
async def listening(address: str, port: int = 0) -> AsyncIterator[tuple[Listener, int]]:
    listener = Listener()
    async with raw_server(listener, address=address, port=port) as chosen:
        yield listener, chosen


def settings(**changes: object) -> ClientSettings:
    """Return settings in which 127.0.0.2 plays a public address and 127.0.0.1 stays internal."""
    base: dict[str, object] = {"allowed_networks": (ip_network("127.0.0.2/32"),), "relaxed": True}
    return ClientSettings("Talanoa/test", **(base | changes))  # type: ignore[arg-type]


async def test_a_name_that_moves_to_an_internal_address_is_not_followed_there() -> None:
    """T-32, DNS rebinding: the answer that was checked is the one that is dialled."""
    names = Names([PUBLIC], [INTERNAL])
    async with (
        listening(PUBLIC) as (public, port),
        listening(INTERNAL, port) as (internal, _),
        ProtocolClient(settings(), lookup=names) as client,
    ):
        await get(client, f"http://good.test:{port}/a")
        with pytest.raises(Refused):
            await get(client, f"http://good.test:{port}/a")

    assert (public.connections, internal.connections) == (1, 0)
    assert names.asked == ["good.test", "good.test"]
    assert f"Host: good.test:{port}\r\n".encode().lower() in public.requests[0].lower()


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fd00::1"])
async def test_a_host_that_policy_trusts_and_whose_name_leads_inside_is_not_dialled(address: str) -> None:
    """T-84: a CNAME to our own or a private address; the entry in the book changes nothing about the connection."""
    async with (
        listening(INTERNAL) as (internal, port),
        ProtocolClient(settings(), lookup=Names([address])) as client,
    ):
        with pytest.raises(Refused):
            await get(client, f"http://partner.test:{port}/a")

    assert internal.connections == 0


async def test_one_internal_address_among_good_ones_refuses_the_name() -> None:
    async with (
        listening(PUBLIC) as (public, port),
        listening(INTERNAL, port) as (internal, _),
        ProtocolClient(settings(), lookup=Names([PUBLIC, INTERNAL])) as client,
    ):
        with pytest.raises(Refused):
            await get(client, f"http://good.test:{port}/a")

    assert (public.connections, internal.connections) == (0, 0)


@pytest.mark.parametrize("address", FORBIDDEN)
async def test_no_address_of_t_10_is_dialled_as_a_dns_answer(address: str) -> None:
    """T-10, V-M24, V-F01, V-F07, V-F14."""
    opened: list[object] = []
    resolver = GuardedResolver(lookup=Names([address]), allowed_networks=(), static_hosts={})
    async with ProtocolClient(ClientSettings("Talanoa/test"), lookup=Names([address])) as client:
        with pytest.raises(Refused):
            await get(client, "https://evil.test/")
    with pytest.raises(Refused):
        opened.append(resolver.open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))))

    assert opened == []


async def test_a_name_without_address_is_a_passing_failure() -> None:
    async with ProtocolClient(settings(), lookup=Names([])) as client:
        with pytest.raises(Unreachable, match="dns"):
            await get(client, "http://nobody.test/a")


async def test_a_fixed_name_leads_nowhere_that_is_not_allowed() -> None:
    async with (
        listening(INTERNAL) as (internal, port),
        ProtocolClient(settings(static_hosts={"a.test": (INTERNAL, port)}), lookup=Names([])) as client,
    ):
        with pytest.raises(Refused):
            await get(client, "http://a.test/a")

    assert internal.connections == 0


async def test_a_fixed_name_needs_no_port_in_its_urls_and_no_dns() -> None:
    names = Names([])
    async with (
        listening(PUBLIC) as (public, port),
        ProtocolClient(settings(static_hosts={"a.test": (PUBLIC, port)}), lookup=names) as client,
    ):
        await get(client, "http://a.test/a")

    assert names.asked == []
    assert b"host: a.test\r\n" in public.requests[0].lower()


async def test_an_address_in_the_url_is_checked_although_no_name_is_resolved() -> None:
    async with listening(INTERNAL) as (internal, port), ProtocolClient(settings(), lookup=Names([])) as client:
        with pytest.raises(Refused):
            await get(client, f"http://127.0.0.1:{port}/a")

    assert internal.connections == 0


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
async def test_a_proxy_in_the_environment_is_not_used(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """V-O03, T-44."""
    network = Network(now=clock.now)
    async with (
        listening(INTERNAL) as (server, port),
        listening(INTERNAL) as (proxy, proxy_port),
        ProtocolClient(network.client_settings()) as client,
    ):
        network.place("mastodon.test", port)
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy_port}")
        await get(client, "http://mastodon.test/a")

    assert (server.connections, proxy.connections) == (1, 0)


async def test_the_system_knows_localhost_and_the_guard_refuses_it() -> None:
    async with listening(INTERNAL) as (internal, port), ProtocolClient(settings()) as client:
        with pytest.raises(Refused):
            await client.get_document(
                f"http://localhost:{port}/", key=None, admit=admit_all, budget=Budget(), now=START
            )

    assert internal.connections == 0
