"""Names for the ways in which a server can fail to answer."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import httpx

from federation.errors import Malformed, Refused

CLOSED = "closed"

Kinds = tuple[tuple[tuple[type[BaseException], ...], str], ...]

_KINDS: Kinds = (
    ((aiohttp.ClientConnectorDNSError,), "dns"),
    ((aiohttp.ClientSSLError, ssl.SSLError), "tls"),
    ((aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError), "connect"),
    ((TimeoutError, asyncio.TimeoutError), "timeout"),
    ((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, ConnectionError), CLOSED),
)


class NoAnswer(httpx.TransportError):
    """The server gave no usable HTTP answer.

    Attributes:
        reason: dns, connect, tls, timeout, closed (before an answer) or broken (not HTTP, or cut off).
    """

    def __init__(self, reason: str, details: str = "") -> None:
        super().__init__(f"{reason}: {details}" if details else reason)
        self.reason = reason


class NoRoom(Exception):
    """This machine has no socket or memory left: that says nothing of the other side."""


@contextmanager
def named_failures() -> Iterator[None]:
    """Turn whatever the network library raises into NoAnswer, and a URL it can't read into Malformed."""
    try:
        yield
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, httpx.InvalidURL) as error:
        raise Malformed("a URL that cannot be asked") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        _raise_own(error)
        raise NoAnswer(reason_of(error), _short(error)) from error


def reason_of(error: BaseException) -> str:
    """Return the one word for `error`."""
    for kinds, reason in _KINDS:
        if isinstance(error, kinds):
            return reason
    return "broken"


def _raise_own(error: BaseException) -> None:
    """Let the guard's refusal through if the library wrapped it."""
    cause = error.__cause__
    if isinstance(cause, Refused):
        raise cause


def _short(error: BaseException) -> str:
    return f"{type(error).__name__} {error}"[:200]
