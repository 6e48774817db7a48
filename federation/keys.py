"""RSA and Ed25519 keys: make, load, write, sign, verify. No network, no database.

What cannot prove anything (too short, another kind, unreadable) raises Unauthenticated; the kind of the key
alone decides the algorithm, never a header.
"""

import enum
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key

from federation.errors import Malformed, Unauthenticated
from federation.multikey import ED25519_PUBLIC, RSA_PUBLIC, decode_multibase, encode_multibase

SMALLEST_RSA_BITS = 2048
LARGEST_RSA_BITS = 8192
_LARGEST_EXPONENT = 2**32
_LONGEST_PEM = 4096
_OUR_RSA_BITS = 2048  # WordPress expects SHA-512 of larger keys
_PADDING, _HASH = padding.PKCS1v15(), hashes.SHA256()

_Loaded = RSAPublicKey | Ed25519PublicKey


class KeyKind(enum.Enum):
    """The two kinds that servers use; the value is what the database stores."""

    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that can prove who sent something.

    Args:
        id: the URI that names the key, as it stands in signatures.
        owner: the URI of the actor for whom it speaks.
        kind: decides the algorithm.
        loaded: the key object, kept because loading costs more than verifying.
    """

    id: str
    owner: str
    kind: KeyKind
    loaded: _Loaded = field(repr=False, hash=False)

    def verify(self, signature: bytes, *messages: bytes) -> None:
        """Return if `signature` over one of `messages` was made with this key, else raise Unauthenticated."""
        if not any(self._fits(signature, message) for message in messages):
            raise Unauthenticated(f"the signature was not made with {self.id}")

    def _fits(self, signature: bytes, message: bytes) -> bool:
        try:
            if isinstance(self.loaded, RSAPublicKey):
                self.loaded.verify(signature, message, _PADDING, _HASH)
            else:
                self.loaded.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @property
    def pem(self) -> str:
        """Return the key as SubjectPublicKeyInfo, as `publicKeyPem` carries it."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.loaded.public_bytes(serialization.Encoding.PEM, form).decode()

    @property
    def multibase(self) -> str:
        """Return the key as `publicKeyMultibase` carries it. Spec: FEP-521a."""
        if isinstance(self.loaded, RSAPublicKey):
            form = serialization.PublicFormat.PKCS1
            return encode_multibase(RSA_PUBLIC + self.loaded.public_bytes(serialization.Encoding.DER, form))
        return encode_multibase(ED25519_PUBLIC + self.loaded.public_bytes_raw())


@dataclass(frozen=True, slots=True, eq=False)
class PrivateKey:
    """A key of one of our actors; fields as in `PublicKey`."""

    id: str
    owner: str
    kind: KeyKind
    loaded: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message`: RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519."""
        if isinstance(self.loaded, RSAPrivateKey):
            return self.loaded.sign(message, _PADDING, _HASH)
        return self.loaded.sign(message)

    @property
    def public(self) -> PublicKey:
        """Return the half that everybody may know."""
        return PublicKey(self.id, self.owner, self.kind, self.loaded.public_key())

    @property
    def pem(self) -> str:
        """Return the key as unencrypted PKCS #8; whoever stores it must wrap it."""
        return self.loaded.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()


def generate_rsa(*, id: str, owner: str) -> PrivateKey:  # noqa: A002 - the name of the field
    """Return a new RSA-2048 key (takes about 0.1 s)."""
    loaded = generate_private_key(public_exponent=65537, key_size=_OUR_RSA_BITS)
    return PrivateKey(id, owner, KeyKind.RSA, loaded)


def generate_ed25519(*, id: str, owner: str) -> PrivateKey:  # noqa: A002 - the name of the field
    """Return a new Ed25519 key."""
    return PrivateKey(id, owner, KeyKind.ED25519, Ed25519PrivateKey.generate())


def load_private_pem(pem: str, *, id: str, owner: str) -> PrivateKey:  # noqa: A002 - the name of the field
    """Return a key of ours from PKCS #8; our own database is believed, so its numbers are not checked again.

    Raises:
        ValueError: not a private key of a kind we use.
    """
    loaded = _private_from_pem(pem)
    return PrivateKey(id, owner, _kind_of(loaded.public_key()), loaded)


def load_public_pem(pem: object, *, id: str, owner: str) -> PublicKey:  # noqa: A002 - the name of the field
    """Return the foreign key in `pem`, as found in `publicKeyPem`.

    Raises:
        Unauthenticated: unreadable, another kind than RSA or Ed25519, or RSA outside 2,048 to 8,192 bits.
    """
    if not isinstance(pem, str) or len(pem) > _LONGEST_PEM:
        raise Unauthenticated(f"{id} is no PEM")
    loaded = _public_from_pem(pem)
    return PublicKey(id, owner, _kind_of(loaded), loaded)


def load_multibase(text: object, *, id: str, owner: str) -> PublicKey:  # noqa: A002 - the name of the field
    """Return the foreign key in `text`, as found in `publicKeyMultibase`.

    Raises:
        Unauthenticated: as `load_public_pem`.

    Spec: FEP-521a; W3C Controlled Identifiers §2.2.2.
    """
    if not isinstance(text, str):
        raise Unauthenticated(f"{id} is no multibase")
    loaded = _public_from_multibase(text)
    return PublicKey(id, owner, _kind_of(loaded), loaded)


def _kind_of(loaded: _Loaded) -> KeyKind:
    return KeyKind.RSA if isinstance(loaded, RSAPublicKey) else KeyKind.ED25519


@lru_cache(maxsize=1024)
def _private_from_pem(pem: str) -> RSAPrivateKey | Ed25519PrivateKey:
    loaded = serialization.load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(loaded, RSAPrivateKey | Ed25519PrivateKey):
        raise ValueError("a private key of a kind that we do not use")
    return loaded


@lru_cache(maxsize=4096)
def _public_from_pem(pem: str) -> _Loaded:
    try:
        return _strong(serialization.load_pem_public_key(pem.encode()))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unauthenticated("unreadable public key") from error


@lru_cache(maxsize=4096)
def _public_from_multibase(text: str) -> _Loaded:
    try:
        raw = decode_multibase(text)
        if raw.startswith(ED25519_PUBLIC):
            return Ed25519PublicKey.from_public_bytes(raw.removeprefix(ED25519_PUBLIC))
        if raw.startswith(RSA_PUBLIC):
            return _strong(serialization.load_der_public_key(raw.removeprefix(RSA_PUBLIC)))
    except (ValueError, UnsupportedAlgorithm, Malformed) as error:
        raise Unauthenticated("unreadable public key") from error
    raise Unauthenticated("a key of a kind that we do not use")


def _strong(loaded: object) -> _Loaded:
    if isinstance(loaded, Ed25519PublicKey):
        return loaded
    if not isinstance(loaded, RSAPublicKey):
        raise Unauthenticated("a key of a kind that we do not use")
    if not SMALLEST_RSA_BITS <= loaded.key_size <= LARGEST_RSA_BITS:
        raise Unauthenticated(f"an RSA key of {loaded.key_size} bits")
    exponent = loaded.public_numbers().e
    if not 3 <= exponent < _LARGEST_EXPONENT:
        raise Unauthenticated("an RSA key with a useless exponent")
    return loaded
