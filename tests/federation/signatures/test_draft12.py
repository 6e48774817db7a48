"""What must never be believed of signatures as most servers make them."""

import base64
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Malformed, ProtocolError, Unauthenticated
from federation.http import Request
from federation.keys import PublicKey
from federation.signatures import claim, verify
from tests.federation.signatures.peer import (
    ACTOR,
    AS2,
    BODY,
    ED25519_PEM,
    HOSTS,
    NOW,
    cavage,
    changed,
    get,
    our_ed25519,
    our_rsa,
    plain_headers,
    post,
    with_header,
)

USUAL = "(request-target) host date digest content-type"
FORGED = base64.b64encode(b"x" * 256).decode()


def proven(request: Request, *, key: PublicKey | None = None, after: timedelta = timedelta()) -> str:
    return verify(request, claim(request), key or our_rsa().public, now=NOW + after, hosts=HOSTS)


def refused(request: Request, **how: object) -> None:
    with pytest.raises(Unauthenticated):
        proven(request, **how)  # type: ignore[arg-type]


def test_an_unsigned_request_proves_nothing() -> None:
    """T-01."""
    refused(post(plain_headers()))


def test_a_random_signature_proves_nothing() -> None:
    """T-01."""
    refused(
        with_header(
            post(plain_headers()), "signature", f'keyId="{ACTOR}#main-key",headers="{USUAL}",signature="{FORGED}"'
        )
    )


@pytest.mark.parametrize("dropped", ["(request-target)", "host", "date", "digest"])
def test_a_partly_signed_post_proves_nothing(dropped: str) -> None:
    """T-02, V-S02."""
    covered = " ".join(name for name in USUAL.split() if name != dropped)

    refused(cavage(post(plain_headers()), covered))


@pytest.mark.parametrize("dropped", ["(request-target)", "host", "date"])
def test_a_partly_signed_get_proves_nothing(dropped: str) -> None:
    """T-02."""
    covered = " ".join(name for name in ("(request-target)", "host", "date") if name != dropped)

    refused(cavage(get(plain_headers(b"")), covered))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("host", "evil.test"),
        ("date", "Tue, 18 Aug 2026 10:08:47 GMT"),
        ("digest", "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
        ("digest", None),
        ("host", None),
        ("date", None),
        ("content-type", "application/ld+json"),
    ],
)
def test_a_changed_header_breaks_the_proof(header: str, value: str | None) -> None:
    """T-01, V-S02."""
    refused(changed(cavage(post(plain_headers()), USUAL), header, value))


def test_another_body_path_query_or_method_breaks_the_proof() -> None:
    """V-S02, V-L05, V-O01."""
    signed = cavage(post(plain_headers(), path="/inbox?a=1"), USUAL)

    for other in (
        Request("POST", signed.url, signed.headers, BODY + b" "),
        Request("POST", signed.url, signed.headers, b""),
        Request("POST", "https://remote.example/inbox?a=2", signed.headers, BODY),
        Request("POST", "https://remote.example/inbox", signed.headers, BODY),
        Request("POST", "https://remote.example/ap/u/anna/inbox?a=1", signed.headers, BODY),
        Request("PUT", signed.url, signed.headers, BODY),
    ):
        refused(other)


def test_a_body_that_no_digest_covers_is_refused_whatever_the_method() -> None:
    signed = cavage(get(plain_headers(b"")), "(request-target) host date")

    refused(Request("GET", signed.url, signed.headers, b"smuggled"))


def test_a_request_signed_for_another_host_is_refused() -> None:
    """V-S02."""
    signed = cavage(post({**plain_headers(), "host": "evil.test"}), USUAL)

    refused(signed)


@pytest.mark.parametrize(
    "algorithm", ["hmac-sha256", "none", "rsa-sha1", "rsa-sha512", "ed25519", "RSA-SHA256", "", "hs2019 "]
)
def test_an_algorithm_that_does_not_fit_the_key_is_refused(algorithm: str) -> None:
    """T-04: the kind of the key decides."""
    refused(cavage(post(plain_headers()), USUAL, algorithm=f'"{algorithm}"'))


def test_a_public_key_is_no_shared_secret() -> None:
    """T-04."""
    signed = cavage(post(plain_headers()), USUAL)

    refused(signed, key=our_ed25519(f"{ACTOR}#main-key").public)
    refused(cavage(post(plain_headers()), USUAL, pem=ED25519_PEM))


def test_a_key_with_another_id_is_refused() -> None:
    """T-03."""
    refused(cavage(post(plain_headers()), USUAL), key=our_rsa(f"{ACTOR}/main-key").public)


def test_created_means_nothing_with_rsa_sha256() -> None:
    covered = "(request-target) (created) host digest"

    refused(cavage(post(plain_headers()), covered, algorithm='"rsa-sha256"', created=str(int(NOW.timestamp()))))


def test_covered_parameters_must_be_there() -> None:
    refused(cavage(post(plain_headers()), "(request-target) (created) host digest"))
    refused(cavage(post(plain_headers()), f"{USUAL} (expires)"))
    refused(changed(cavage(post({**plain_headers(), "x-made-up": "1"}), f"{USUAL} x-made-up"), "x-made-up", None))


@pytest.mark.parametrize("name", ["signature", "date", "host", "digest", "content-type"])
def test_a_doubled_header_is_malformed(name: str) -> None:
    """T-06, 0.16."""
    signed = cavage(post(plain_headers()), USUAL)
    twice = with_header(signed, name, dict(signed.headers)[name])

    with pytest.raises(Malformed):
        proven(twice)


def test_any_other_doubled_header_is_malformed_if_it_is_covered() -> None:
    """T-06."""
    signed = cavage(post(plain_headers()), f"{USUAL} accept")

    with pytest.raises(Malformed):
        proven(with_header(signed, "accept", AS2))


@pytest.mark.parametrize("value", ["remote.example\r\n evil.test", "remote.example\x00", "remote\nexample"])
def test_folded_or_broken_headers_are_malformed(value: str) -> None:
    """T-06."""
    with pytest.raises(Malformed):
        proven(changed(cavage(post(plain_headers()), USUAL), "host", value))


@pytest.mark.parametrize(
    "value",
    [
        "",
        ",",
        "keyId",
        f'keyId="{ACTOR}#main-key"',
        'signature="eA=="',
        f'keyId="{ACTOR}",signature="***"',
        f'keyId="{ACTOR}",signature="eA"',
        f'keyId="{ACTOR}",keyId="{ACTOR}",signature="eA=="',
        f'keyId="{ACTOR}",KEYID="{ACTOR}",signature="eA=="',
        f'keyId="{ACTOR}",signature="eA==",signature="eA=="',
        f'keyId={ACTOR},signature="eA=="',
        f'keyId="{ACTOR}\\"",signature="eA=="',
        f'keyId="{ACTOR}" signature="eA=="',
        f'keyId="{ACTOR}",headers="date date",signature="eA=="',
        f'keyId="{ACTOR}",headers="date DATE",signature="eA=="',
        f'keyId="{ACTOR}",headers="{" ".join(f"x-{n}" for n in range(33))}",signature="eA=="',
        f'keyId="{ACTOR}",created=1.5,signature="eA=="',
        f'keyId="{ACTOR}",created=-5,signature="eA=="',
        f'keyId="{ACTOR}",created="soon",signature="eA=="',
        f'keyId="{ACTOR}",created=999999999999,signature="eA=="',
        f'keyId="{ACTOR}{"a" * 9000}",signature="eA=="',
    ],
)
def test_a_broken_signature_header_is_malformed(value: str) -> None:
    """T-06."""
    with pytest.raises(Malformed):
        claim(with_header(post(plain_headers()), "signature", value))


@given(st.text(max_size=80) | st.from_regex(r'(keyId|headers|signature|created|x)="?[ -~]{0,20}"?,?', fullmatch=True))
def test_no_header_breaks_the_parser(value: str) -> None:
    try:
        found = claim(with_header(post(plain_headers()), "signature", value))
        verify(post(plain_headers()), found, our_rsa(found.key_id).public, now=NOW, hosts=HOSTS)
    except ProtocolError:
        return
    pytest.fail("a made-up signature was believed")
