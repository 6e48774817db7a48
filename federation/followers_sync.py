"""Followers synchronisation on the wire: the digest of a set of followers and the header that carries it. Pure.

Spec: FEP-8fcf.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from federation.errors import Malformed
from federation.names import Uri, canonical_uri, same_origin

HEADER = "collection-synchronization"
LONGEST = 8_192
DIGEST_LETTERS = 64
_PARAMETER = re.compile(r'\s*([A-Za-z]{1,20})\s*=\s*"([^"]*)"\s*(?:,|$)')
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FollowersClaim:
    """What a sender says of those of its followers who live here.

    Args:
        collection: the sender's followers collection.
        url: where the part of it that concerns us is read; on the same origin.
        digest: of that part, 64 hexadecimal digits.
    """

    collection: Uri
    url: Uri
    digest: str


def digest_of(uris: Iterable[str]) -> str:
    """Return the digest of a set of followers: the SHA-256 of each id, joined by XOR. Nobody is 64 zeros."""
    total = 0
    for uri in set(uris):
        total ^= int.from_bytes(sha256(uri.encode()).digest())
    return f"{total:0{DIGEST_LETTERS}x}"


def header_of(collection: str, url: str, digest: str) -> str:
    """Return the value of the header."""
    return f'collectionId="{collection}", url="{url}", digest="{digest}"'


def read_header(value: str, *, relaxed: bool = False) -> FollowersClaim:
    """Read the header of a delivery.

    Raises:
        Malformed: not the three parameters, each once, or the part is read on another origin than the collection.
    """
    found = _parameters(value)
    if set(found) != {"collectionId", "url", "digest"} or not _HEX.fullmatch(found["digest"].lower()):
        raise Malformed("Collection-Synchronization without collectionId, url and digest")
    collection = canonical_uri(found["collectionId"], relaxed=relaxed)
    url = canonical_uri(found["url"], relaxed=relaxed)
    if not same_origin(collection, url):
        raise Malformed("a part of a collection on another origin")
    return FollowersClaim(collection, url, found["digest"].lower())


def _parameters(value: str) -> dict[str, str]:
    if len(value) > LONGEST:
        raise Malformed("Collection-Synchronization is too long")
    found: dict[str, str] = {}
    at = 0
    while at < len(value):
        match = _PARAMETER.match(value, at)
        if match is None or match[1] in found:
            raise Malformed("Collection-Synchronization is not a list of parameters")
        found[match[1]] = match[2]
        at = match.end()
    return found
