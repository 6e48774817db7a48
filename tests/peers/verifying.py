"""How a made-up server finds out who sent it something."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from tests.peers import cavage, rfc9421
from tests.peers.cavage import BadSignature, Message
from tests.peers.flavours import CAVAGE, RFC9421, Flavour
from tests.peers.keys import public_from_multibase, public_from_pem

ACTIVITY_TYPES = (
    "application/activity+json",
    "application/activity+json; charset=utf-8",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
)
Json = dict[str, object]


class Answered(Protocol):
    """What a fetch gives: status, headers and body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Fetching(Protocol):
    """Whoever fetches for the verifier."""

    async def fetch(self, url: str, *, signed: bool) -> Answered:
        """Return the answer to a GET for an ActivityPub document."""
        ...


@dataclass(frozen=True)
class Key:
    """A public key of somebody else."""

    owner: str
    public: RSAPublicKey | Ed25519PublicKey


@dataclass(frozen=True)
class Signer:
    """Who signed, with which key, in which scheme."""

    actor: str
    key_id: str
    scheme: str


class Verifier:
    """Checks signatures by keys that it fetches and keeps; a failing key is fetched again once."""

    def __init__(self, flavour: Flavour, fetching: Fetching) -> None:
        self._flavour = flavour
        self._fetching = fetching
        self.keys: dict[str, Key] = {}

    async def signer_of(self, message: Message, *, now: datetime) -> Signer:
        """Return who signed `message`; raise BadSignature."""
        scheme = RFC9421 if "signature-input" in message.headers else CAVAGE
        if scheme not in self._flavour.schemes:
            raise BadSignature(f"{self._flavour.software} knows no {scheme}")
        key_id = rfc9421.key_id_of(message) if scheme == RFC9421 else cavage.key_id_of(message)
        known = key_id in self.keys
        key = self.keys.get(key_id) or await self._fetch_key(key_id)
        try:
            self._check(message, key, scheme=scheme, now=now)
        except BadSignature as first:
            if not known:
                raise
            key = await self._fetch_again(key_id, first)
            self._check(message, key, scheme=scheme, now=now)
        return Signer(key.owner, key_id, scheme)

    def _check(self, message: Message, key: Key, *, scheme: str, now: datetime) -> None:
        if scheme == RFC9421:
            rfc9421.check(message, key.public, now=now, window=self._flavour.window)
        elif isinstance(key.public, RSAPublicKey):
            cavage.check(message, key.public, now=now, window=self._flavour.window)
        else:
            raise BadSignature("an Ed25519 key in the older scheme")

    async def _fetch_again(self, key_id: str, first: BadSignature) -> Key:
        try:
            return await self._fetch_key(key_id)
        except BadSignature:
            raise first from None

    async def _fetch_key(self, key_id: str) -> Key:
        answer = await self._fetching.fetch(key_id.partition("#")[0], signed=self._flavour.signs_key_fetches)
        if answer.status != 200:
            raise BadSignature(f"the key answered {answer.status}")
        if answer.headers.get("content-type", "") not in ACTIVITY_TYPES:
            raise BadSignature(f"the key came as {answer.headers.get('content-type')}")
        document = json.loads(answer.body)
        if not document.get("preferredUsername"):
            raise BadSignature("an actor without preferredUsername")
        self.keys[key_id] = _key_in(document, key_id)
        return self.keys[key_id]


def _key_in(document: Json, key_id: str) -> Key:
    owner = str(document["id"])
    rsa = document.get("publicKey")
    if isinstance(rsa, dict) and rsa.get("id") == key_id and rsa.get("owner") == owner:
        return Key(owner, public_from_pem(str(rsa["publicKeyPem"])))
    methods = document.get("assertionMethod")
    for method in methods if isinstance(methods, list) else []:
        if method.get("id") == key_id and method.get("controller") == owner:
            return Key(owner, public_from_multibase(str(method["publicKeyMultibase"])))
    raise BadSignature(f"{owner} does not list {key_id}")
