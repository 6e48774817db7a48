"""RFC 9421 signatures of the fake peers, by an independent library."""

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import http_sf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from tests.peers.cavage import BadSignature, Message

COMPONENTS = ("@method", "@target-uri", "@authority")


class _Wire:
    """A message in the shape that the library expects."""

    def __init__(self, message: Message) -> None:
        self.method = message.method
        self.url = message.url
        self.headers = dict(message.headers)


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, key: object) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> object:
        return self._key

    def resolve_public_key(self, key_id: str) -> object:
        return self._key


def content_digest_of(body: bytes) -> str:
    """Return the Content-Digest header of `body`."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def signed(message: Message, key: RSAPrivateKey | Ed25519PrivateKey, *, key_id: str, when: datetime) -> Message:
    """Return `message` with Host, Content-Digest, Signature-Input and Signature."""
    headers = {"host": message.authority} | dict(message.headers)
    components: tuple[str, ...] = COMPONENTS
    if message.method == "POST":
        headers.setdefault("content-digest", content_digest_of(message.body))
        components = (*COMPONENTS, "content-digest")
    wire = _Wire(Message(message.method, message.url, headers, message.body))
    signer = HTTPMessageSigner(signature_algorithm=_algorithm(key), key_resolver=_Keys(key))
    signer.sign(
        wire,
        key_id=key_id,
        created=when,
        label="peer",
        covered_component_ids=components,
        use_existing_digest=message.method == "POST",
    )
    lowered = {name.lower(): value for name, value in wire.headers.items()}
    return Message(message.method, message.url, lowered, message.body)


def key_id_of(message: Message) -> str:
    """Return which key claims to have signed; of several signatures the first."""
    try:
        members: Any = http_sf.parse(message.headers["signature-input"].encode(), tltype="dictionary")
        return str(next(iter(members.values()))[1]["keyid"])
    except (ValueError, KeyError, StopIteration) as error:
        raise BadSignature("no key is named") from error


def check(
    message: Message, key: RSAPublicKey | Ed25519PublicKey, *, now: datetime, window: timedelta = timedelta(hours=1)
) -> None:
    """Return if `message` was signed with `key` as a whole; raise BadSignature otherwise."""
    verifier = _verifier(lambda: now, window)(signature_algorithm=_algorithm(key), key_resolver=_Keys(key))
    needed = ("@method", "@target-uri") + (("content-digest",) if message.method == "POST" else ())
    try:
        verifier.verify(_Wire(message), max_age=None, require_components=needed)
    except InvalidSignature as error:
        raise BadSignature(str(error)) from error
    if message.method == "POST" and message.headers.get("content-digest") != content_digest_of(message.body):
        raise BadSignature("the content digest is wrong")


def _verifier(now: Callable[[], datetime], window: timedelta) -> type[HTTPMessageVerifier]:
    """Return a verifier that lives in the time of the test."""

    class Verifier(HTTPMessageVerifier):
        def validate_created_and_expires(self, sig_input: object, max_age: object = None) -> None:
            parameters = getattr(sig_input, "params", {})
            created = datetime.fromtimestamp(int(parameters["created"]), tz=UTC)
            if abs(now() - created) > window:
                raise InvalidSignature("signed at another time")

    return Verifier


def _algorithm(key: object) -> type[algorithms.HTTPSignatureAlgorithm]:
    if isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
        return algorithms.ED25519
    return algorithms.RSA_V1_5_SHA256
