"""A small internet on loopback: names, made-up servers on them, and the way to each."""

import asyncio
import io
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from federation.client import ClientSettings, Deadlines
from tests.peers.cavage import Message
from tests.peers.flavours import MASTODON, Flavour
from tests.peers.peer import Peer
from tests.peers.values import Reply

LOOPBACK = "127.0.0.1"
OUR_AGENT = "Talanoa/test (+https://home.example/)"


@dataclass(frozen=True)
class Place:
    """Where a name is reached."""

    address: str
    port: int
    tls: bool


class Network:
    """Names and servers of one test.

    Args:
        now: what the peers take for the present.
        tls: peers speak https with certificates of a made-up authority; otherwise http, always
            without a port in their URLs.
    """

    def __init__(self, *, now: Callable[[], datetime], folder: Path | None = None, tls: bool = False) -> None:
        self.now = now
        self.scheme = "https" if tls else "http"
        self.authority = trustme.CA() if tls else None
        self.static_hosts: dict[str, tuple[str, int]] = {}
        self.ca_file = self._write_authority(folder)
        self._places: dict[str, Place] = {}
        self._peers: list[Peer] = []
        self._session: aiohttp.ClientSession | None = None

    async def peer(self, host: str, flavour: Flavour = MASTODON) -> Peer:
        """Start a server called `host`."""
        peer = Peer(host, flavour, network=self)
        port = await peer.start(self.server_context(host))
        self.place(host, port, tls=self.authority is not None)
        self._peers.append(peer)
        return peer

    def place(self, host: str, port: int, *, address: str = LOOPBACK, tls: bool = False) -> None:
        """Say where `host` is reached: a peer, or the node under test, which may have an https name all the same."""
        self.static_hosts[host] = (address, port)
        self._places[host] = Place(address, port, tls)

    def server_context(self, host: str) -> ssl.SSLContext | None:
        """Return what a server called `host` needs for TLS; None where the network has none."""
        if self.authority is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(host).configure_cert(context)
        return context

    def client_settings(self, deadlines: Deadlines | None = None) -> ClientSettings:
        """Return settings with which our client reaches this network, and nothing else."""
        return ClientSettings(
            user_agent=OUR_AGENT,
            allowed_networks=(ip_network("127.0.0.0/8"),),
            static_hosts=self.static_hosts,
            relaxed=self.authority is None,
            ca_file=self.ca_file,
            deadlines=deadlines or Deadlines(connect=2, fetch=5, deliver=5),
        )

    def static_hosts_setting(self) -> str:
        """Return the names as `TALANOA_STATIC_HOSTS` spells them."""
        return ",".join(f"{name}={address}:{port}" for name, (address, port) in self.static_hosts.items())

    async def send(self, message: Message) -> Reply:
        """Send a request from one of the peers and return the answer, status 0 if nobody has that name."""
        url = URL(message.url, encoded=True)
        place = self._places.get(url.host or "")
        if place is None:
            return Reply(0, body=f"nobody is called {url.host}".encode())
        dialled = f"{'https' if place.tls else 'http'}://{url.host}:{place.port}{message.target}"
        session = self._session or self._open_session()
        headers = {"host": message.authority} | dict(message.headers)
        async with session.request(
            message.method,
            URL(dialled, encoded=True),
            headers=headers,
            data=io.BytesIO(message.body) if message.body else None,
            allow_redirects=False,
        ) as answer:
            lowered = {name.lower(): value for name, value in answer.headers.items()}
            return Reply(answer.status, lowered, await answer.read())

    async def close(self) -> None:
        """Stop all servers and connections."""
        if self._session is not None:
            await self._session.close()
        await asyncio.gather(*(peer.stop() for peer in self._peers))

    def _open_session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=_Names(self._places), use_dns_cache=False, ssl=self._client_context() or True, limit=0
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=20),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Content-Type"),
        )
        return self._session

    def _client_context(self) -> ssl.SSLContext | None:
        if self.authority is None:
            return None
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    def _write_authority(self, folder: Path | None) -> str | None:
        if self.authority is None:
            return None
        assert folder is not None, "a network with TLS needs a folder for its authority"
        path = folder / "authority.pem"
        path.write_bytes(self.authority.cert_pem.bytes())
        return str(path)


class _Names(AbstractResolver):
    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        place = self._places[host]
        return [
            {
                "hostname": host,
                "host": place.address,
                "port": place.port,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
        ]

    async def close(self) -> None:
        """Nothing is kept."""


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(talk: Talk, *, address: str = LOOPBACK, port: int = 0) -> AsyncIterator[int]:
    """Give the port of a server that speaks bytes; its conversations end with it."""
    under_way: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(converse(reader, writer))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    server = await asyncio.start_server(begin, address, port)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


def real_now() -> datetime:
    """Return the present, for networks whose node lives in real time."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_network(
    *, now: Callable[[], datetime] = real_now, folder: Path | None = None, tls: bool = False
) -> AsyncIterator[Network]:
    """Give a test a network of its own and stop it at the end."""
    network = Network(now=now, folder=folder, tls=tls)
    try:
        yield network
    finally:
        await network.close()
