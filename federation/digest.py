"""Digests of message bodies: Content-Digest and the older Digest. Pure: no clock, no network, no database."""

import base64
import hashlib
import hmac
from typing import NoReturn, cast

import http_sf

from federation.errors import Malformed, Unauthenticated

_ALGORITHMS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


def make_digest(body: bytes) -> str:
    """Return the value of `Digest`, spelled as the pickiest servers want it. Spec: RFC 3230 §4.3.2."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def make_content_digest(body: bytes) -> str:
    """Return the value of `Content-Digest`. Spec: RFC 9530 §2."""
    return "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"


def check_digest(value: str | None, body: bytes) -> None:
    """Check the old `Digest` header; every SHA-256 and SHA-512 in its list must fit, weaker ones don't count.

    Args:
        value: the header, None if it is absent.
        body: as received, before any decoding.

    Raises:
        Unauthenticated: no SHA-256 in it, or one that does not fit.

    Spec: RFC 3230 §4.3.2.
    """
    pairs = [part.strip().partition("=") for part in (value or "").split(",")]
    listed = [(name.lower(), encoded) for name, _, encoded in pairs]
    if "sha-256" not in dict(listed):
        raise Unauthenticated("no SHA-256 in Digest")
    for name, encoded in listed:
        if name in _ALGORITHMS:
            expected = base64.b64encode(_ALGORITHMS[name](body).digest())
            _require_equal(expected, encoded.encode(errors="replace"))


def check_content_digest(value: str | None, body: bytes) -> None:
    """Check `Content-Digest`; sha-256 must be there, sha-512 is checked if it is there too.

    Raises:
        Malformed: not a dictionary of byte sequences.
        Unauthenticated: no sha-256 in it, or one that does not fit.

    Spec: RFC 9530 §2; RFC 9421 §7.2.8.
    """
    listed = _byte_sequences(value or "")
    if "sha-256" not in listed:
        raise Unauthenticated("no sha-256 in Content-Digest")
    for name, found in listed.items():
        if name in _ALGORITHMS:
            _require_equal(_ALGORITHMS[name](body).digest(), found)


def _require_equal(expected: bytes, found: bytes) -> None:
    if not hmac.compare_digest(expected, found):
        raise Unauthenticated("the digest does not fit the body")


def _byte_sequences(value: str) -> dict[str, bytes]:
    try:
        members = http_sf.parse(value.encode(), tltype="dictionary", on_duplicate_key=_refuse_double)
    except ValueError as error:
        raise Malformed(f"Content-Digest: {error}") from error
    digests: dict[str, bytes] = {}
    for name, member in cast(http_sf.DictionaryType, members).items():
        item = member[0] if isinstance(member, tuple) else member
        if not isinstance(item, bytes):
            raise Malformed("Content-Digest holds something else than bytes")
        digests[name] = item
    return digests


def _refuse_double(key: str, _context: str) -> NoReturn:
    raise Malformed(f"{key[:40]} occurs twice")
