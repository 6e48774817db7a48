"""The raw ASGI front, mounted before Quart: the host check for everything, and the hot paths.

An inbox POST never reaches Quart: the front reads the body under a cap and a deadline, makes a
`federation.http.Request` whose URL starts with our configured address (never the Host header),
and answers what the handler says. Cookies are never looked at here.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from federation.errors import Malformed
from federation.http import Headers, Request
from federation.signatures import accept_signature_header
from node.errors import TooLarge, TooMany, WrongType
from web.errors import BadHost, Late, MethodNotAllowed, answer_or_problem
from web.kept import Kept, Key, glance, unless_known
from web.proxies import Networks, client_address
from web.raw import Answer, Incoming, RawRoute

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Plain = tuple[Key, bytes]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_SECONDS = 30.0
FINDING = frozenset({"/.well-known/webfinger", "/.well-known/host-meta"})
_PART = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True, slots=True)
class Place:
    """Where this node lives, as configured.

    Args:
        public_url: scheme and host, no slash at the end.
        media_host: the host of MEDIA_URL, only good for `/media/`; empty without one.
        account_host: the host in our handles, only good for finding accounts; a proxy there may hand that on.
        proxies: whose X-Forwarded-For counts.
        headers: security headers of each raw answer.
        body_seconds: how long a body may take in all.
        kept: where answers that are the same for everybody are remembered; None for nowhere.
    """

    public_url: str
    media_host: str = ""
    account_host: str = ""
    proxies: Networks = ()
    headers: Headers = ()
    body_seconds: float = BODY_SECONDS
    kept: Kept | None = None

    @property
    def scheme(self) -> str:
        """Return http or https."""
        return self.public_url.partition("://")[0]

    @property
    def host(self) -> str:
        """Return the host, with its port where it isn't the usual one."""
        return self.public_url.partition("://")[2]


class Gone(Exception):
    """The client hung up before its body was complete."""


class Front:
    """The ASGI application in front of Quart.

    Args:
        inner: Quart's own ASGI callable.
        place: where the node lives and what each raw answer carries.
        routes: raw routes; their rules are rows of the route table.
        admit: called with the address of all but deliveries and health checks; raises TooMany.
        incident: makes an id for an answer that nobody foresaw.
    """

    def __init__(
        self,
        inner: App,
        place: Place,
        routes: Iterable[RawRoute],
        *,
        admit: Callable[[str], None],
        incident: Callable[[], str],
    ) -> None:
        self._inner = inner
        self._place = place
        self._host = place.host
        self._default_port = ":443" if place.scheme == "https" else ":80"
        self._admit = admit
        self._incident = incident
        self._host_bytes = place.host.encode()
        self._exact, self._patterns = _compiled(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request here, or hand it to Quart."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        self._settle(scope)
        plain = glance(scope, self._host_bytes)
        answer = self._kept_answer(plain, scope) if plain else None
        if answer is None:
            answer = await answer_or_problem(self._made(scope, receive, plain), incident=self._incident)
        if answer is None:
            await self._inner(scope, receive, send)
        else:
            await _send(send, _with_challenge(answer, scope["method"]), self._place.headers)

    def _kept_answer(self, plain: Plain, scope: Scope) -> Answer | None:
        """Return what was kept for a request, None if nothing was or its address asks too often."""
        kept = self._place.kept
        answer = kept.find(plain[0]) if kept else None
        if answer is None:
            return None
        try:
            self._admit(scope["client"][0])
        except TooMany:
            return None
        return unless_known(answer, plain[1])

    async def _made(self, scope: Scope, receive: Receive, plain: Plain | None) -> Answer | None:
        kept = self._place.kept
        if kept is None or plain is None:
            return await self._answer(scope, receive)
        state = kept.state()
        answer = await self._answer(scope, receive)
        if answer is None or not answer.keep:
            return answer
        return unless_known(kept.keep(plain[0], answer, state), plain[1])

    async def _answer(self, scope: Scope, receive: Receive) -> Answer | None:
        path = _raw_path(scope)
        headers = _headers(scope)
        if path != "/health":
            self._require_our_host(headers, path)
        methods, parts = self._match(path)
        method = scope["method"]
        if method != "POST" and path != "/health" or not methods:
            self._admit(scope["client"][0])
        if not methods:
            return None
        route = methods.get("GET" if method == "HEAD" else method)
        if route is None:
            raise MethodNotAllowed(frozenset(methods))
        query = scope.get("query_string", b"")
        url = f"{self._place.public_url}{path}" + (f"?{str(query, 'latin-1')}" if query else "")
        incoming = Incoming(Request(method, url, headers), path, parts, scope["client"][0])
        return await self._handle(route, incoming, receive)

    async def _handle(self, route: RawRoute, incoming: Incoming, receive: Receive) -> Answer:
        request = incoming.request
        _require_type(request, route)
        try:
            async with asyncio.timeout(self._place.body_seconds):
                body = await _read_body(request, receive, cap=route.body_bytes)
        except TimeoutError as late:
            raise Late(f"body not complete after {self._place.body_seconds} s") from late
        except Gone:
            return Answer(400, (("connection", "close"),))
        return await route.handler(Incoming(request.with_body(body), incoming.path, incoming.parts, incoming.address))

    def _require_our_host(self, headers: Headers, path: str) -> None:
        named = dict(headers)
        if named.get("host") == self._host and len(named) == len(headers) and "x-forwarded-host" not in named:
            return
        hosts = [value for name, value in headers if name == "host"]
        if len(hosts) != 1:
            raise BadHost(f"{len(hosts)} Host headers")
        for host in hosts + [value for name, value in headers if name == "x-forwarded-host"]:
            plain = host.lower().removesuffix(self._default_port)
            if plain != self._host and not self._answers_here(plain, path):
                raise BadHost(f"asked for {host[:100]!r}")

    def _answers_here(self, host: str, path: str) -> bool:
        is_media = host == self._place.media_host and path.startswith("/media/")
        return is_media or (host == self._place.account_host and path in FINDING)

    def _settle(self, scope: Scope) -> None:
        peer = (scope.get("client") or ("", 0))[0]
        if self._place.proxies:
            forwarded = [str(value, "latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
            peer = client_address(peer, forwarded, self._place.proxies)
        scope["client"] = (peer, 0)
        scope["scheme"] = self._place.scheme

    def _match(self, path: str) -> tuple[Mapping[str, RawRoute], Mapping[str, str]]:
        exact = self._exact.get(path)
        if exact is not None:
            return exact, {}
        for pattern, methods in self._patterns.get(path.split("/", 2)[1], ()):
            found = pattern.fullmatch(path)
            if found:
                return methods, found.groupdict()
        return {}, {}


def _with_challenge(answer: Answer, method: str) -> Answer:
    """Let a 401 say how to sign: what is refused at the front is refused for its signature. Spec: RFC 9421 §5.1."""
    if answer.status != 401:
        return answer
    return replace(answer, headers=(*answer.headers, accept_signature_header(method)))


Methods = dict[str, RawRoute]
Patterns = dict[str, list[tuple[re.Pattern[str], Methods]]]


def _compiled(routes: Iterable[RawRoute]) -> tuple[dict[str, Methods], Patterns]:
    by_rule: dict[str, Methods] = {}
    for route in routes:
        by_rule.setdefault(route.rule, {})[route.method] = route
    exact = {rule: methods for rule, methods in by_rule.items() if "<" not in rule}
    patterns: Patterns = {}
    for rule, methods in by_rule.items():
        if "<" in rule:
            patterns.setdefault(rule.split("/", 2)[1], []).append((_pattern(rule), methods))
    return exact, patterns


def _pattern(rule: str) -> re.Pattern[str]:
    pieces = _PART.split(rule)
    text = "".join(re.escape(piece) if index % 2 == 0 else f"(?P<{piece}>[^/%]+)" for index, piece in enumerate(pieces))
    return re.compile(text)


def _raw_path(scope: Scope) -> str:
    raw = scope.get("raw_path") or scope["path"].encode()
    return str(raw.partition(b"?")[0].decode("latin-1"))


def _headers(scope: Scope) -> Headers:
    return tuple([(_name(name), str(value, "latin-1")) for name, value in scope["headers"]])


@lru_cache(maxsize=256)
def _name(name: bytes) -> str:
    return str(name, "latin-1").lower()


def _require_type(request: Request, route: RawRoute) -> None:
    if not route.media_types:
        return
    if (request.header("content-encoding") or "identity").strip().lower() != "identity":
        raise WrongType("a compressed body")
    essence = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if essence not in route.media_types:
        raise WrongType(f"media type {essence[:100]!r}")


async def _read_body(request: Request, receive: Receive, *, cap: int) -> bytes:
    length = request.header("content-length")
    if length is not None and not (length.isascii() and length.isdigit() and len(length) < 16):
        raise Malformed("content-length is not a number")
    if length is not None and int(length) > cap:
        raise TooLarge(f"{length} bytes announced, {cap} allowed")
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += message.get("body", b"")
        if len(body) > cap:
            raise TooLarge(f"more than {cap} bytes")
        if not message.get("more_body", False):
            return bytes(body)


async def _send(send: Send, answer: Answer, common: Headers) -> None:
    headers = list(_encoded(answer.headers, common))
    if answer.status != 304:
        headers.append((b"content-length", b"%d" % len(answer.body)))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


@lru_cache(maxsize=256)
def _encoded(own: Headers, common: Headers) -> tuple[tuple[bytes, bytes], ...]:
    named = {name for name, _ in own}
    headers = (*own, *(pair for pair in common if pair[0] not in named))
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)
