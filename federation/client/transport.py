"""The wire under the httpx API: aiohttp's connections, dialled only to checked addresses.

httpx's own pool gets slower with every idle connection, aiohttp's doesn't. Redirects, cookies, proxies,
decompression and retries of the library are off: what happens on the wire is decided in this package.
"""

import ssl
from collections.abc import AsyncIterator, Sequence

import aiohttp
import httpx
from multidict import CIMultiDict
from yarl import URL

from federation.client.failures import named_failures
from federation.client.resolver import GuardedResolver, Lookup, SystemLookup
from federation.client.values import ClientSettings

_OWN_HEADERS_ONLY = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
_HEADER_BYTES = 16 * 1024
_MOST_HEADERS = 128


def trusted_context(ca_file: str | None = None) -> ssl.SSLContext:
    """Return the TLS settings for all connections: names and chains verified, TLS 1.2 or later.

    Args:
        ca_file: PEM file that replaces the authorities of the system; costs about 20 ms, once a process.
    """
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends one request and streams its answer, raw: nothing is followed, decoded or repeated.

    Attributes:
        resolver: names to checked addresses; deliveries dial by it, too.
        context: the TLS settings of this process.
    """

    def __init__(self, settings: ClientSettings, *, lookup: Lookup | None = None) -> None:
        self._settings = settings
        self._system = SystemLookup() if lookup is None else None
        self.resolver = GuardedResolver(
            lookup=lookup or self._system_lookup,
            allowed_networks=settings.allowed_networks,
            static_hosts=settings.static_hosts,
        )
        self.context = trusted_context(settings.ca_file)
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` as it stands.

        Raises:
            Refused: the guard forbids the address.
            NoAnswer: nobody answered, with the reason's name.
            Malformed: the URL cannot be asked.
        """
        with named_failures():
            answer = await self._send(request)
        headers = [(name, value) for name, value in answer.raw_headers]
        return httpx.Response(answer.status, headers=headers, stream=_Stream(answer))

    async def _send(self, request: httpx.Request) -> aiohttp.ClientResponse:
        session = self._session or self._open_session()
        headers = CIMultiDict((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
        return await session.request(
            request.method,
            URL(str(request.url), encoded=True),
            headers=headers,
            data=request.content or None,
            allow_redirects=False,
        )

    def _open_session(self) -> aiohttp.ClientSession:
        settings = self._settings
        connector = aiohttp.TCPConnector(
            resolver=self.resolver,
            use_dns_cache=False,
            ssl=self.context,
            limit=settings.connections,
            limit_per_host=settings.per_host,
            keepalive_timeout=settings.keep_idle_seconds,
            socket_factory=self.resolver.open_socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=settings.deadlines.connect),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=_OWN_HEADERS_ONLY,
            auto_decompress=False,
            trust_env=False,
            max_line_size=_HEADER_BYTES,
            max_field_size=_HEADER_BYTES,
            max_headers=_MOST_HEADERS,
        )
        return self._session

    async def _system_lookup(self, host: str) -> Sequence[str]:
        if self._system is None:
            raise OSError("closed")
        return await self._system(host)

    async def aclose(self) -> None:
        """Close all connections; a later request would open new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        if self._system is not None:
            self._system.close()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with named_failures():
            async for chunk in self._answer.content.iter_any():
                yield chunk

    async def aclose(self) -> None:
        """Keep the connection if the body was read to its end, drop it otherwise."""
        if self._answer.content.at_eof():
            self._answer.release()
        else:
            self._answer.close()
