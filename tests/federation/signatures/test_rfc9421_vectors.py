"""Exact bytes: what we send, and the example of RFC 9421."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation.errors import Unauthenticated
from federation.http import Request
from federation.keys import KeyKind, PublicKey
from federation.signatures import Scheme, accept_signature_header, claim, sign, verify
from federation.signatures.rfc9421 import signature_base
from tests.federation.signatures.peer import (
    AS2,
    BODY,
    NOW,
    our_ed25519,
    our_rsa,
)


def test_the_vector_of_the_rfc_gives_the_same_base_and_covers_too_little() -> None:
    """RFC 9421 B.2.6; its components leave the query and the body open (T-02)."""
    spki = base64.b64decode("MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")
    key = serialization.load_der_public_key(spki)
    assert isinstance(key, Ed25519PublicKey)
    public = PublicKey("test-key-ed25519", "test", KeyKind.ED25519, key)
    request = Request(
        "POST",
        "https://example.com/foo?param=Value&Pet=dog",
        (
            ("host", "example.com"),
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("content-type", "application/json"),
            ("content-length", "18"),
            (
                "signature-input",
                'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
                ';created=1618884473;keyid="test-key-ed25519"',
            ),
            (
                "signature",
                "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
            ),
        ),
        b'{"hello": "world"}',
    )

    found = claim(request)
    public.verify(found.signature, signature_base(request, found.covered, found.params))
    with pytest.raises(Unauthenticated, match="cover"):
        verify(request, found, public, now=NOW, hosts=frozenset({"example.com"}))


def test_we_sign_a_post_exactly_so() -> None:
    """The signature was made with openssl."""
    request = Request("POST", "https://remote.example/inbox", (("content-type", AS2),), BODY)

    result = sign(request, our_rsa(), scheme=Scheme.RFC9421, now=NOW)

    assert dict(result.headers) == {
        "content-type": AS2,
        "host": "remote.example",
        "date": "Tue, 18 Aug 2026 10:08:46 GMT",
        "content-digest": "sha-256=:k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg=:",
        "signature-input": 'sig1=("@method" "@target-uri" "@authority" "content-digest");created=1787047726;'
        'keyid="https://node.example/users/a#main-key";alg="rsa-v1_5-sha256"',
        "signature": "sig1=:kOxfBjbRgJ5Y5W0EBrqCkhqEpAXaKrmrAekh9Ca3OcQ69oks8n1vJy1pwzv2hrz2P6IoqxT0bWDLlmHYhm4yw9Mi"
        "sWdvlJ0Z8oJg"
        "mCJOQf+t8mMeO3RvCHsBgPu4R+Cne/ZFUPghQtq407SZiwBycTfMBA4EMT4Fs4JeN/G8dfzpidDPHzGScv2w8q8PXhGhPOV60Dn4qlwZhO9Mzo+Myrrw"
        "T2wdPMsBxJ9fk8xEm6O6+BpKyWSwZa11KLV7k6OPIiAf5Tqjl1WjlwOsp3kHDrz9BVY/Mq2Ui4T7bdK3gwJ5RFt7so3BXlB4NZptZXFPDytJEXqn4ydX"
        "8iF8H/vBOQ==:",
    }


def test_we_sign_a_get_exactly_so() -> None:
    """Ed25519; the signature was made with openssl."""
    request = Request("GET", "https://remote.example/users/b?page=1")

    result = sign(request, our_ed25519(), scheme=Scheme.RFC9421, now=NOW)

    assert dict(result.headers) == {
        "host": "remote.example",
        "date": "Tue, 18 Aug 2026 10:08:46 GMT",
        "signature-input": 'sig1=("@method" "@target-uri" "@authority");created=1787047726;'
        'keyid="https://node.example/users/a#ed25519-key";alg="ed25519"',
        "signature": "sig1=:mU91/L85puqiDjTxqQ7MnAdB8lCBmTDwKaQar9JSTZdyOBY96XQZITPuurpa8g77gddePsWLL7QUwrszZxXXAA==:",
    }


def test_a_challenge_says_what_must_be_covered() -> None:
    assert accept_signature_header("POST") == (
        "accept-signature",
        'sig1=("@method" "@target-uri" "@authority" "content-digest");alg="rsa-v1_5-sha256";created;keyid',
    )
    assert accept_signature_header("GET") == (
        "accept-signature",
        'sig1=("@method" "@target-uri" "@authority");alg="rsa-v1_5-sha256";created;keyid',
    )
