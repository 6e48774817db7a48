"""Integrity proofs of the fake peers (FEP-8b32), written from the proposal: made and checked by code of its own."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.peers.actors import Json, PeerActor
from tests.peers.cavage import BadSignature
from tests.peers.keys import ALPHABET

CONTEXT = "https://w3id.org/security/data-integrity/v1"


def proven(activity: Mapping[str, object], actor: PeerActor, *, when: datetime) -> Json:
    """Return `activity` with a proof by `actor`; texts and whole numbers only."""
    contexts = activity.get("@context", [])
    listed = [*contexts, CONTEXT] if isinstance(contexts, list) else [contexts, CONTEXT]
    bare = dict(activity) | {"@context": listed}
    options: Json = {
        "@context": listed,
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": actor.ed25519_id,
        "proofPurpose": "assertionMethod",
        "created": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    value = _base58(actor.ed25519.sign(_hashed(options) + _hashed(bare)))
    return bare | {"proof": options | {"proofValue": f"z{value}"}}


def check_proof(document: Json, key: Ed25519PublicKey) -> None:
    """Return if `document` carries a proof by `key`; raise BadSignature otherwise."""
    proof = document.get("proof")
    if not isinstance(proof, dict):
        raise BadSignature("no proof")
    bare = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        key.verify(_unbase58(str(proof["proofValue"])[1:]), _hashed(options) + _hashed(bare))
    except InvalidSignature as error:
        raise BadSignature("the proof does not hold") from error


def _hashed(document: Json) -> bytes:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


def _base58(raw: bytes) -> str:
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = ALPHABET[rest] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


def _unbase58(text: str) -> bytes:
    number = 0
    for char in text:
        number = number * 58 + ALPHABET.index(char)
    return number.to_bytes(64, "big")
