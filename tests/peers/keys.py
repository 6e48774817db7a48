"""Keys of made-up actors; made once a process, since RSA takes its time."""

import base64
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@cache
def rsa_key(owner: str, generation: int = 1) -> RSAPrivateKey:
    """Return the RSA key of `owner`; a later `generation` is another key."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ed25519_key(owner: str, generation: int = 1) -> Ed25519PrivateKey:
    """Return the Ed25519 key of `owner`."""
    return Ed25519PrivateKey.generate()


def pem_of(key: RSAPrivateKey) -> str:
    """Return the public half as it stands in `publicKeyPem`."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def multibase_of(key: Ed25519PrivateKey) -> str:
    """Return the public half as it stands in `publicKeyMultibase`."""
    raw = b"\xed\x01" + key.public_key().public_bytes_raw()
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = ALPHABET[rest] + text
    return "z" + text


def public_from_pem(pem: str) -> RSAPublicKey:
    """Return the key in `pem`."""
    found = load_pem_public_key(pem.encode())
    assert isinstance(found, RSAPublicKey)
    return found


def public_from_multibase(text: str) -> Ed25519PublicKey:
    """Return the key in `text`, a base58btc Multikey."""
    number = 0
    for char in text.removeprefix("z"):
        number = number * 58 + ALPHABET.index(char)
    raw = number.to_bytes(34, "big")
    assert raw[:2] == b"\xed\x01", base64.b64encode(raw)
    return Ed25519PublicKey.from_public_bytes(raw[2:])
