"""What the secret key of the node does: wraps private keys at rest and signs short messages.

Pure: entropy and time come in as arguments.
"""

import base64
import hashlib
import hmac
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
_VERSION = b"\x01"


class WrongSecret(Exception):
    """It was wrapped with another SECRET_KEY, or for another purpose, or it was changed."""


def wrap(data: bytes, *, secret_key: str, purpose: str, nonce: bytes) -> bytes:
    """Encrypt `data` for storage.

    Args:
        data: for instance a private key in DER.
        secret_key: the node's, from the settings.
        purpose: what it is, such as `actor-key:17`; unwrapping demands the same.
        nonce: twelve random bytes, never used twice.
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes")
    return _VERSION + nonce + AESGCM(_key(secret_key, "wrap")).encrypt(nonce, data, purpose.encode())


def unwrap(wrapped: bytes, *, secret_key: str, purpose: str) -> bytes:
    """Return what `wrap` was given.

    Raises:
        WrongSecret: another secret key, another purpose, or changed bytes.
    """
    version, nonce, sealed = wrapped[:1], wrapped[1 : 1 + NONCE_BYTES], wrapped[1 + NONCE_BYTES :]
    if version != _VERSION or len(sealed) < 16:
        raise WrongSecret("this is not something that was wrapped here")
    try:
        return AESGCM(_key(secret_key, "wrap")).decrypt(nonce, sealed, purpose.encode())
    except InvalidTag:
        raise WrongSecret(
            "it can't be opened with this SECRET_KEY; put back the key that the node had when it was written"
        ) from None


def sign(message: str, *, secret_key: str, purpose: str, until: datetime) -> str:
    """Return `message` as a token for addresses, valid until then and for this purpose alone."""
    payload = f"{int(until.timestamp())}.{message}".encode()
    return f"{_text(payload)}.{_text(_mac(payload, secret_key, purpose))}"


def checked(token: str, *, secret_key: str, purpose: str, now: datetime) -> str:
    """Return the message of a token made by `sign`.

    Raises:
        WrongSecret: not made here, made for another purpose, changed, or over.
    """
    body, _, seal = token.partition(".")
    try:
        payload, given = _bytes(body), _bytes(seal)
        until, _, message = payload.decode().partition(".")
    except ValueError:
        raise WrongSecret("this is not a token") from None
    if not hmac.compare_digest(given, _mac(payload, secret_key, purpose)):
        raise WrongSecret("the seal of the token is wrong")
    if now.timestamp() >= int(until):
        raise WrongSecret("the token is over")
    return message


def _key(secret_key: str, use: str) -> bytes:
    if not secret_key:
        raise WrongSecret("there is no SECRET_KEY; run `talanoa init`")
    return HKDF(SHA256(), 32, salt=None, info=f"talanoa {use}".encode()).derive(secret_key.encode())


def _mac(payload: bytes, secret_key: str, purpose: str) -> bytes:
    return hmac.digest(_key(secret_key, f"sign {purpose}"), payload, hashlib.sha256)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
