"""Who sent this: read, verify and make HTTP signatures of both schemes, and object proofs.

Order of use: `claim` reads the headers, the caller finds the key, `verify` returns the proven actor.
"""

from datetime import datetime

from federation.errors import Unauthenticated
from federation.http import Request
from federation.keys import PrivateKey, PublicKey
from federation.signatures import draft12, rfc9421
from federation.signatures.claims import Claim, Scheme, require_each_once
from federation.signatures.proofs import add_proof, check_proof, claimed_key

__all__ = [
    "Claim",
    "Scheme",
    "accept_signature_header",
    "add_proof",
    "check_proof",
    "claim",
    "claimed_key",
    "sign",
    "verify",
]

_SIGNATURE_HEADERS = frozenset({"signature", "signature-input", "digest", "content-digest", "date", "host"})


def claim(request: Request) -> Claim:
    """Return what the request says about its signature; nothing is proven yet.

    With a `Signature-Input` header the older scheme is never tried.

    Raises:
        Malformed: broken or doubled headers (400).
        Unauthenticated: not signed, or in no way that we can verify (401).
    """
    require_each_once(request)
    if request.header("signature") is None:
        raise Unauthenticated("the request is not signed")
    if request.header("signature-input") is not None:
        return rfc9421.claim(request)
    return draft12.claim(request)


def verify(request: Request, claimed: Claim, key: PublicKey, *, now: datetime, hosts: frozenset[str]) -> str:
    """Return the URI of the actor who signed `request`.

    Args:
        request: the URL is the public one; all headers and the body as received.
        claimed: from `claim(request)`.
        key: the key with the id that the claim names; its owner is what is returned.
        now: aware UTC.
        hosts: our public hosts in canonical form, with the port where it is not the default.

    Raises:
        Malformed: a covered header is doubled or broken (400).
        Unauthenticated: key, coverage, time, host, digest or signature do not fit (401).

    Spec: RFC 9421 §3.2; draft-cavage-http-signatures-12 §2.5; RFC 9530 §2.
    """
    if claimed.key_id != key.id:
        raise Unauthenticated(f"{key.id} is not the key that signed")
    checker = rfc9421.verify if claimed.scheme is Scheme.RFC9421 else draft12.verify
    checker(request, claimed, key, now=now, hosts=hosts)
    return key.owner


def sign(request: Request, key: PrivateKey, *, scheme: Scheme, now: datetime) -> Request:
    """Return `request` signed as of `now`; headers of an earlier signature are replaced.

    Args:
        request: method, absolute URL, body and, if it has a body, Content-Type; Host, Date and
            the digest are added.
        now: aware UTC, the moment of sending: some servers allow only 300 s.
    """
    kept = tuple(pair for pair in request.headers if pair[0] not in _SIGNATURE_HEADERS)
    bare = Request(request.method, request.url, kept, request.body)
    if scheme is Scheme.RFC9421:
        return rfc9421.sign(bare, key, now=now)
    return draft12.sign(bare, key, now=now)


def accept_signature_header(method: str) -> tuple[str, str]:
    """Return the header that a 401 carries, to tell the sender how to sign. Spec: RFC 9421 §5.1."""
    return "accept-signature", rfc9421.accept_signature(method)
