"""One guarded connection: uvicorn's HTTP protocol with the limits that it lacks.

uvicorn has no cap on the head of a request, no deadline for it, none for a body that drips,
and no cap on connections that closes the idle ones first. `Guarded` adds these four.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from web.proxies import Networks, is_trusted

_REFUSED_HEAD = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 29\r\n"
    b"connection: close\r\n\r\nThe request head is too large"
)
_LATE = (
    b"HTTP/1.1 408 Request Timeout\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 21\r\n"
    b"connection: close\r\n\r\nThe request took long"
)
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server process allows its clients.

    Args:
        head_bytes: request line and headers together.
        head_fields: number of headers.
        head_seconds: from the connection, or the first byte of a later request, to the end of the head.
        body_seconds: length of the window in which a body must bring `body_rate` bytes a second.
        body_rate: bytes a second.
        surplus_bytes: body bytes read in all before a request that was already answered is cut.
        connections: open at once; the oldest idle one gives way to a new one.
        connections_per_address: the same for one address, proxies excepted.
        keep_alive_seconds: idle time between two requests.
        drain_seconds: how long running requests may take when the server stops.
    """

    head_bytes: int = 32 * 1024
    head_fields: int = 100
    head_seconds: float = 8
    body_seconds: float = 10
    body_rate: int = 1024
    surplus_bytes: int = 1024 * 1024 + 64 * 1024
    connections: int = 1000
    connections_per_address: int = 100
    keep_alive_seconds: int = 15
    drain_seconds: int = 10


class GuardedConfig(uvicorn.Config):
    """uvicorn's settings with our limits and the open connections, oldest first."""

    def __init__(self, app: Any, limits: Limits, proxies: Networks = ()) -> None:
        super().__init__(
            app,
            http=Guarded,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=limits.keep_alive_seconds,
            timeout_graceful_shutdown=limits.drain_seconds,
        )
        self.limits = limits
        self.proxies = proxies
        self.open: dict[Guarded, None] = {}
        self.by_address: dict[str, dict[Guarded, None]] = {}

    def crowd(self, address: str) -> dict["Guarded", None] | None:
        """Return the connections of which one must go before `address` may have another, or None."""
        mine = self.by_address.get(address, {})
        if len(mine) >= self.limits.connections_per_address and not is_trusted(address, self.proxies):
            return mine
        return self.open if len(self.open) >= self.limits.connections else None

    def add(self, connection: "Guarded") -> None:
        """Count a connection."""
        self.open[connection] = None
        self.by_address.setdefault(connection.peer, {})[connection] = None

    def drop(self, connection: "Guarded") -> None:
        """Count a connection no longer."""
        self.open.pop(connection, None)
        mine = self.by_address.get(connection.peer, {})
        mine.pop(connection, None)
        if not mine:
            self.by_address.pop(connection.peer, None)


@dataclass(slots=True)
class _Reading:
    """How far the request that is arriving has come."""

    in_head: bool = True
    head_bytes: int = 0
    head_fields: int = 0
    body_bytes: int = 0
    window_bytes: int = 0
    too_large: bool = False


class Guarded(HttpToolsProtocol):
    """One connection, kept within `Limits`."""

    config: GuardedConfig

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection if there is room, or after an idle one made room."""
        self._reading = _Reading()
        self._deadline: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        self.peer = self.client[0] if self.client else ""
        crowd = self.config.crowd(self.peer)
        if crowd is not None and not _made_room(crowd):
            transport.write(_FULL)
            transport.close()
            return
        self.config.add(self)
        self._arm(self.config.limits.head_seconds, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.config.drop(self)
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser unless the head has grown too large."""
        if self.transport.is_closing():
            return
        was_in_head = self._reading.in_head
        super().data_received(data)
        if was_in_head and self._reading.in_head:
            self._reading.head_bytes += len(data)
            if self._reading.head_bytes > 2 * self.config.limits.head_bytes:
                self._refuse_head()

    def on_message_begin(self) -> None:
        """Start the clock for the head of this request."""
        self._reading = _Reading()
        self._arm(self.config.limits.head_seconds, self._head_is_late)
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count the request line."""
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count one header."""
        self._reading.head_fields += 1
        self._count_head(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start the clock for the body."""
        self._reading.in_head = False
        self._arm(self.config.limits.body_seconds, self._check_rate)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count the body; cut a client that goes on long after it was answered."""
        self._reading.body_bytes += len(body)
        self._reading.window_bytes += len(body)
        answered = self.cycle is not None and self.cycle.response_complete
        if answered and self._reading.body_bytes > self.config.limits.surplus_bytes:
            self.transport.abort()
            return
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole: no deadline any more."""
        self._disarm()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer 431 where the head was too large, 400 otherwise."""
        if self.transport.is_closing():
            return
        if self._reading.too_large:
            self._close_with(_REFUSED_HEAD)
        else:
            super().send_400_response(msg)

    def is_idle(self) -> bool:
        """Say whether no request is being worked on."""
        return self.cycle is None or self.cycle.response_complete

    def _count_head(self, count: int) -> None:
        limits = self.config.limits
        self._reading.head_bytes += count
        if self._reading.head_bytes > limits.head_bytes or self._reading.head_fields > limits.head_fields:
            self._reading.too_large = True
            raise ValueError("request head too large")  # the parser turns it into send_400_response

    def _refuse_head(self) -> None:
        self._reading.too_large = True
        self._close_with(_REFUSED_HEAD)

    def _head_is_late(self) -> None:
        if not self.transport.is_closing():
            self._close_with(_LATE if self._reading.head_bytes else b"")

    def _check_rate(self) -> None:
        limits = self.config.limits
        slow = self._reading.window_bytes < limits.body_rate * limits.body_seconds
        if slow and not self.flow.read_paused and not self.transport.is_closing():
            started = self.cycle is not None and self.cycle.response_started
            self._close_with(b"" if started else _LATE)
            return
        self._reading.window_bytes = 0
        self._arm(limits.body_seconds, self._check_rate)

    def _close_with(self, answer: bytes) -> None:
        if answer:
            self.transport.write(answer)
        self.transport.close()

    def _arm(self, seconds: float, late: Callable[[], None]) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(seconds, late)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _made_room(crowd: dict[Guarded, None]) -> bool:
    for other in crowd:
        if other.is_idle():
            other.transport.abort()
            other.config.drop(other)
            return True
    return False
