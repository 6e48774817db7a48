"""Hosts, handles and URIs: the one canonical parser for storage, policy, fetch and rendering.

Pure: no clock, no network, no database. What it lets through has exactly one spelling of its host;
what two parsers could read in two ways is refused, never repaired.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import idna

from federation.errors import Malformed

LONGEST_URI = 2048
_SHORT_URI = 300
"""Longer ones are not remembered: what others send must not fill the memory."""
LONGEST_HOST = 253
LONGEST_LABEL = 63
LOCAL_NAME = re.compile(r"[a-z0-9_]{1,30}")

_LONGEST_NAME = 255
_FOREIGN_NAME = re.compile(r"[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*")
_URI = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)"
    r"(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_AUTHORITY = re.compile(r"(?P<host>[^:]*)(?::(?P<port>[0-9]{1,5}))?")
_LDH = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_TOP_LEVEL = re.compile(r"[a-z]+|xn--[a-z0-9-]+")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?=/|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[ \\<>"^`{|}]')
_OTHER_DOTS = frozenset("\u3002\uff0e\uff61")
_PRIVATE_TOPS = frozenset({"localhost", "local", "internal", "onion", "arpa"})
_RELAXED_HOSTS = frozenset({"localhost", "127.0.0.1"})
_DEFAULT_PORTS = {"https": 443, "http": 80}

Origin = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Uri:
    """An absolute http(s) URI whose host has its one canonical spelling.

    Args:
        text: the whole URI; path, query and fragment as they came, non-ASCII there percent-encoded.
        scheme: `https`, in development also `http`.
        host: lower-case A-labels, no trailing dot.
        port: None when it is the default of the scheme.
        path: may be empty: `https://blog.example` is a legal actor id.
        query: without `?`; None if there is none, empty if the URI ends in `?`.
        fragment: without `#`; None if there is none.
    """

    text: str
    scheme: str
    host: str
    port: int | None
    path: str
    query: str | None
    fragment: str | None

    def __str__(self) -> str:
        return self.text

    @property
    def origin(self) -> Origin:
        """Return scheme, host and effective port: what two URIs of one authority share."""
        return self.scheme, self.host, self.port or _DEFAULT_PORTS[self.scheme]

    @property
    def authority(self) -> str:
        """Return the host, with `:port` where it is not the default: what goes into `Host`."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def target(self) -> str:
        """Return path and query as they stand in the request line."""
        return (self.path or "/") + ("" if self.query is None else f"?{self.query}")

    @property
    def without_fragment(self) -> str:
        """Return the URI up to the `#`: what can be fetched."""
        return self.text.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Handle:
    """A fediverse address. `name` keeps its case for display; compare `acct`."""

    name: str
    host: str

    @property
    def acct(self) -> str:
        """Return `name@host` in lower case."""
        return f"{self.name.lower()}@{self.host}"

    def __str__(self) -> str:
        return f"@{self.name}@{self.host}"


def canonical_uri(text: object, *, relaxed: bool = False) -> Uri:
    """Return the one reading of `text` as an absolute https URI.

    Args:
        text: anything found where a URI belongs; only a string can be one.
        relaxed: development: also http, any port, `localhost` and 127.0.0.1.

    Raises:
        Malformed: not a URI, or one that some parser might read differently.

    Spec: RFC 3986 §3; RFC 5891 §4; FEP-fe34.
    """
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_URI:
        raise Malformed("a URI is a string of 1 to 2048 characters")
    return _known_uri(text, relaxed) if len(text) <= _SHORT_URI else _parse_uri(text, relaxed)


def canonical_host(text: object, *, relaxed: bool = False) -> str:
    """Return the canonical spelling of a host name as an administrator or a handle writes it.

    Args:
        text: ASCII or Unicode, with or without a trailing dot; `:443` is dropped.
        relaxed: development: also `localhost`, 127.0.0.1 and other ports, which then stay: `localhost:8080`.

    Raises:
        Malformed: not a public host name.

    Spec: RFC 1123 §2.1; RFC 5891 §4.
    """
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_URI:
        raise Malformed("a host is a string")
    host, port = _host_and_port(text, relaxed=relaxed)
    _require_port(port, _DEFAULT_PORTS["https"], relaxed=relaxed)
    return host if port is None or port in _DEFAULT_PORTS.values() else f"{host}:{port}"


def origin_of(uri: Uri) -> Origin:
    """Return scheme, host and effective port of `uri`."""
    return uri.origin


def host_of(uri: Uri) -> str:
    """Return what policy, budgets and breakers are keyed by: the host, in development with its odd port."""
    return uri.authority


def same_origin(first: Uri, second: Uri) -> bool:
    """Tell whether both URIs are under the same authority. Spec: FEP-fe34."""
    return first.origin == second.origin


def parse_handle(text: object, *, relaxed: bool = False) -> Handle:
    """Return the handle written as `@name@host`, `name@host` or `acct:name@host`.

    Raises:
        Malformed: no host, or a name outside letters, digits, `_` and inner dots and hyphens.

    Spec: RFC 7565 §7.
    """
    if not isinstance(text, str) or len(text) > LONGEST_URI:
        raise Malformed("a handle is a string")
    bare = text[5:] if text[:5].lower() == "acct:" else text.removeprefix("@")
    name, at, host = bare.partition("@")
    if not at or len(name) > _LONGEST_NAME or not _FOREIGN_NAME.fullmatch(name):
        raise Malformed("a handle looks like @name@host")
    return Handle(name, canonical_host(host, relaxed=relaxed))


def is_local_name(text: str) -> bool:
    """Tell whether `text` may name a member or group of ours."""
    return LOCAL_NAME.fullmatch(text) is not None


def _parse_uri(text: str, relaxed: bool) -> Uri:  # noqa: FBT001 - a cache key
    _require_plain(text)
    found = _URI.fullmatch(text)
    if found is None:
        raise Malformed("not an absolute URI")
    scheme = found["scheme"].lower()
    if scheme != "https" and not (relaxed and scheme == "http"):
        raise Malformed(f"scheme {scheme[:20]} is not https")
    host, port = _host_and_port(found["authority"], relaxed=relaxed)
    default = _DEFAULT_PORTS[scheme]
    _require_port(port, default, relaxed=relaxed)
    port = None if port == default else port
    tail = text[found.start("path") :]
    _require_plain_tail(found["path"], tail)
    query, fragment = found["query"], found["fragment"]
    authority = host if port is None else f"{host}:{port}"
    whole = f"{scheme}://{authority}{_encoded(tail)}"
    if len(whole) > LONGEST_URI:
        raise Malformed("a URI that is longer than 2048 characters when it is written out")
    return Uri(
        text=whole,
        scheme=scheme,
        host=host,
        port=port,
        path=_encoded(found["path"]),
        query=None if query is None else _encoded(query),
        fragment=None if fragment is None else _encoded(fragment),
    )


_known_uri = lru_cache(maxsize=4096)(_parse_uri)


def _require_plain(text: str) -> None:
    if not text.isprintable() or _FORBIDDEN.search(text):  # of all white space only the space is printable
        raise Malformed("a character that has no place in a URI")


def _require_plain_tail(path: str, tail: str) -> None:
    if _DOT_SEGMENT.search(path):
        raise Malformed("dot segments in the path")
    if _BAD_PERCENT.search(tail):
        raise Malformed("a percent sign without two hexadecimal digits")


def _encoded(text: str) -> str:
    if text.isascii():
        return text
    return "".join(char if char.isascii() else quote(char) for char in text)


@lru_cache(maxsize=4096)
def _host_and_port(authority: str, *, relaxed: bool) -> tuple[str, int | None]:
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        raise Malformed("user name, IP literal or odd port in the authority")
    port = None if found["port"] is None else int(found["port"])
    return _canonical_name(found["host"], relaxed=relaxed), port


def _require_port(port: int | None, default: int, *, relaxed: bool) -> None:
    if port is None or port == default:
        return
    if not relaxed or not 0 < port < 65536:
        raise Malformed(f"port {port} is not allowed")


@lru_cache(maxsize=4096)
def _canonical_name(host: str, *, relaxed: bool) -> str:
    name = host.removesuffix(".")
    if not 0 < len(name) <= LONGEST_HOST:
        raise Malformed("a host name has 1 to 253 characters")
    if relaxed and name.lower() in _RELAXED_HOSTS:
        return name.lower()
    labels = [_canonical_label(label) for label in name.split(".")]
    name = ".".join(labels)
    if len(name) > LONGEST_HOST:
        raise Malformed("a host name has 1 to 253 characters")
    if len(labels) < 2 or labels[-1] in _PRIVATE_TOPS:
        raise Malformed(f"{name[:80]} is not a public host name")
    if not _TOP_LEVEL.fullmatch(labels[-1]):
        raise Malformed(f"{name[:80]} is an address or ends in a number")
    return name


def _canonical_label(label: str) -> str:
    if not 0 < len(label) <= LONGEST_LABEL:
        raise Malformed("empty or overlong part in a host name")
    folded = label.lower() if label.isascii() else _a_label(label)
    if not _LDH.fullmatch(folded) or len(folded) > LONGEST_LABEL:
        raise Malformed("a host name has only letters, digits and inner hyphens")
    if folded.startswith("xn--"):
        _require_honest(folded)
    return folded


def _a_label(label: str) -> str:
    """Encode one Unicode label; full-width and look-alike forms that fold to ASCII are refused."""
    for char in label:
        folds_to_ascii = not char.isascii() and any(part.isascii() for part in char.lower())
        if char in _OTHER_DOTS or folds_to_ascii:
            raise Malformed("a host name with characters that stand for others")
    try:
        return idna.alabel(label.lower()).decode("ascii")
    except UnicodeError as error:
        raise Malformed("not an internationalised host name") from error


def _require_honest(label: str) -> None:
    try:
        encoded = idna.alabel(idna.ulabel(label)).decode("ascii")
    except UnicodeError as error:
        raise Malformed("not an internationalised host name") from error
    if encoded != label:
        raise Malformed("not an internationalised host name")
