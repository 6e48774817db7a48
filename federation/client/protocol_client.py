"""The one way out of the node: signed GETs and POSTs to other servers.

Every call has a total deadline, a cap on decoded bytes and a guard on each hop and each dialled address, and
ends in a value or a named error.
"""

from datetime import datetime
from types import TracebackType

from federation.client.connections import Dialler
from federation.client.delivering import Courier
from federation.client.fetching import Errand, Fetcher, Order
from federation.client.media_types import require_activity, require_any, require_json
from federation.client.resolver import Lookup
from federation.client.transport import GuardedTransport
from federation.client.values import (
    ACCEPT_ACTIVITY,
    ACTIVITY_TYPE,
    JSON_BYTES,
    Admit,
    Answer,
    Budget,
    ClientSettings,
    Document,
    Signing,
)
from federation.guard import check_url
from federation.http import Request
from federation.keys import PrivateKey
from federation.names import canonical_uri, host_of
from federation.signatures import sign


class ProtocolClient:
    """Speaks to other servers; built once a process, used from one event loop, closed at its end."""

    def __init__(self, settings: ClientSettings, *, lookup: Lookup | None = None) -> None:
        """Prepare, without opening anything.

        Args:
            lookup: asks DNS; None for the resolver of the system.
        """
        self._settings = settings
        self._headers = (
            ("content-type", ACTIVITY_TYPE),
            ("accept", ACCEPT_ACTIVITY),
            ("user-agent", settings.user_agent),
        )
        self._transport = GuardedTransport(settings, lookup=lookup)
        self._fetcher = Fetcher(self._transport, settings)
        transport = self._transport
        dialler = Dialler(transport.resolver, transport.context, seconds=settings.deadlines.connect)
        self._courier = Courier(settings, dialler)

    @property
    def settings(self) -> ClientSettings:
        """Return how this client was set up."""
        return self._settings

    async def get_document(
        self, url: str, *, key: PrivateKey | None, admit: Admit, budget: Budget, now: datetime
    ) -> Document:
        """Return the ActivityPub document at `url`.

        The document's `id` is not looked at: the caller compares it with `Document.url`.

        Args:
            key: signs the request, draft-cavage first and after a 401 once more by RFC 9421.
            admit: asked with the host of every hop; raises Refused.
            budget: what may be spent, shared by all calls of one cause.
            now: aware UTC, the time of the signature.

        Raises:
            Malformed: no URL, another content type, more than 1 MiB, a broken body.
            Refused: by `admit`, the guard, the budget or the other side; a redirect to another origin.
            NotFound: 404. Gone: 410.
            Unreachable: no answer, or 408, 425, 429, 5xx.

        Spec: ActivityPub §3.2; FEP-fe34.
        """
        order = Order(ACCEPT_ACTIVITY, require_activity, JSON_BYTES, one_origin=True, key=key, now=now)
        return await self._fetcher.fetch(url, Errand(order, admit, budget))

    async def get_json(
        self, url: str, *, accept: str, admit: Admit, budget: Budget, max_bytes: int = JSON_BYTES
    ) -> Document:
        """Return an unsigned JSON document: WebFinger (at most JRD_BYTES) or NodeInfo.

        It may come from another host after a redirect, so whatever it claims must round-trip.

        Raises:
            as `get_document`.
        """
        order = Order(accept, require_json, max_bytes)
        return await self._fetcher.fetch(url, Errand(order, admit, budget))

    async def get_bytes(self, url: str, *, accept: str, admit: Admit, budget: Budget, max_bytes: int) -> Document:
        """Return a file of any type, for whoever looks at its bytes and not at what it is called.

        Raises:
            as `get_document`.
        """
        order = Order(accept, require_any, max_bytes)
        return await self._fetcher.fetch(url, Errand(order, admit, budget))

    async def post(self, url: str, body: bytes, *, signing: Signing, admit: Admit) -> Answer:
        """Deliver `body` to the inbox `url`; no redirect is followed.

        Args:
            signing: its time is the moment of sending, for some servers allow only 300 s.
            admit: asked with the host; raises Refused.

        Returns:
            what was answered; status 0 and the reason if nobody answered.

        Raises:
            Malformed: `url` is no canonical URL.
            Refused: by `admit` or the guard; trying again would not help.
            NoRoom: this machine has no socket left; the other side is not to blame.

        Spec: ActivityPub §7; draft-cavage-http-signatures-12; RFC 9421.
        """
        uri = check_url(canonical_uri(url, relaxed=self._settings.relaxed), relaxed=self._settings.relaxed)
        admit(host_of(uri))
        bare = Request("POST", uri.without_fragment, (*self._headers, *signing.headers), body)
        request = sign(bare, signing.key, scheme=signing.scheme, now=signing.now)
        return await self._courier.deliver(request, uri, now=signing.now)

    async def aclose(self) -> None:
        """Close all connections."""
        self._courier.close()
        await self._transport.aclose()

    async def __aenter__(self) -> "ProtocolClient":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
