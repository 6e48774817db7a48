"""Rendered answers that are the same for everybody who doesn't sign, kept for a moment. Pure.

What is kept belongs to one state of the node: any change in this process drops all of it at once, a change in another
process is seen when the moment is over. The number of answers and their bytes are bounded; refusals are never kept.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from web.raw import Answer

KEPT_SECONDS = 1.0
MOST_ANSWERS = 2_000
MOST_BYTES = 8 * 1024 * 1024
LONGEST_ANSWER = 128 * 1024
LONGEST_QUERY = 400
LONGEST_ACCEPT = 300
_CHANGE_NOTHING = frozenset(
    (b"user-agent", b"accept-encoding", b"accept-language", b"accept-charset", b"connection", b"keep-alive")
    + (b"cache-control", b"pragma", b"date", b"dnt", b"te", b"priority", b"referer", b"origin", b"from", b"via")
    + (b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-port", b"x-real-ip", b"x-request-id", b"traceparent")
    + (b"forwarded", b"sec-fetch-site", b"sec-fetch-mode", b"sec-fetch-dest", b"upgrade-insecure-requests", b"cookie")
)
"""Headers that no kept answer depends on. With any other one, such as a signature or a body, nothing is kept."""
_ABOUT_BODY = ("content-type",)

Key = tuple[bytes, bytes, bytes]
"""Path, query and what is accepted."""
State = tuple[int, int]
Scope = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Held:
    answer: Answer
    until: float


class Kept:
    """The answers of this process.

    Args:
        state: numbers that grow with each change of the community and of the policy.
        monotonic: seconds that only ever grow.
    """

    def __init__(self, *, state: Callable[[], State], monotonic: Callable[[], float]) -> None:
        self._state_now = state
        self._monotonic = monotonic
        self._state: State = (-1, -1)
        self._held: OrderedDict[Key, _Held] = OrderedDict()
        self._bytes = 0

    def state(self) -> State:
        """Return the present state; whatever belongs to an earlier one is dropped."""
        now = self._state_now()
        if now != self._state:
            self._state = now
            self._held.clear()
            self._bytes = 0
        return now

    def find(self, key: Key) -> Answer | None:
        """Return the answer for `key` if it was kept in the present state, and a moment ago."""
        self.state()
        held = self._held.get(key)
        if held is None or held.until <= self._monotonic():
            return None
        self._held.move_to_end(key)
        return held.answer

    def keep(self, key: Key, answer: Answer, state: State) -> Answer:
        """Return `answer` with its ETag and remember it, unless something has changed since `state`."""
        tagged = replace(answer, headers=(*answer.headers, ("etag", _tag(answer.body))))
        if len(answer.body) <= LONGEST_ANSWER and state == self.state():
            self._forget(key)
            self._held[key] = _Held(tagged, self._monotonic() + KEPT_SECONDS)
            self._bytes += len(answer.body)
            while len(self._held) > MOST_ANSWERS or self._bytes > MOST_BYTES:
                self._forget(next(iter(self._held)))
        return tagged

    def _forget(self, key: Key) -> None:
        held = self._held.pop(key, None)
        if held is not None:
            self._bytes -= len(held.answer.body)


def glance(scope: Scope, host: bytes) -> tuple[Key, bytes] | None:
    """Return under what the answer to a GET may be kept, and the tags that the asker knows.

    Args:
        scope: of ASGI, names of headers in lower case.
        host: ours, as Host must say it.

    Returns:
        None if the answer may depend on who asks, or the request is too odd to keep anything for it.
    """
    if scope["method"] not in ("GET", "HEAD"):
        return None
    named: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _CHANGE_NOTHING:
            continue
        if name in named or name not in (b"host", b"accept", b"if-none-match"):
            return None
        named[name] = value
    accept, query = named.get(b"accept", b""), scope.get("query_string", b"")
    if named.get(b"host") != host or len(accept) > LONGEST_ACCEPT or len(query) > LONGEST_QUERY:
        return None
    path = scope.get("raw_path")
    if not path:
        return None
    return (path, query, accept), named.get(b"if-none-match", b"")


def unless_known(answer: Answer, known: bytes) -> Answer:
    """Return `answer`, or 304 if `known`, the value of If-None-Match, names it. Spec: RFC 9110 §13.1.2."""
    if not known:
        return answer
    tag = next((value for name, value in answer.headers if name == "etag"), "")
    tags = {each.strip().removeprefix("W/") for each in str(known, "latin-1").split(",")}
    if not tag or not ({tag, "*"} & tags):
        return answer
    return Answer(304, tuple(pair for pair in answer.headers if pair[0] not in _ABOUT_BODY))


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'
