"""HTTP Message Signatures, ours and those of an independent library."""

import base64
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.digest import make_content_digest
from federation.errors import Malformed, ProtocolError, Unauthenticated
from federation.http import Request
from federation.keys import PublicKey
from federation.signatures import Scheme, claim, sign, verify
from tests.federation.signatures.peer import (
    ACTOR,
    AS2,
    BODY,
    HOSTS,
    NOW,
    changed,
    our_rsa,
    raw_sign,
)

CREATED = int(NOW.timestamp())
DIGEST = "sha-256=:k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg=:"
VALUES = {
    "@method": "POST",
    "@target-uri": "https://remote.example/inbox?a=1",
    "@authority": "remote.example",
    "@scheme": "https",
    "@path": "/inbox",
    "@query": "?a=1",
    "@request-target": "/inbox?a=1",
    "content-digest": DIGEST,
    "content-type": AS2,
    "host": "remote.example",
    "date": "Tue, 18 Aug 2026 10:08:46 GMT",
}
HEADERS = tuple((name, value) for name, value in VALUES.items() if not name.startswith("@"))
POST = Request("POST", VALUES["@target-uri"], HEADERS, BODY)
USUAL = ("@method", "@target-uri", "content-digest")


def signed(
    covered: tuple[str, ...], params: str | None = None, *, request: Request = POST, label: str = "sig1"
) -> Request:
    """Sign as another server: the base is put together here, by hand."""
    listed = " ".join(f'"{name}"' for name in covered)
    params = f'({listed});created={CREATED};keyid="{ACTOR}#main-key"' if params is None else f"({listed}){params}"
    lines = [f'"{name}": {VALUES.get(name, "?")}' for name in covered]
    base = "\n".join([*lines, f'"@signature-params": {params}'])
    return request.with_headers(("signature-input", f"{label}={params}"), ("signature", f"{label}=:{raw_sign(base)}:"))


def proven(request: Request, *, key: PublicKey | None = None, now: datetime = NOW) -> str:
    return verify(request, claim(request), key or our_rsa().public, now=now, hosts=HOSTS)


def refused(request: Request) -> None:
    with pytest.raises(Unauthenticated):
        proven(request)


@pytest.mark.parametrize(
    "covered",
    [
        ("@target-uri", "content-digest"),
        ("@method", "content-digest"),
        ("@method", "@target-uri"),
        ("@method", "@authority", "content-digest"),
        ("@method", "@authority", "@path", "content-digest"),
        ("@method", "@authority", "@query", "content-digest"),
        ("@method", "@path", "@query", "content-digest"),
        ("@method", "@request-target", "content-digest"),
        ("date", "content-type"),
        (),
    ],
)
def test_a_partly_signed_request_proves_nothing(covered: tuple[str, ...]) -> None:
    """T-02."""
    refused(signed(covered))


@pytest.mark.parametrize(
    "covered",
    [
        ("@method", "@target-uri", "content-digest"),  # Mastodon
        ("@method", "@target-uri", "@authority", "content-digest"),  # WordPress
        ("@method", "@target-uri", "@authority", "host", "date", "content-digest"),  # Fedify
        ("@method", "@authority", "@path", "@query", "content-digest"),
        ("@authority", "@request-target", "@method", "@scheme", "content-digest", "content-type"),
    ],
)
def test_each_way_to_cover_the_whole_request_is_believed(covered: tuple[str, ...]) -> None:
    """T-02."""
    assert proven(signed(covered)) == ACTOR


@pytest.mark.parametrize("label", ["sig1", "wp", "a", "*x-1.y_z"])
def test_the_label_may_be_anything(label: str) -> None:
    assert proven(signed(USUAL, label=label)) == ACTOR


@pytest.mark.parametrize(
    "params",
    [
        f';keyid="{ACTOR}#main-key"',
        f";created={CREATED}",
        f";created={CREATED};keyid=token",
        f';created={CREATED};keyid="{ACTOR}#main-key";alg="hmac-sha256"',
        f';created={CREATED};keyid="{ACTOR}#main-key";alg="none"',
        f';created={CREATED};keyid="{ACTOR}#main-key";alg="rsa-pss-sha512"',
        f';created={CREATED};keyid="{ACTOR}#main-key";alg="ed25519"',
        f';created={CREATED};keyid="{ACTOR}#main-key";alg=1',
        f';created={CREATED};keyid="{ACTOR}#another"',
        f';created={CREATED - 3960};keyid="{ACTOR}#main-key"',
        f';created={CREATED + 3660};keyid="{ACTOR}#main-key"',
        f';created={CREATED};expires={CREATED - 1};keyid="{ACTOR}#main-key"',
        f';created={CREATED - 13 * 3600 - 1};expires={CREATED};keyid="{ACTOR}#main-key"',
    ],
)
def test_parameters_that_prove_nothing(params: str) -> None:
    """T-04, T-13."""
    refused(signed(USUAL, params))


@pytest.mark.parametrize(
    "params",
    [
        f';created={CREATED};keyid="{ACTOR}#main-key";alg="rsa-v1_5-sha256"',
        f';keyid="{ACTOR}#main-key";created={CREATED};nonce="n";tag="fediverse"',
        f';created={CREATED - 3840};keyid="{ACTOR}#main-key"',
        f';created={CREATED + 3540};keyid="{ACTOR}#main-key"',
        f';created={CREATED - 12 * 3600 + 60};expires={CREATED};keyid="{ACTOR}#main-key"',
    ],
)
def test_parameters_that_are_believed(params: str) -> None:
    """T-13: -64 and +59 minutes; with an end, 12 hours."""
    assert proven(signed(USUAL, params)) == ACTOR


@pytest.mark.parametrize(
    "component",
    [
        '"@query-param";name="a"',
        '"@status"',
        '"@made-up"',
        '"content-type";sf',
        '"@method";req',
        '"Content-Type"',
        "token",
        '"x-absent"',
    ],
)
def test_a_component_that_we_cannot_compute_is_refused(component: str) -> None:
    """9.3: 401."""
    request = signed(USUAL)
    value = dict(request.headers)["signature-input"].replace('("@method"', f'({component} "@method"')

    refused(changed(request, "signature-input", value))


def test_a_changed_request_breaks_the_proof() -> None:
    """V-S02."""
    request = signed((*USUAL, "content-type"))

    for other in (
        changed(request, "content-type", "application/ld+json"),
        changed(request, "content-digest", make_content_digest(b"{}")),
        changed(request, "content-digest", None),
        changed(request, "signature", f"sig1=:{base64.b64encode(b'x' * 256).decode()}:"),
        Request("POST", request.url, request.headers, b"{}"),
        Request("POST", "https://remote.example/inbox?a=2", request.headers, BODY),
        Request("POST", "https://remote.example/inbox", request.headers, BODY),
        Request("PUT", request.url, request.headers, BODY),
    ):
        refused(other)


def test_a_request_signed_for_another_host_is_refused() -> None:
    with pytest.raises(Unauthenticated, match="another host"):
        request = sign(Request("GET", "https://evil.test/inbox"), our_rsa(), scheme=Scheme.RFC9421, now=NOW)
        proven(request)


@pytest.mark.parametrize(
    ("inputs", "signature"),
    [
        ("sig1=(", "sig1=:eA==:"),
        ("sig1=(), sig1=()", "sig1=:eA==:"),
        (f'sig1=("@method");created={CREATED};created={CREATED};keyid="x"', "sig1=:eA==:"),
        ('sig1=("@method");created="now";keyid="x"', "sig1=:eA==:"),
        ('sig1=("@method");created;keyid="x"', "sig1=:eA==:"),
        (f'sig1=("@method");created={10**14};keyid="x"', "sig1=:eA==:"),
        ('sig1=("@method");keyid="x"', "sig1=:eA"),
        ('sig1=("@method");keyid="x"', 'keyId="x",signature="eA=="'),
        (", ".join(f"s{n}=()" for n in range(9)), "s1=:eA==:"),
        ("\u00fc=()", "sig1=:eA==:"),
    ],
)
def test_broken_signature_headers_are_malformed(inputs: str, signature: str) -> None:
    """T-06; the older scheme is not tried instead."""
    with pytest.raises(Malformed):
        claim(POST.with_headers(("signature-input", inputs), ("signature", signature)))


@pytest.mark.parametrize(
    ("inputs", "signature"),
    [
        ("", ""),
        ('sig1=("@method");keyid="x"', "sig2=:eA==:"),
        ('sig1=("@method");keyid="x"', "sig1=1"),
        ('sig1=("@method");keyid="x"', "sig1=(:eA==:)"),
        ('sig1=("@method" "@method");keyid="x"', "sig1=:eA==:"),
        ("sig1=1", "sig1=:eA==:"),
        ("sig1", "sig1=:eA==:"),
    ],
)
def test_a_signature_that_is_none_proves_nothing(inputs: str, signature: str) -> None:
    with pytest.raises(Unauthenticated):
        claim(POST.with_headers(("signature-input", inputs), ("signature", signature)))


def test_a_doubled_signature_input_is_malformed() -> None:
    """T-06."""
    request = signed(USUAL)
    doubled = Request("POST", request.url, (*request.headers, ("signature-input", "x=()")), BODY)

    with pytest.raises(Malformed):
        claim(doubled)


def test_of_several_labels_the_first_that_can_be_verified_counts() -> None:
    """9.3."""
    request = signed(USUAL)
    headers = dict(request.headers)
    several = request.with_headers(
        ("signature-input", f'proxy=("x");alg="hmac-sha256";keyid="k", {headers["signature-input"]}, z=()'),
        ("signature", f"z=:eA==:, proxy=:eA==:, {headers['signature']}"),
    )

    assert proven(several) == ACTOR


def test_the_shared_secret_of_the_rfc_is_refused() -> None:
    """RFC 9421 B.2.5, T-04."""
    request = POST.with_headers(
        ("signature-input", 'sig-b25=("date");created=1618884473;keyid="test-shared-secret";alg="hmac-sha256"'),
        ("signature", "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:"),
    )

    with pytest.raises(Unauthenticated):
        claim(request)


@given(
    st.text(max_size=80)
    | st.from_regex(r'[a-z]=\(("@?[a-z]{0,9}" ?){0,3}\)(;[a-z]{1,7}="?[0-9a-z]{0,9}"?){0,3}', fullmatch=True)
)
def test_no_header_breaks_the_parser(value: str) -> None:
    request = POST.with_headers(("signature-input", value), ("signature", "a=:eA==:, b=:eA==:"))

    with pytest.raises(ProtocolError):
        found = claim(request)
        verify(request, found, our_rsa(found.key_id).public, now=NOW, hosts=HOSTS)
