"""What the raw front and its handlers exchange. Pure values; Quart is not involved."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from federation.http import Headers, Request

_NO_PARTS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request at the front.

    Args:
        request: method, our public URL (never the Host header), headers, body.
        path: the path as it came, still percent-encoded, without the query.
        parts: the varying parts of the rule by name.
        address: who is at the other end, by the configured proxies only.
    """

    request: Request
    path: str
    parts: Mapping[str, str]
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a raw handler answers; security headers are added by the front.

    Args:
        keep: everybody who asks for the same address with the same Accept and without a signature gets the same.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    keep: bool = False


Handler = Callable[[Incoming], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class RawRoute:
    """A handler and what it takes.

    Args:
        rule: as in the route table.
        handler: called with the whole request.
        body_bytes: the largest body; 0 for routes that take none.
        media_types: what Content-Type may say, without parameters; empty for routes that take no body.
    """

    rule: str
    method: str
    handler: Handler
    body_bytes: int = 0
    media_types: frozenset[str] = field(default_factory=frozenset)
