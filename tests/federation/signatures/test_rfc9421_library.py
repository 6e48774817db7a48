"""Signatures that cross over to an independent implementation and back."""

from datetime import timedelta

import pytest
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms
from multidict import CIMultiDict

from federation.http import Request
from federation.keys import PrivateKey
from federation.signatures import Scheme, claim, sign, verify
from tests.federation.signatures.peer import ACTOR, AS2, BODY, ED25519_PEM, NOW, RSA_PEM, loaded, our_ed25519, our_rsa

ALGORITHMS = {RSA_PEM: algorithms.RSA_V1_5_SHA256, ED25519_PEM: algorithms.ED25519}
KEYS = [(our_rsa(), RSA_PEM), (our_ed25519(), ED25519_PEM)]


class Resolver(HTTPSignatureKeyResolver):
    """Hands out the one key whatever is asked for."""

    def __init__(self, pem: str) -> None:
        self.key = loaded(pem)

    def resolve_public_key(self, key_id: str) -> object:
        return self.key.public_key()

    def resolve_private_key(self, key_id: str) -> object:
        return self.key


class Message:
    """What that library takes for a request."""

    def __init__(self, request: Request) -> None:
        self.method, self.url, self.body = request.method, request.url, request.body
        self.headers = CIMultiDict(request.headers)


class Verifier(HTTPMessageVerifier):
    """Leaves the time alone: the library knows only the real one."""

    def validate_created_and_expires(self, sig_input: object, max_age: object = None) -> None:
        """Believe any time."""


@pytest.mark.parametrize(("key", "pem"), KEYS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_library_believes_us(key: PrivateKey, pem: str, method: str) -> None:
    body = BODY if method == "POST" else b""
    request = Request(method, "https://remote.example/inbox?a=%C3%A9", (("content-type", AS2),), body)

    signed = sign(request, key, scheme=Scheme.RFC9421, now=NOW)
    verifier = Verifier(signature_algorithm=ALGORITHMS[pem], key_resolver=Resolver(pem))
    [result] = verifier.verify(Message(signed), body=body or None)

    assert result.parameters["keyid"] == key.id


@pytest.mark.parametrize(("key", "pem"), KEYS)
def test_we_believe_the_library(key: PrivateKey, pem: str) -> None:
    headers = (("host", "remote.example"), ("content-type", AS2))
    message = Message(Request("POST", "https://remote.example/inbox?a=%C3%A9", headers, BODY))
    signer = HTTPMessageSigner(signature_algorithm=ALGORITHMS[pem], key_resolver=Resolver(pem))
    covered = ("@method", "@target-uri", "@authority", "content-type")

    signer.sign(
        message,
        key_id=key.id,
        created=NOW,
        expires=NOW + timedelta(minutes=5),
        covered_component_ids=covered,
        body=BODY,
    )
    arrived = tuple((name.lower(), value) for name, value in message.headers.items())
    request = Request("POST", message.url, arrived, BODY)

    assert verify(request, claim(request), key.public, now=NOW, hosts=frozenset({"remote.example"})) == ACTOR
