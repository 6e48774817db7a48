"""HTTP signatures as most servers speak them. Pure: no clock, no network, no database.

Spec: draft-cavage-http-signatures-12.
"""

import base64
import binascii
import re
from datetime import datetime
from functools import lru_cache

from federation.digest import check_content_digest, check_digest, make_digest
from federation.errors import Malformed, Unauthenticated
from federation.http import Request
from federation.keys import KeyKind, PrivateKey, PublicKey
from federation.signatures.claims import (
    COVERED_IF_THERE,
    MOST_COMPONENTS,
    Claim,
    Scheme,
    covered_header,
    from_http_date,
    from_unix,
    http_date,
    require_current,
    require_host,
    split_url,
)

_PARAMETER = re.compile(r'[ \t]*([A-Za-z]+)=(?:"([^"\\]*)"|([0-9]{1,12}))[ \t]*(?:,|$)')
_ALGORITHMS = {KeyKind.RSA: (None, "rsa-sha256", "hs2019"), KeyKind.ED25519: (None, "hs2019", "ed25519")}
_TARGET, _CREATED, _EXPIRES = "(request-target)", "(created)", "(expires)"


def claim(request: Request) -> Claim:
    """Return what the `Signature` header says.

    Raises:
        Malformed: broken syntax, a doubled parameter, no key id or signature.

    Spec: draft-cavage-http-signatures-12 §2.1.
    """
    parameters = _parameters(request.header("signature") or "")
    try:
        key_id, encoded = parameters["keyid"], parameters["signature"]
        signature = base64.b64decode(encoded, validate=True)
    except (KeyError, binascii.Error, ValueError) as error:
        raise Malformed("Signature without a key id or without base64") from error
    algorithm = parameters.get("algorithm")
    return Claim(
        scheme=Scheme.CAVAGE,
        key_id=key_id,
        algorithm=algorithm,
        covered=_covered(parameters.get("headers", "date" if algorithm == "rsa-sha256" else _CREATED)),
        created=_time(parameters, "created"),
        expires=_time(parameters, "expires"),
        signature=signature,
    )


def verify(request: Request, claimed: Claim, key: PublicKey, *, now: datetime, hosts: frozenset[str]) -> None:
    """Return if `request` was signed with `key`, now, for us, and as a whole.

    Raises:
        Malformed: a covered header is doubled or folded.
        Unauthenticated: anything else is wrong.

    Spec: draft-cavage-http-signatures-12 §2.5.
    """
    if claimed.algorithm not in _ALGORITHMS[key.kind]:
        raise Unauthenticated(f"algorithm does not fit a key of kind {key.kind.value}")
    _require_coverage(request, claimed)
    _require_time(request, claimed, now=now)
    require_host(covered_header(request, "host"), hosts)
    _require_digest(request, claimed)
    _require_signature(request, claimed, key)


def sign(request: Request, key: PrivateKey, *, now: datetime) -> Request:
    """Return `request` with Host, Date, Digest (if it has a body) and Signature.

    Spec: draft-cavage-http-signatures-12 §2.1.
    """
    headers = [("host", split_url(request.url)[1]), ("date", http_date(now))]
    if request.method == "POST" or request.body:
        headers.append(("digest", make_digest(request.body)))
    dressed = request.with_headers(*headers)
    names = [_TARGET, *(name for name, _ in headers)]
    if "digest" in names and dressed.header("content-type") is not None:
        names.append("content-type")
    names += [name for name in COVERED_IF_THERE if dressed.header(name) is not None]
    algorithm = "rsa-sha256" if key.kind is KeyKind.RSA else "hs2019"
    target = _targets(request)[0]
    base = signing_string(dressed, tuple(names), {_TARGET: target})
    encoded = base64.b64encode(key.sign(base)).decode()
    value = f'keyId="{key.id}",algorithm="{algorithm}",headers="{" ".join(names)}",signature="{encoded}"'
    return dressed.with_headers(("signature", value))


def signing_string(request: Request, covered: tuple[str, ...], pseudo: dict[str, str]) -> bytes:
    """Return the bytes that are signed.

    Args:
        covered: names in order.
        pseudo: values of those in parentheses.

    Raises:
        Malformed, Unauthenticated: as `covered_header`.

    Spec: draft-cavage-http-signatures-12 §2.3.
    """
    lines = [f"{name}: {pseudo[name] if name in pseudo else covered_header(request, name)}" for name in covered]
    return "\n".join(lines).encode("latin-1", "replace")


def _parameters(value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(value):
        match = _PARAMETER.match(value, at)
        if match is None:
            raise Malformed("Signature is not a list of parameters")
        name = match[1].lower()
        if name in found:
            raise Malformed(f"Signature has {name[:20]} twice")
        found[name] = match[2] if match[2] is not None else match[3]
        at = match.end()
    return found


@lru_cache(maxsize=256)
def _covered(value: str) -> tuple[str, ...]:
    names = tuple(value.lower().split())
    if len(names) > MOST_COMPONENTS or len(set(names)) != len(names):
        raise Malformed("Signature covers too much, or one thing twice")
    return names


def _time(parameters: dict[str, str], name: str) -> datetime | None:
    value = parameters.get(name)
    return None if value is None else from_unix(value)


def _targets(request: Request) -> tuple[str, ...]:
    """Return the request target as it should be signed, then as servers that forget the query sign it."""
    _, _, path, query = split_url(request.url)
    method = request.method.lower()
    without = f"{method} {path}"
    return (without,) if query is None else (f"{without}?{query}", without)


def _require_coverage(request: Request, claimed: Claim) -> None:
    missing = [name for name in (_TARGET, "host") if name not in claimed.covered]
    if (request.method == "POST" or request.body) and not _covers_body(claimed):
        missing.append("digest")
    if missing:
        raise Unauthenticated(f"the signature does not cover {' '.join(sorted(missing))}")
    if claimed.algorithm == "rsa-sha256" and (_CREATED in claimed.covered or _EXPIRES in claimed.covered):
        raise Unauthenticated("rsa-sha256 knows neither (created) nor (expires)")


def _covers_body(claimed: Claim) -> bool:
    return "digest" in claimed.covered or "content-digest" in claimed.covered


def _require_time(request: Request, claimed: Claim, *, now: datetime) -> None:
    signed: list[datetime] = []
    if _CREATED in claimed.covered and claimed.created is not None:
        signed.append(claimed.created)
    if "date" in claimed.covered:
        signed.append(from_http_date(covered_header(request, "date")))
    if not signed:
        raise Unauthenticated("the signature covers neither date nor (created)")
    expires = claimed.expires if _EXPIRES in claimed.covered else None
    for time in signed:
        require_current(time, expires, now=now)


def _require_digest(request: Request, claimed: Claim) -> None:
    if "digest" in claimed.covered:
        check_digest(request.header("digest"), request.body)
    if "content-digest" in claimed.covered:
        check_content_digest(request.header("content-digest"), request.body)


def _require_signature(request: Request, claimed: Claim, key: PublicKey) -> None:
    pseudo = {
        name: str(int(time.timestamp()))
        for name, time in ((_CREATED, claimed.created), (_EXPIRES, claimed.expires))
        if time is not None
    }
    key.verify(
        claimed.signature,
        *(signing_string(request, claimed.covered, {**pseudo, _TARGET: target}) for target in _targets(request)),
    )
