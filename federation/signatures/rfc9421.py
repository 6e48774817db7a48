"""HTTP Message Signatures. Pure: no clock, no network, no database.

Spec: RFC 9421.
"""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NoReturn, cast

import http_sf

from federation.digest import check_content_digest, make_content_digest
from federation.errors import Malformed, Unauthenticated
from federation.http import Request
from federation.keys import KeyKind, PrivateKey, PublicKey
from federation.signatures.claims import (
    COVERED_IF_THERE,
    MOST_COMPONENTS,
    Claim,
    Scheme,
    covered_header,
    from_unix,
    http_date,
    require_current,
    require_host,
    split_url,
)

MOST_LABELS = 8

_ALGORITHMS = {KeyKind.RSA: "rsa-v1_5-sha256", KeyKind.ED25519: "ed25519"}
_WHOLE_TARGET = ({"@target-uri"}, {"@authority", "@request-target"}, {"@authority", "@path", "@query"})
_BODY_DIGEST = "content-digest"

_Members = http_sf.DictionaryType


def claim(request: Request) -> Claim:
    """Return what the first usable member of `Signature-Input` says; its label may be anything.

    Raises:
        Malformed: broken syntax or a doubled label.
        Unauthenticated: no member that we could verify.

    Spec: RFC 9421 §4.1, §4.2.
    """
    inputs = _dictionary(request.header("signature-input") or "")
    signatures = _dictionary(request.header("signature") or "")
    if len(inputs) > MOST_LABELS:
        raise Malformed("too many signatures")
    for label, member in inputs.items():
        usable = _usable(member, signatures.get(label))
        if usable is not None:
            return usable
    raise Unauthenticated("no signature of a kind that can be verified here")


def verify(request: Request, claimed: Claim, key: PublicKey, *, now: datetime, hosts: frozenset[str]) -> None:
    """Return if `request` was signed with `key`, now, for us, and as a whole.

    Args:
        request: its URL is the public one, not the one behind a proxy.

    Raises:
        Malformed: a covered header is doubled or broken.
        Unauthenticated: anything else is wrong.

    Spec: RFC 9421 §3.2, §7.2.
    """
    if claimed.algorithm not in {None, _ALGORITHMS[key.kind]}:
        raise Unauthenticated(f"algorithm does not fit a key of kind {key.kind.value}")
    _require_coverage(request, claimed)
    if claimed.created is None:
        raise Unauthenticated("the signature does not say when it was created")
    require_current(claimed.created, claimed.expires, now=now)
    require_host(split_url(request.url)[1], hosts)
    if "host" in claimed.covered:
        require_host(covered_header(request, "host"), hosts)
    if _BODY_DIGEST in claimed.covered:
        check_content_digest(request.header(_BODY_DIGEST), request.body)
    key.verify(claimed.signature, signature_base(request, claimed.covered, claimed.params))


def sign(request: Request, key: PrivateKey, *, now: datetime) -> Request:
    """Return `request` with Host, Date, Content-Digest (if it has a body), Signature-Input and Signature.

    Spec: RFC 9421 §3.1.
    """
    headers = [("host", split_url(request.url)[1]), ("date", http_date(now))]
    covered = _to_cover(with_body=request.method == "POST" or bool(request.body))
    if _BODY_DIGEST in covered:
        headers.append((_BODY_DIGEST, make_content_digest(request.body)))
    covered += tuple(name for name in COVERED_IF_THERE if request.header(name) is not None)
    dressed = request.with_headers(*headers)
    params = f'({_quoted(covered)});created={int(now.timestamp())};keyid="{key.id}";alg="{_ALGORITHMS[key.kind]}"'
    signature = key.sign(signature_base(dressed, covered, params))
    value = f"sig1=:{base64.b64encode(signature).decode()}:"
    return dressed.with_headers(("signature-input", f"sig1={params}"), ("signature", value))


def accept_signature(method: str) -> str:
    """Return the value of `Accept-Signature` that tells a sender what we want to see covered.

    Spec: RFC 9421 §5.1.
    """
    covered = _to_cover(with_body=method == "POST")
    return f'sig1=({_quoted(covered)});alg="rsa-v1_5-sha256";created;keyid'


def signature_base(request: Request, covered: Iterable[str], params: str) -> bytes:
    """Return the bytes that are signed.

    Args:
        covered: component names in order.
        params: the value of `@signature-params`.

    Raises:
        Malformed: a covered header is doubled or folded.
        Unauthenticated: a component is absent or not known here.

    Spec: RFC 9421 §2.5.
    """
    lines = [f'"{name}": {_component(request, name)}' for name in covered]
    lines.append(f'"@signature-params": {params}')
    return "\n".join(lines).encode("latin-1", "replace")


def _to_cover(*, with_body: bool) -> tuple[str, ...]:
    return ("@method", "@target-uri", "@authority", *((_BODY_DIGEST,) if with_body else ()))


def _quoted(names: Iterable[str]) -> str:
    return " ".join(f'"{name}"' for name in names)


def _component(request: Request, name: str) -> str:
    if not name.startswith("@"):
        return covered_header(request, name)
    scheme, authority, path, query = split_url(request.url)
    target = path if query is None else f"{path}?{query}"
    derived = {
        "@method": request.method,
        "@target-uri": f"{scheme}://{authority}{target}",
        "@authority": authority,
        "@scheme": scheme,
        "@path": path,
        "@query": f"?{query or ''}",
        "@request-target": target,
    }
    if name not in derived:
        raise Unauthenticated(f"component {name[:40]} is not known here")
    return derived[name]


def _require_coverage(request: Request, claimed: Claim) -> None:
    covered = set(claimed.covered)
    if "@method" not in covered or not any(needed <= covered for needed in _WHOLE_TARGET):
        raise Unauthenticated("the signature does not cover @method and @target-uri")
    if _BODY_DIGEST not in covered and (request.method == "POST" or request.body):
        raise Unauthenticated("the signature does not cover content-digest")


def _dictionary(value: str) -> _Members:
    try:
        found = http_sf.parse(value.encode(), tltype="dictionary", on_duplicate_key=_refuse_double)
    except ValueError as error:
        raise Malformed(f"signature headers: {error}") from error
    return cast(_Members, found)


def _refuse_double(key: str, _context: str) -> NoReturn:
    raise Malformed(f"{key[:40]} occurs twice")


def _usable(member: object, signature: object) -> Claim | None:
    """Return the claim of one label, None if we could not verify such a one."""
    if not (isinstance(member, tuple) and isinstance(member[0], list) and isinstance(signature, tuple)):
        return None
    names, params = _plain_names(member[0]), member[1]
    key_id, algorithm, raw = params.get("keyid"), params.get("alg"), signature[0]
    known = algorithm is None or algorithm in _ALGORITHMS.values()
    if names is None or not known or not isinstance(key_id, str) or not isinstance(raw, bytes):
        return None
    return Claim(
        scheme=Scheme.RFC9421,
        key_id=key_id,
        algorithm=None if algorithm is None else str(algorithm),
        covered=names,
        created=_time(params, "created"),
        expires=_time(params, "expires"),
        signature=raw,
        params=http_sf.ser({"s": member}).removeprefix("s="),
    )


def _time(params: Mapping[str, object], name: str) -> datetime | None:
    return from_unix(params[name]) if name in params else None


def _plain_names(components: list[object]) -> tuple[str, ...] | None:
    """Return the component names, None if one has parameters (they change its meaning) or occurs twice."""
    names: list[str] = []
    for component in components:
        if not isinstance(component, tuple) or not isinstance(component[0], str) or component[1]:
            return None
        names.append(component[0])
    fits = len(names) <= MOST_COMPONENTS and len(set(names)) == len(names)
    return tuple(names) if fits and all(name == name.lower() for name in names) else None
