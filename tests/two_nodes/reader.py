"""A person at a browser: opens pages of one node over HTTP, fills in its forms, waits until something stands there."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from lxml import html

from tests.two_nodes.nodes import LOOPBACK, RunningNode, WentWrong

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.1
Fields = Iterable[tuple[str, str]]


@dataclass
class Page:
    """A page as it was answered; `path` is where redirects led."""

    path: str
    status: int
    document: Any

    def shown(self) -> str:
        """Return the words of the page, blanks collapsed."""
        return " ".join(self.document.text_content().split())

    def link_near(self, words: str) -> str:
        """Return where the innermost article or list item with these words leads: its first link to an object."""
        near = self.document.xpath("//*[self::article or self::li][contains(normalize-space(.), $words)]", words=words)
        links = [link for part in reversed(near) for link in part.xpath(".//a/@href") if _is_object(link)]
        if not links:
            raise WentWrong(f"{self.path} has no link near {words!r}")
        return str(links[0])


@dataclass
class Reader:
    """Somebody at the pages of one node."""

    node: RunningNode
    name: str
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(
            base_url=f"http://{LOOPBACK}:{self.node.port}",
            headers={"host": self.node.host, "origin": f"http://{self.node.host}", "accept": "text/html"},
            timeout=20,
        )

    def get(self, path: str) -> Page:
        """Open a page, following redirects on this node."""
        return self._follow(self.client.get(path))

    def fill(self, path: str, action: str, typed: Fields) -> Page:
        """Open `path`, fill in its form with this action, send it."""
        page = self.get(path)
        forms = [form for form in page.document.forms if str(form.get("action")).partition("#")[0] == action]
        if not forms:
            raise WentWrong(f"{self.node.host}{path} ({page.status}) has no form for {action}: {page.shown()[:300]}")
        return self.send(forms[-1], action, list(typed))

    def send(self, form: Any, action: str, typed: list[tuple[str, str]]) -> Page:
        """Send a form as a browser would, the fields of `typed` in place of what stands there."""
        changed = {name for name, _ in typed}
        standing = [(name, (value or "").removeprefix("\n")) for name, value in form.form_values()]
        pairs = [pair for pair in standing if pair[0] not in changed] + typed
        kind = {"content-type": "application/x-www-form-urlencoded"}
        page = self._follow(self.client.post(action, content=urlencode(pairs).encode(), headers=kind))
        if page.status != 200:
            raise WentWrong(f"{self.node.host}{action} answered {page.status}: {page.shown()[:600]}")
        return page

    def press(self, path: str, action: str, uri: str) -> None:
        """Press the button for one object on the page `path`."""
        forms = [
            form
            for form in self.get(path).document.forms
            if form.get("action") == action and ("uri", uri) in form.form_values()
        ]
        if not forms:
            raise WentWrong(f"{self.node.host}{path} has no button {action} for {uri}")
        self.send(forms[0], action, [])

    def until(self, path: str, is_so: Callable[[str], bool]) -> Page:
        """Return the page as soon as its words are as wished; give up after a while."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            page = self.get(path)
            if is_so(page.shown()):
                return page
            if time.monotonic() > deadline:
                raise WentWrong(f"{self.node.host}{path} does not show it: {page.shown()[:1500]}")
            time.sleep(PAUSE_SECONDS)

    def _follow(self, answer: httpx.Response) -> Page:
        for _ in range(5):
            if answer.status_code not in (301, 302, 303, 307):
                break
            answer = self.client.get(answer.headers["location"].removeprefix(f"http://{self.node.host}"))
        document = html.document_fromstring(answer.text or "<p></p>")
        path = answer.request.url.raw_path.decode()
        return Page(path, answer.status_code, document)


def _is_object(link: str) -> bool:
    return link.startswith(("/posts/", "/events/", "/practices/", "/thread"))
