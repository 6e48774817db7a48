"""HTTP messages as frozen values. Pure: no clock, no network, no database."""

from dataclasses import dataclass, replace

from federation.errors import Malformed

Headers = tuple[tuple[str, str], ...]


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

    def header(self, name: str) -> str | None:
        """Return the value of header `name` (lower case), None if absent; raise Malformed if doubled."""
        return _one(self.headers, name)

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
