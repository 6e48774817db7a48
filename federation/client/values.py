"""What goes into a call to another server and what comes out of it. Pure values; only `Budget` counts down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from federation.errors import Refused
from federation.guard import Network
from federation.http import Headers
from federation.keys import PrivateKey
from federation.signatures import Scheme

ACTIVITY_TYPE = "application/activity+json"
ACCEPT_ACTIVITY = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
ACCEPT_JRD = "application/jrd+json, application/json"
ACCEPT_JSON = "application/json"

KIBIBYTE = 1024
JSON_BYTES = 1024 * KIBIBYTE
JRD_BYTES = 64 * KIBIBYTE
ANSWER_BYTES = 16 * KIBIBYTE
REDIRECTS = 3

Admit = Callable[[str], None]
"""Asked with the host of every hop before it is contacted; raises Refused to forbid it."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a call may take in all, redirects and body included, in seconds."""

    connect: float = 5.0
    fetch: float = 10.0
    deliver: float = 20.0


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How this node speaks to others.

    Args:
        user_agent: sent with every request, see `user_agent`.
        allowed_networks: opened beside the public addresses.
        static_hosts: host name to (address, port): answered without asking DNS, dialled only inside
            `allowed_networks`.
        relaxed: development: http and other ports.
        ca_file: PEM file with the authorities to trust, None for those of the system (`SSL_CERT_FILE`).
        connections: open at once to everybody; `per_host` to one of them.
        keep_idle_seconds: an unused connection is closed after that.
    """

    user_agent: str
    allowed_networks: tuple[Network, ...] = ()
    static_hosts: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    relaxed: bool = False
    ca_file: str | None = None
    deadlines: Deadlines = Deadlines()
    connections: int = 512
    per_host: int = 4
    keep_idle_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was served.

    Args:
        url: the canonical URL that answered, after redirects, without fragment. Whoever reads an `id` in
            `raw` compares it with this, never with the URL that was asked first.
        raw: the decoded bytes, not yet looked at.
        content_type: the whole header, lower-case media type first.
        date: the Date header, empty if there was none; tells how the other clock goes.
    """

    url: str
    raw: bytes
    content_type: str = ACTIVITY_TYPE
    date: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one delivery attempt.

    Args:
        status: 0 if nobody answered; see `federation.retry.judge`.
        retry_after_seconds: what the other side asked for.
        accepts_rfc9421: it asked for an RFC 9421 signature (`Accept-Signature`).
        error: dns, connect, tls, timeout, closed or broken, then details; None if there was an answer.
    """

    status: int
    retry_after_seconds: int | None = None
    accepts_rfc9421: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Signing:
    """How a request is signed.

    Args:
        now: aware UTC, the moment of sending.
        headers: further headers of this request, lower-case names; a scheme that covers all headers covers them.
    """

    key: PrivateKey
    scheme: Scheme
    now: datetime
    headers: Headers = ()


class Budget:
    """What one cause, an inbound activity for example, may spend on other servers (T-34)."""

    def __init__(self, *, requests: int = 10, body_bytes: int = 2 * 1024 * KIBIBYTE, seconds: float = 20.0) -> None:
        self.requests_left = requests
        self.bytes_left = body_bytes
        self.seconds_left = seconds

    def take_request(self) -> None:
        """Count one request; raise Refused if none is left, in number, bytes or time."""
        if self.requests_left < 1 or self.bytes_left < 1 or self.seconds_left <= 0:
            raise Refused("the budget for other servers is used up")
        self.requests_left -= 1

    def take_bytes(self, count: int) -> None:
        """Count `count` decoded bytes of a body."""
        self.bytes_left -= count

    def take_seconds(self, seconds: float) -> None:
        """Count the duration of a call."""
        self.seconds_left -= seconds


def user_agent(version: str, public_url: str) -> str:
    """Return how we introduce ourselves: product, version and where to find us.

    GoToSocial refuses an empty one; BookWyrm blocks by the host in it.
    """
    return f"Talanoa/{version} (+{public_url.rstrip('/')}/)"
