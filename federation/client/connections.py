"""Connections for deliveries: dialled to a checked address, one request at a time, nothing of the answer kept.

A connection that gets bytes nobody asked for is closed, so that no answer is ever taken for that to another request.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Sequence
from typing import cast

import aiohappyeyeballs
from aiohttp.abc import ResolveResult

from federation.client.answers import AnswerReader, BadAnswer
from federation.client.failures import CLOSED, NoAnswer, NoRoom
from federation.client.resolver import GuardedResolver
from federation.names import Origin

DRAIN_SECONDS = 2.0
"""How long a body may take after its head: it is only read to keep the connection."""
SECOND_ADDRESS_AFTER = 0.25
FAREWELL_SECONDS = 1.0
_SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EADDRNOTAVAIL})

_AddressInfo = tuple[int, int, int, str, tuple[str, int]]


class Connection(asyncio.Protocol):
    """One connection to one origin."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._reader: AnswerReader | None = None
        self._answered: asyncio.Future[AnswerReader] | None = None
        self._drain: asyncio.TimerHandle | None = None
        self.idle_since = 0.0

    @property
    def is_open(self) -> bool:
        """Tell whether another request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    async def exchange(self, data: bytes) -> AnswerReader:
        """Send a whole request and return its answer, with a status at least.

        Raises:
            NoAnswer: closed before a byte of an answer, or broken.
        """
        transport = self._transport
        if transport is None or transport.is_closing():
            raise NoAnswer(CLOSED, "before the request")
        self._reader = AnswerReader()
        self._answered = self._loop.create_future()
        transport.write(data)
        try:
            return await self._answered
        finally:
            self._rest(transport)

    def _rest(self, transport: asyncio.Transport) -> None:
        """Be ready for the next request, or end: whatever is half said stays unsaid."""
        reader, self._reader, self._answered = self._reader, None, None
        if self._drain is not None:
            self._drain.cancel()
            self._drain = None
        is_clean = reader is not None and reader.is_complete and reader.may_stay
        if not is_clean or transport.get_write_buffer_size():
            self.close()
        self.idle_since = self._loop.time()

    def close(self) -> None:
        """Cut the connection; nothing is waited for."""
        if self._transport is not None:
            self._transport.abort()

    def leave(self) -> None:
        """Close an idle connection in good order."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out; called by the loop."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Read on in the answer; called by the loop."""
        reader = self._reader
        if reader is None:
            self.close()
            return
        try:
            reader.feed(data)
        except BadAnswer as error:
            self._fail(NoAnswer("broken", str(error)))
            return
        if reader.is_full:
            self._finish()
        elif reader.status and self._drain is None:
            self._drain = self._loop.call_later(DRAIN_SECONDS, self._finish)

    def eof_received(self) -> bool:
        """Close: a peer that has said its last answers nothing more; called by the loop."""
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """Let whoever waits know; called by the loop."""
        self._transport = None
        reader = self._reader
        if reader is None:
            return
        if reader.status:
            self._finish()
        else:
            self._fail(NoAnswer("broken" if reader.has_begun else CLOSED, str(error or "")[:200]))

    def _finish(self) -> None:
        if self._answered is not None and not self._answered.done() and self._reader is not None:
            self._answered.set_result(self._reader)

    def _fail(self, failure: NoAnswer) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(failure)


class Dialler:
    """Opens connections: every address is checked by the guard, again when its socket is made."""

    def __init__(self, resolver: GuardedResolver, context: ssl.SSLContext, *, seconds: float) -> None:
        self._resolver = resolver
        self._context = context
        self._seconds = seconds

    async def dial(self, origin: Origin) -> Connection:
        """Return a new connection; for https with a certificate that names the host.

        Raises:
            Refused: the guard forbids an address.
            NoAnswer: dns, connect or tls.
            NoRoom: this machine has no socket left.
        """
        scheme, host, port = origin
        try:
            found = await self._resolver.resolve(host, port)
        except OSError as error:
            raise NoAnswer("dns", str(error)[:200]) from error
        opened = await self._connected(found)
        return await self._greeted(opened, host if scheme == "https" else None)

    async def _connected(self, found: Sequence[ResolveResult]) -> socket.socket:
        infos = [_address_info(each) for each in found]
        try:
            async with asyncio.timeout(self._seconds):
                if len(infos) == 1:
                    return await self._connected_to(infos[0])
                return await aiohappyeyeballs.start_connection(
                    infos, happy_eyeballs_delay=SECOND_ADDRESS_AFTER, socket_factory=self._resolver.open_socket
                )
        except OSError as error:
            if error.errno in _SHORTAGES:
                raise NoRoom(str(error)) from error
            raise NoAnswer("connect", f"{type(error).__name__} {error}"[:200]) from error

    async def _connected_to(self, info: _AddressInfo) -> socket.socket:
        opened = self._resolver.open_socket(info)
        try:
            await asyncio.get_running_loop().sock_connect(opened, info[4])
        except BaseException:
            opened.close()
            raise
        return opened

    async def _greeted(self, opened: socket.socket, tls_name: str | None) -> Connection:
        loop = asyncio.get_running_loop()
        connection = Connection(loop)
        try:
            if tls_name is None:
                await loop.create_connection(lambda: connection, sock=opened)
                return connection
            await loop.create_connection(
                lambda: connection,
                sock=opened,
                ssl=self._context,
                server_hostname=tls_name,
                ssl_shutdown_timeout=FAREWELL_SECONDS,
            )
        except OSError as error:
            opened.close()
            raise NoAnswer("tls" if tls_name else "connect", f"{type(error).__name__} {error}"[:200]) from error
        return connection


def _address_info(found: ResolveResult) -> _AddressInfo:
    return found["family"], socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (found["host"], found["port"])
