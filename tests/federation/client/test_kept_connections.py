"""Connections of deliveries on real sockets: kept, shared, given up, never believed twice. F-29, V-F13."""

import asyncio
import errno
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from federation.client import Answer, Deadlines, ProtocolClient
from federation.client.failures import NoRoom
from federation.errors import Refused
from tests.federation.client.test_delivering import BODY, CAVAGE, post
from tests.network import Network, raw_server

OK = b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"
QUICK = Deadlines(connect=0.2, deliver=0.3)
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Speaks bytes: after each whole request whatever `answers` gives next, the last one again and again."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.connections = 0
        self.requests: list[bytes] = []
        self.closed = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(head + await reader.readexactly(len(BODY)))
                writer.write(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
                await writer.drain()
        finally:
            self.closed.set()


async def told(network: Network, talk: Talk, times: int = 1, deadlines: Deadlines | None = None) -> list[Answer]:
    """Deliver so often, one after another."""
    async with raw_server(talk) as port:
        network.place("peer.test", port)
        async with ProtocolClient(network.client_settings(deadlines)) as client:
            return [await post(client) for _ in range(times)]


async def test_bytes_that_nobody_asked_for_are_never_the_next_answer(network: Network) -> None:
    """A second answer behind the first would otherwise end the next delivery."""
    server = Server(OK + b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n", OK)

    assert await told(network, server, 2) == [Answer(202)] * 2
    assert server.connections == 2


async def test_an_answer_on_an_idle_connection_is_never_the_next_answer(network: Network) -> None:
    """It is cut as soon as a byte comes that nobody asked for."""
    go_on, was_cut = asyncio.Event(), asyncio.Event()
    connections: list[int] = []

    async def talkative(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(len(BODY))
        writer.write(OK)
        await go_on.wait()
        writer.write(b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n")
        with suppress(ConnectionError):
            await reader.read()
        was_cut.set()

    async with raw_server(talkative) as port, ProtocolClient(network.client_settings()) as client:
        network.place("peer.test", port)
        first = await post(client)
        go_on.set()
        await was_cut.wait()
        second = await post(client)

    assert (first, second, len(connections)) == (Answer(202), Answer(202), 2)


async def test_one_connection_carries_one_delivery_after_another(network: Network) -> None:
    server = Server(OK)

    assert await told(network, server, 5) == [Answer(202)] * 5
    assert server.connections == 1
    assert all(each.startswith(b"POST /users/ada/inbox HTTP/1.1\r\n") for each in server.requests)
    assert all(each.endswith(BODY) for each in server.requests)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 202 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.0 202 OK\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 202 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 202 OK\r\ncontent-length: 100000000\r\n\r\n" + b"x" * 20_000,
    ],
)
async def test_a_connection_that_cannot_be_trusted_again_is_closed(network: Network, answer: bytes) -> None:
    server = Server(answer)

    assert await told(network, server, 2) == [Answer(202)] * 2
    assert server.connections == 2


@pytest.mark.parametrize("answer", [b"garbage\r\n\r\n", b"HTTP/1.1 202", b"HTTP/1.1 100 Continue\r\n\r\n" * 20])
async def test_no_answer_is_made_of_garbage(network: Network, answer: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    (found,) = await told(network, talk)

    assert (found.status, (found.error or "").partition(":")[0]) == (0, "broken")


async def test_an_interim_answer_and_then_silence_is_a_timeout(network: Network) -> None:
    """The 100-continue stall."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await asyncio.Event().wait()

    assert await told(network, talk, deadlines=QUICK) == [Answer(0, error="timeout")]


async def test_an_answer_before_the_body_was_read_counts(network: Network) -> None:
    async def hasty(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        writer.write(b"HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()

    assert await told(network, hasty) == [Answer(413)]


async def test_a_hundred_megabytes_of_answer_are_not_read(network: Network) -> None:
    """V-F13: 16 KiB at most, then the connection is cut."""
    sent: list[int] = []

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n")
        for _ in range(1600):
            writer.write(b"x" * 65536)
            await writer.drain()
            sent.append(65536)

    assert await told(network, pour) == [Answer(200)]
    assert sum(sent) < 32 * 1024 * 1024


async def test_an_idle_connection_is_closed_after_its_time(network: Network) -> None:
    server = Server(OK)
    settings = network.client_settings()
    brief = type(settings)(
        settings.user_agent, settings.allowed_networks, settings.static_hosts, relaxed=True, keep_idle_seconds=0.02
    )
    async with raw_server(server) as port, ProtocolClient(brief) as client:
        network.place("peer.test", port)
        await post(client)
        async with asyncio.timeout(10):
            await server.closed.wait()

    assert server.connections == 1


async def test_no_more_connections_are_kept_than_allowed(network: Network) -> None:
    """The longest unused goes first; a socket each for a thousand hosts is not for everybody."""
    server = Server(OK)
    settings = network.client_settings()
    few = type(settings)(
        settings.user_agent, settings.allowed_networks, settings.static_hosts, relaxed=True, connections=2
    )
    async with raw_server(server) as port, ProtocolClient(few) as client:
        for number in (1, 2, 3, 3, 2, 1):
            network.place(f"host{number}.test", port)
            assert await post(client, f"http://host{number}.test/inbox") == Answer(202)
        assert client._courier._pool._idle == 2

    assert server.connections == 4


async def test_a_machine_without_sockets_does_not_blame_the_host(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-26: what is missing here is no failure of theirs."""

    def none_left(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    async with ProtocolClient(network.client_settings()) as client:
        network.place("peer.test", 9)
        monkeypatch.setattr(client._transport.resolver, "open_socket", none_left)
        with pytest.raises(NoRoom):
            await post(client)


async def test_the_last_look_at_an_address_is_at_the_socket(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """T-32: even if a name were resolved past the guard, no socket would be made."""
    async with ProtocolClient(network.client_settings()) as client:
        resolver = client._transport.resolver

        async def past_the_guard(host: str, port: int) -> list[dict[str, object]]:
            return [{"host": "10.0.0.1", "port": port, "family": 2}]

        monkeypatch.setattr(resolver, "resolve", past_the_guard)
        with pytest.raises(Refused):
            await client.post("http://peer.test/inbox", BODY, signing=CAVAGE, admit=lambda host: None)
