"""HTTP messages as frozen values. Pure: no clock, no network, no database."""

from collections import Counter
from dataclasses import dataclass, field, replace

from federation.errors import Malformed

Headers = tuple[tuple[str, str], ...]
_Index = dict[str, str | int]
"""The value of each header, or how often one occurs that is doubled."""


def _index_of(headers: Headers) -> _Index:
    index: _Index = dict(headers)
    if len(index) < len(headers):
        index |= {name: times for name, times in Counter(name for name, _ in headers).items() if times > 1}
    return index


def _one(headers: Headers, name: str) -> str | None:
    found = [value for key, value in headers if key == name]
    if len(found) > 1:
        raise Malformed(f"header {name} occurs {len(found)} times")
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as received or as it will be sent.

    Args:
        method: upper case.
        url: absolute URL, public host included, query kept byte for byte.
        headers: lower-case names in wire order; a repeated header is repeated here.
        body: the raw bytes.
    """

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""
    _index: _Index = field(init=False, repr=False, compare=False)
    """Made when a header is first asked for: a delivery is asked for some twenty."""

    def header(self, name: str) -> str | None:
        """Return the value of header `name` (lower case), None if absent; raise Malformed if doubled."""
        try:
            found = self._index.get(name)
        except AttributeError:
            found = self._indexed().get(name)
        if found.__class__ is int:
            raise Malformed(f"header {name} occurs {found} times")
        return found  # type: ignore[return-value]  # a cast would cost more than the rest

    def with_body(self, body: bytes) -> "Request":
        """Return a copy whose body is `body`."""
        whole = Request(self.method, self.url, self.headers, body)
        object.__setattr__(whole, "_index", self._indexed())
        return whole

    def _indexed(self) -> _Index:
        try:
            return self._index
        except AttributeError:
            index = _index_of(self.headers)
            object.__setattr__(self, "_index", index)
            return index

    def with_headers(self, *added: tuple[str, str]) -> "Request":
        """Return a copy with `added` in place of headers of the same name."""
        names = {name for name, _ in added}
        kept = tuple(pair for pair in self.headers if pair[0] not in names)
        return replace(self, headers=kept + added)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as received; `body` is decoded and already capped in size."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the value of header `name` (lower case), None if absent; raise Malformed if doubled."""
        return _one(self.headers, name)
