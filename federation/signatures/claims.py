"""What a request says about its signature before anything is proven. Pure: no clock, no network, no database."""

import enum
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from federation.errors import Malformed, Unauthenticated
from federation.http import Request

EARLIEST = timedelta(minutes=65)
SKEW = timedelta(minutes=60)
LONGEST_LIFE = timedelta(hours=12)
MOST_COMPONENTS = 32
LONGEST_HEADER = 8192

COVERED_IF_THERE = ("collection-synchronization",)
"""Headers that say something of their own: signed wherever they are sent (FEP-8fcf)."""

_ONCE = ("signature", "signature-input", "date", "host", "digest", "content-digest", "content-type")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DATE = re.compile(
    rf"(?:{'|'.join(_DAYS)}), ([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT"
)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Scheme(enum.Enum):
    """The two ways to sign a request; the value is what the database stores per host."""

    CAVAGE = "cavage"
    RFC9421 = "rfc9421"


@dataclass(frozen=True, slots=True)
class Claim:
    """A signature as announced by its headers; nothing in it is proven.

    Args:
        scheme: how it is computed.
        key_id: the key, as written by the sender; not yet known to be a URI.
        algorithm: as written, None if absent; only compared with the kind of the key.
        covered: components in order of the signing string, lower case.
        created: from the parameters, None if absent (cavage with a `Date`).
        expires: from the parameters, None if absent.
        signature: the bytes to verify.
        params: RFC 9421: the value of `@signature-params`; else empty.
    """

    scheme: Scheme
    key_id: str
    algorithm: str | None
    covered: tuple[str, ...]
    created: datetime | None
    expires: datetime | None
    signature: bytes
    params: str = ""


def require_each_once(request: Request) -> None:
    """Refuse a request in which a header that signatures rely on is doubled, folded or far too long.

    Raises:
        Malformed: so it is.

    Spec: RFC 9112 §5.2.
    """
    for name in _ONCE:
        value = request.header(name)
        if value is not None and (len(value) > LONGEST_HEADER or not value.isprintable() and _CONTROL.search(value)):
            raise Malformed(f"header {name} is too long or has control characters")


def covered_header(request: Request, name: str) -> str:
    """Return the value of a covered header, trimmed.

    Raises:
        Malformed: it is there twice, or folded.
        Unauthenticated: it is not there.
    """
    value = request.header(name)
    if value is None:
        raise Unauthenticated(f"signed header {name[:40]} is missing")
    if not value.isprintable() and _CONTROL.search(value):
        raise Malformed(f"header {name[:40]} has control characters")
    return value.strip()


def from_unix(seconds: object) -> datetime:
    """Return the time that a signature parameter names; raise Malformed if it names none."""
    try:
        return datetime.fromtimestamp(float(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed("a signature time that is no Unix time") from error


@lru_cache(maxsize=256)
def from_http_date(value: str) -> datetime:
    """Return the time of a `Date` header.

    Raises:
        Unauthenticated: not an IMF-fixdate; a two-digit year is none.

    Spec: RFC 9110 §5.6.7.
    """
    found = _DATE.fullmatch(value)
    if found is None:
        raise Unauthenticated("Date is no HTTP date")
    day, month, year, hour, minute, second = found.groups()
    try:
        return datetime(
            int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC
        )
    except ValueError as error:
        raise Unauthenticated("Date is no HTTP date") from error


def http_date(now: datetime) -> str:
    """Return `now` as an IMF-fixdate, whatever the locale. Spec: RFC 9110 §5.6.7."""
    return _http_date(int(now.timestamp()))


@lru_cache(maxsize=16)
def _http_date(seconds: int) -> str:
    utc = datetime.fromtimestamp(seconds, UTC)
    return f"{_DAYS[utc.weekday()]}, {utc.day:02} {_MONTHS[utc.month - 1]} {utc.year} {utc:%H:%M:%S} GMT"


def require_current(created: datetime, expires: datetime | None, *, now: datetime) -> None:
    """Check that a signature is neither too old nor from the future.

    Args:
        created: when it was made, as signed.
        expires: its signed end, None if it names none.
        now: aware UTC.

    Raises:
        Unauthenticated: it is.
    """
    if created > now + SKEW:
        raise Unauthenticated("the signature is from the future")
    if expires is None:
        if created < now - EARLIEST:
            raise Unauthenticated("the signature is too old")
        return
    if created > expires:
        raise Unauthenticated("the signature ended before it was made")
    if now > min(expires, created + LONGEST_LIFE) + SKEW:
        raise Unauthenticated("the signature has expired")


@lru_cache(maxsize=1024)
def split_url(url: str) -> tuple[str, str, str, str | None]:
    """Return scheme, authority, path and query of an absolute URL, each byte for byte.

    The path is never empty; the query is None if there is no `?`.
    """
    scheme, _, rest = url.partition("#")[0].partition("://")
    end = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    path, mark, query = rest[end:].partition("?")
    return scheme.lower(), _plain_authority(scheme, rest[:end]), path or "/", query if mark else None


def require_host(authority: str, hosts: frozenset[str]) -> None:
    """Check that what was signed was meant for us.

    Args:
        authority: `Host` or `@authority` as signed.
        hosts: our public hosts in canonical form, with the port where it is not the default.

    Raises:
        Unauthenticated: it was meant for somebody else.
    """
    if _plain_authority("https", authority) not in hosts:
        raise Unauthenticated("the request was signed for another host")


def _plain_authority(scheme: str, authority: str) -> str:
    return authority.strip().lower().removesuffix(":80" if scheme.lower() == "http" else ":443")
