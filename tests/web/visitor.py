"""A browser without a screen: cookies, forms and redirects against the application itself."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from lxml import html

HOST = "home.example"
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Page:
    """An answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode()

    def header(self, name: str) -> str | None:
        """Return a header's value, None if absent."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def document(self) -> Any:
        """Return the parsed page."""
        return html.document_fromstring(self.text)

    def shown(self) -> str:
        """Return the words of the page, blanks collapsed."""
        return " ".join(self.document.text_content().split())

    def problems(self) -> list[str]:
        """Return the names of the fields that have an error beside them, in the order of the page."""
        return [str(found).removeprefix("error-") for found in self.document.xpath("//*[@class='error']/@id")]

    def form(self, action: str) -> dict[str, str]:
        """Return the fields of the last form with this action, as a browser would send them untouched."""
        found = [form for form in self.document.forms if form.get("action") == action]
        assert found, f"no form for {action}"
        # HTML drops the first line break of a textarea, lxml does not
        return {name: (value or "").removeprefix("\n") for name, value in found[-1].form_values()}


@dataclass
class Visitor:
    """Somebody at a browser."""

    app: Any
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookies: list[str] = field(default_factory=list)
    address: str = "203.0.113.7"
    origin: str = f"https://{HOST}"

    async def get(self, path: str, **headers: str) -> Page:
        """Open a page."""
        return await self.request("GET", path, headers=_named(headers))

    async def post(self, path: str, fields: Mapping[str, str] | Fields = (), **headers: str) -> Page:
        """Send a form as a browser does from our own pages."""
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
        own = {"content-type": "application/x-www-form-urlencoded", "origin": self.origin}
        return await self.request("POST", path, headers=own | _named(headers), body=urlencode(pairs).encode())

    async def send(self, page: Page, action: str, **typed: str) -> Page:
        """Fill in the form of `page` that posts to `action`, and send it."""
        return await self.post(action, page.form(action) | typed)

    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Page:
        """Send one request and keep the cookies of the answer."""
        given = {"host": HOST, **self.headers, **(headers or {})}
        if self.cookies:
            given.setdefault("cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if body:
            given.setdefault("content-length", str(len(body)))
        page = await exchange(self.app, method, path, given, body, address=self.address)
        for name, value in page.headers:
            if name == "set-cookie":
                self._keep(value)
        return page

    def _keep(self, value: str) -> None:
        self.set_cookies.append(value)
        for name, morsel in SimpleCookie(value).items():
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value


async def exchange(
    app: Any, method: str, path: str, headers: Mapping[str, str], body: bytes, *, address: str = "203.0.113.7"
) -> Page:
    """Return what `app` answers to one ASGI request."""
    plain, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": plain,
        "raw_path": plain.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": (address, 40000),
        "server": ("127.0.0.1", 8080),
    }
    sent: list[Any] = []
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if pending:
            return pending.pop()
        await _forever()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    named = tuple((name.decode().lower(), value.decode()) for name, value in start["headers"])
    return Page(start["status"], named, b"".join(message.get("body", b"") for message in sent[1:]))


async def _forever() -> None:
    await asyncio.get_running_loop().create_future()


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
