"""Keys are strong, of two kinds, and read the same after every way of writing them."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Malformed, Unauthenticated
from federation.keys import (
    KeyKind,
    PublicKey,
    generate_ed25519,
    generate_rsa,
    load_multibase,
    load_private_pem,
    load_public_pem,
)
from federation.multikey import decode_base58, decode_multibase, encode_base58, encode_multibase

ID = "https://a.example/ap/u/anna#main-key"
OWNER = "https://a.example/ap/u/anna"


def spki(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size) + content


def rsa_pem(bits: int, exponent: int) -> str:
    """Write a public key that no library would make: any odd modulus, any exponent."""
    modulus = (1 << bits) - 1
    numbers = b"".join(der(2, n.to_bytes(n.bit_length() // 8 + 1)) for n in (modulus, exponent))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    whole = der(0x30, algorithm + der(3, b"\0" + der(0x30, numbers)))
    return f"-----BEGIN PUBLIC KEY-----\n{base64.encodebytes(whole).decode()}-----END PUBLIC KEY-----\n"


@pytest.mark.parametrize(
    "pem",
    [
        rsa_pem(512, 65537),
        rsa_pem(1024, 65537),
        rsa_pem(2047, 65537),
        rsa_pem(8193, 65537),
        rsa_pem(16384, 65537),
        rsa_pem(2048, 1),
        rsa_pem(2048, 2**40 + 1),
        rsa_pem(2048, 2**2040 + 1),
        spki(ec.generate_private_key(ec.SECP256R1()).public_key()),
        generate_ed25519(id=ID, owner=OWNER).pem,
        "",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "x" * 5000,
        None,
        ["-----BEGIN PUBLIC KEY-----"],
    ],
)
def test_a_weak_or_foreign_key_proves_nothing(pem: object) -> None:
    """T-04."""
    with pytest.raises(Unauthenticated):
        load_public_pem(pem, id=ID, owner=OWNER)


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        "",
        "z",
        "z0OIl",
        "uABC",
        "z6Mk",
        encode_multibase(b"\xed\x01" + b"\1" * 31),
        encode_multibase(b"\x80\x26" + b"\1" * 32),
        encode_multibase(b"\x85\x24" + b"\1" * 40),
        "z" + "1" * 4000,
    ],
)
def test_a_broken_multikey_proves_nothing(text: object) -> None:
    """T-04."""
    with pytest.raises(Unauthenticated):
        load_multibase(text, id=ID, owner=OWNER)


def test_a_signature_of_another_key_proves_nothing() -> None:
    mine, other = generate_rsa(id=ID, owner=OWNER), generate_rsa(id=ID, owner=OWNER)
    small, stranger = generate_ed25519(id=ID, owner=OWNER), generate_ed25519(id=ID, owner=OWNER)

    for key, forger in ((mine, other), (small, stranger), (mine, small), (small, mine)):
        with pytest.raises(Unauthenticated):
            key.public.verify(forger.sign(b"message"), b"message")
        with pytest.raises(Unauthenticated):
            key.public.verify(key.sign(b"message"), b"another message")
        with pytest.raises(Unauthenticated):
            key.public.verify(b"", b"message")


@pytest.mark.parametrize(("make", "kind"), [(generate_rsa, KeyKind.RSA), (generate_ed25519, KeyKind.ED25519)])
def test_a_key_survives_every_way_of_writing_it(make: type, kind: KeyKind) -> None:
    key = make(id=ID, owner=OWNER)
    again = load_private_pem(key.pem, id=ID, owner=OWNER)

    expected = PublicKey(ID, OWNER, kind, key.public.loaded)
    assert again.public == expected
    assert load_public_pem(key.public.pem, id=ID, owner=OWNER) == expected
    assert load_public_pem(key.public.pem.replace("\n", "\r\n"), id=ID, owner=OWNER) == expected
    assert load_multibase(key.public.multibase, id=ID, owner=OWNER) == expected
    expected.verify(again.sign(b"message"), b"message")


def test_a_private_key_never_shows_in_a_log() -> None:
    key = generate_ed25519(id=ID, owner=OWNER)

    assert repr(key) == f"PrivateKey(id='{ID}', owner='{OWNER}', kind=<KeyKind.ED25519: 'ed25519'>)"


def test_rsa_keys_have_2048_bits_and_ed25519_multikeys_their_usual_beginning() -> None:
    assert generate_rsa(id=ID, owner=OWNER).public.pem.count("\n") == 9
    assert generate_ed25519(id=ID, owner=OWNER).public.multibase.startswith("z6Mk")


def test_the_published_multikeys_are_read() -> None:
    """FEP-521a, FEP-8b32: public and secret prefix."""
    public = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"

    assert load_multibase(public, id=ID, owner=OWNER).multibase == public
    assert decode_multibase("z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq")[:2] == b"\x80\x26"


@pytest.mark.parametrize(
    ("raw", "text"), [(b"", ""), (b"\0\0", "11"), (b"hello world", "StV1DL6CwTryKyV"), (b"\0\x01", "12")]
)
def test_base58_of_known_bytes(raw: bytes, text: str) -> None:
    assert encode_base58(raw) == text
    assert decode_base58(text) == raw


@pytest.mark.parametrize("text", ["0", "l", "a b", "\u00e9", "1" * 1025])
def test_what_is_not_base58_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        decode_base58(text)


@given(st.binary(max_size=64))
def test_base58_gives_back_what_it_got(raw: bytes) -> None:
    assert decode_base58(encode_base58(raw)) == raw
