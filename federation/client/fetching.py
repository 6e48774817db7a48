"""GETs: redirects followed by hand, each hop guarded, admitted, counted and signed anew."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import httpx

from federation.client.body import ACCEPT_ENCODING, read_capped
from federation.client.failures import NoAnswer
from federation.client.retry_after import retry_after_seconds
from federation.client.transport import GuardedTransport
from federation.client.values import REDIRECTS, Admit, Budget, ClientSettings, Document
from federation.errors import Gone, Malformed, NotFound, ProtocolError, Refused, Unreachable
from federation.guard import check_redirect, check_url
from federation.http import Request
from federation.keys import PrivateKey
from federation.names import Uri, canonical_uri, host_of, same_origin
from federation.signatures import Scheme, sign

RequireType = Callable[[str | None], str]

_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Order:
    """What a GET asks for.

    Args:
        require_type: returns the content type or raises Malformed.
        most_bytes: largest decoded body.
        one_origin: a redirect to another origin is refused.
        key: signs every hop; None for an unsigned request.
        now: aware UTC, the time of the signature.
    """

    accept: str
    require_type: RequireType
    most_bytes: int
    one_origin: bool = False
    key: PrivateKey | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """One GET under way: what is asked for, who may be asked, and what it may cost."""

    order: Order
    admit: Admit
    budget: Budget


class Fetcher:
    """Carries out GETs over one transport."""

    def __init__(self, transport: GuardedTransport, settings: ClientSettings) -> None:
        self._transport = transport
        self._settings = settings

    async def fetch(self, url: str, errand: Errand) -> Document:
        """Return the document at `url` within deadline and budget.

        Raises:
            Malformed, Refused, NotFound, Gone, Unreachable: see ProtocolClient.get_document.
        """
        uri = canonical_uri(url, relaxed=self._settings.relaxed)
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(min(self._settings.deadlines.fetch, errand.budget.seconds_left)):
                return await self._follow(uri, errand)
        except TimeoutError as error:
            raise Unreachable(f"{uri.authority}: timeout") from error
        except NoAnswer as failure:
            raise Unreachable(f"{uri.authority}: {failure}") from failure
        finally:
            errand.budget.take_seconds(loop.time() - started)

    async def _follow(self, uri: Uri, errand: Errand) -> Document:
        seen = {uri.without_fragment}
        for _ in range(REDIRECTS):
            found = await self._ask(uri, errand)
            if isinstance(found, Document):
                return found
            uri = _allowed_step(uri, found, one_origin=errand.order.one_origin)
            if uri.without_fragment in seen:
                raise Refused(f"{uri.authority} redirects in a circle")
            seen.add(uri.without_fragment)
        last = await self._ask(uri, errand)
        if isinstance(last, Document):
            return last
        raise Refused(f"{uri.authority} redirects more than {REDIRECTS} times")

    async def _ask(self, uri: Uri, errand: Errand) -> Document | Uri:
        """Ask once, and once more in the other scheme if the first signature was not understood."""
        if errand.order.key is None:
            async with self._open(uri, errand, scheme=None) as answer:
                return await self._read(uri, answer, errand)
        async with self._open(uri, errand, scheme=Scheme.CAVAGE) as answer:
            if answer.status_code != 401:
                return await self._read(uri, answer, errand)
        async with self._open(uri, errand, scheme=Scheme.RFC9421) as answer:
            return await self._read(uri, answer, errand)

    @asynccontextmanager
    async def _open(self, uri: Uri, errand: Errand, *, scheme: Scheme | None) -> AsyncIterator[httpx.Response]:
        check_url(uri, relaxed=self._settings.relaxed)
        errand.admit(host_of(uri))
        errand.budget.take_request()
        request = _signed(Request("GET", uri.without_fragment, self._headers(errand.order)), errand.order, scheme)
        answer = await self._transport.handle_async_request(wire_request(request))
        try:
            yield answer
        finally:
            await answer.aclose()

    def _headers(self, order: Order) -> tuple[tuple[str, str], ...]:
        return (
            ("accept", order.accept),
            ("accept-encoding", ACCEPT_ENCODING),
            ("user-agent", self._settings.user_agent),
        )

    async def _read(self, uri: Uri, answer: httpx.Response, errand: Errand) -> Document | Uri:
        if answer.status_code in _REDIRECTIONS:
            location = answer.headers.get("location")
            return check_redirect(location, came_from=uri, relaxed=self._settings.relaxed)
        if answer.status_code != 200:
            raise _refusal(uri, answer, now=errand.order.now)
        content_type = errand.order.require_type(answer.headers.get("content-type"))
        most_bytes = min(errand.order.most_bytes, errand.budget.bytes_left)
        raw = await read_capped(answer, most_bytes=most_bytes)
        errand.budget.take_bytes(len(raw))
        return Document(uri.without_fragment, raw, content_type, date=answer.headers.get("date", ""))


def wire_request(request: Request) -> httpx.Request:
    """Return `request` for the transport; what is sent is what was signed.

    Raises:
        Malformed: httpx would spell the URL differently, so that a signature over it would not hold.
    """
    return httpx.Request(request.method, _wire_url(request.url), headers=list(request.headers), content=request.body)


@lru_cache(maxsize=4096)
def _wire_url(url: str) -> httpx.URL:
    """Return `url` parsed; the same inboxes are posted to again and again."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise Malformed("a URL that cannot be asked") from error
    if str(parsed) != url:
        raise Malformed(f"a URL that would be sent as {str(parsed)[:200]}")
    return parsed


def _signed(request: Request, order: Order, scheme: Scheme | None) -> Request:
    if scheme is None or order.key is None or order.now is None:
        return request
    return sign(request, order.key, scheme=scheme, now=order.now)


def _allowed_step(came_from: Uri, target: Uri, *, one_origin: bool) -> Uri:
    if one_origin and not same_origin(came_from, target):
        raise Refused(f"{came_from.authority} redirects to {target.authority}")
    return target


def _refusal(uri: Uri, answer: httpx.Response, *, now: datetime | None) -> ProtocolError:
    """Return the error that says what the status means."""
    status = answer.status_code
    text = f"{uri.authority} answered {status}"
    if status == 404:
        return NotFound(text)
    if status == 410:
        return Gone(text)
    if status in _PASSING or status >= 500:
        wait = retry_after_seconds(answer.headers.get("retry-after"), now=now)
        return Unreachable(text) if wait is None else Unreachable(text, retry_after=wait)
    return Refused(text)
