"""Exact bytes: what we send, and the examples of the draft."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from federation.errors import Unauthenticated
from federation.http import Request
from federation.keys import KeyKind, PublicKey, load_public_pem
from federation.signatures import Scheme, claim, sign, verify
from federation.signatures.draft12 import signing_string
from tests.federation.signatures.peer import (
    ACTOR,
    AS2,
    BODY,
    HOSTS,
    NOW,
    our_ed25519,
    our_rsa,
    with_header,
)

DRAFT_KEY = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C36rPJj+CvfSC8+q28hxA161QF"
    "NUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJwoYi+1hqp1fIekaxsyQIDAQAB"
    "\n-----END PUBLIC KEY-----\n"
)
DRAFT_HEADERS = (
    ("host", "example.com"),
    ("date", "Sun, 05 Jan 2014 21:31:40 GMT"),
    ("content-type", "application/json"),
    ("digest", "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
    ("content-length", "18"),
)
DRAFT_SIGNATURES = {
    "date": "SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+"
    "ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV5lp7q25WqS+lavg7T8hc0Gpp"
    "auB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM=",
    "(request-target) host date": "qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2i"
    "icw3HMbe8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0=",
    "(request-target) host date content-type digest content-length": "vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+"
    "oVLEEzmYZZvRs"
    "8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv120V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE=",
}


@pytest.mark.parametrize("covered", DRAFT_SIGNATURES)
def test_the_examples_of_the_draft_give_the_same_string_and_are_not_enough(covered: str) -> None:
    """Cavage C.1 to C.3: T-02 refuses the first two, T-04 the 1024-bit key of all three."""
    loaded = serialization.load_pem_public_key(DRAFT_KEY.encode())
    assert isinstance(loaded, RSAPublicKey)
    signature = base64.b64decode(DRAFT_SIGNATURES[covered])
    request = Request("POST", "https://example.com/foo?param=value&pet=dog", DRAFT_HEADERS, b'{"hello": "world"}')
    base = signing_string(request, tuple(covered.split()), {"(request-target)": "post /foo?param=value&pet=dog"})

    loaded.verify(signature, base, padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(Unauthenticated):
        load_public_pem(DRAFT_KEY, id="Test", owner="Test")
    if covered != "(request-target) host date content-type digest content-length":
        signed = with_header(
            request,
            "signature",
            f'keyId="Test",algorithm="rsa-sha256",headers="{covered}",signature="{DRAFT_SIGNATURES[covered]}"',
        )
        with pytest.raises(Unauthenticated, match="cover"):
            verify(
                signed,
                claim(signed),
                PublicKey("Test", "Test", KeyKind.RSA, loaded),
                now=NOW,
                hosts=frozenset({"example.com"}),
            )


def test_we_sign_a_post_exactly_so() -> None:
    """The signature was made with openssl."""
    request = Request("POST", "https://remote.example/inbox", (("content-type", AS2), ("user-agent", "Talanoa")), BODY)

    signed = sign(request, our_rsa(), scheme=Scheme.CAVAGE, now=NOW)

    assert signed == Request(
        "POST",
        "https://remote.example/inbox",
        (
            ("content-type", AS2),
            ("user-agent", "Talanoa"),
            ("host", "remote.example"),
            ("date", "Tue, 18 Aug 2026 10:08:46 GMT"),
            ("digest", "SHA-256=k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg="),
            (
                "signature",
                'keyId="https://node.example/users/a#main-key",algorithm="rsa-sha256",'
                'headers="(request-target) host date digest content-type",'
                'signature="Wzk3JW5Ke/tuyjyBJLUqzvCpgvI9nZ//VrTZIwfwKodBT+TTa2/0nrsdA9jsNVZMVVcp/RgV2tLrv6AEyCJ1SuJkSFvWrdkR0AvgQTBY'
                "bMTWgeqDvZGjNR2437aOzp/ICq52UgBzzYvTatMREYXBsFAhc5MTr20cdvmcnbNwkGkCfG4eEkJq3qk+F4jA4qHTrhcEL/Y0lcukGLjgGedkYQm/LtSG"
                "Ul04as9L1EPBSA9eAXAabHW2idpWSG5FM6kKeVpfZWc8W2WlH3zedhom7QoMMNvRVvoFP0HrtfFlOXntmoITnmsqCa5reOlGBHNkgyD6XnnN8MFL6KJP"
                'CikUuQ=="',
            ),
        ),
        BODY,
    )


def test_we_sign_a_get_with_its_query_exactly_so() -> None:
    """With a query; the signature was made with openssl."""
    request = Request("GET", "https://remote.example/ap/u/anna/outbox?page=2&x=%C3%A9", (("accept", AS2),))

    signed = sign(request, our_rsa(), scheme=Scheme.CAVAGE, now=NOW)

    assert dict(signed.headers) == {
        "accept": AS2,
        "host": "remote.example",
        "date": "Tue, 18 Aug 2026 10:08:46 GMT",
        "signature": 'keyId="https://node.example/users/a#main-key",algorithm="rsa-sha256",'
        'headers="(request-target) host date",signature="MAz5o2h+qaTHvB/5pCCxkKrinLV9C4b3pD1fVEq+'
        "vIMRfieTkXOwcRFA4KS5vX62SabJm6UQxIijLuNyoAkZYTSpUS3RqxNoh6rKObXUM4kq"
        "MVZdPrcX2agN5JwvQTt7aS8Lwm8WDjSnoX6AoD75TIk7RuS6bQkLqdgz5B6uESgI7RrhcczgwzLm8RJkjJoL3wyMqwk1DB+d+T3+LdcKsYdAQHw7+mPUqYzi"
        'OytrRw4br1Ceed0A1RnibU05gP9b9QqiepFby+MxkrgVk0vXIp/7fMzT2gMjOMsU3UuCmI4v6cZZYD06oPlAgAqIbhqp0ekLFkGnGhATIGrdjmlEVw=="',
    }


def test_we_believe_what_we_sign_and_signing_again_replaces_it() -> None:
    request = Request("POST", "https://remote.example/inbox", (("content-type", AS2),), BODY)
    later = NOW + timedelta(hours=3)

    again = sign(
        sign(request, our_rsa(), scheme=Scheme.RFC9421, now=NOW), our_ed25519(), scheme=Scheme.CAVAGE, now=later
    )

    assert verify(again, claim(again), our_ed25519().public, now=later, hosts=HOSTS) == ACTOR
    assert again.header("signature-input") is None
