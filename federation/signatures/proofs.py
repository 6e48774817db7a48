"""Object integrity proofs: who said this, whoever delivers it. Pure: no clock, no network, no database.

Spec: FEP-8b32; W3C vc-di-eddsa §3.3 (eddsa-jcs-2022).
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

import rfc8785

from federation.documents import Document, loads_object_strictly
from federation.errors import Malformed, Unauthenticated
from federation.keys import KeyKind, PrivateKey, PublicKey
from federation.multikey import decode_multibase, encode_multibase
from federation.signatures.claims import SKEW

CONTEXT_V1 = "https://w3id.org/security/data-integrity/v1"
CONTEXT_V2 = "https://w3id.org/security/data-integrity/v2"

_SUITE = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"}
_UNPROVEN = ("proof", "signature")
_MOST_PROOFS = 4


def add_proof(document: Mapping[str, object], key: PrivateKey, *, now: datetime) -> Document:
    """Return a copy of `document` with a proof, and the context for it if the document has contexts.

    Args:
        document: complete and public; a proof can be passed on by anyone. An older proof is replaced.
        key: an Ed25519 key listed in the actor's `assertionMethod`.
        now: aware UTC.

    Raises:
        ValueError: the key is of another kind, or the document has a number that JSON cannot carry.

    Spec: FEP-8b32; vc-di-eddsa §3.3.1.
    """
    if key.kind is not KeyKind.ED25519:
        raise ValueError("proofs are made with Ed25519 keys")
    unsecured = {name: value for name, value in document.items() if name not in _UNPROVEN}
    proof: Document = {**_SUITE, "verificationMethod": key.id, "created": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    if "@context" in unsecured:
        unsecured["@context"] = proof["@context"] = _with_proof_context(unsecured["@context"])
    signature = key.sign(_digest(unsecured, proof))
    return {**unsecured, "proof": {**proof, "proofValue": encode_multibase(signature)}}


def claimed_key(document: Mapping[str, object]) -> str | None:
    """Return the key that a proof in `document` names, None if there is no proof that we could check."""
    proof = _usable_proof(document)
    method = None if proof is None else proof.get("verificationMethod")
    return method if isinstance(method, str) else None


def check_proof(raw: bytes, key: PublicKey, *, now: datetime) -> Document:
    """Return the document that the owner of `key` has proven; it lacks what the proof does not cover.

    The caller still has to check that the owner is the actor of the document.

    Args:
        raw: the JSON as received; it is read again, strictly.
        key: the Ed25519 key that `claimed_key` names.
        now: aware UTC.

    Raises:
        Malformed: not readable in only one way.
        Unauthenticated: no proof, another key, from the future, expired, or not made over this document.

    Spec: FEP-8b32; vc-di-eddsa §3.3.2.
    """
    document = loads_object_strictly(raw)
    proof = _usable_proof(document)
    if proof is None or proof.get("verificationMethod") != key.id or key.kind is not KeyKind.ED25519:
        raise Unauthenticated(f"no proof by {key.id}")
    _require_current(proof, now=now)
    unsecured = {name: value for name, value in document.items() if name not in _UNPROVEN}
    if "@context" in proof:
        unsecured["@context"] = _proven_context(proof["@context"], unsecured.get("@context"))
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        key.verify(decode_multibase(proof.get("proofValue")), _digest(unsecured, options))
    except (Malformed, ValueError) as error:
        raise Unauthenticated("the proof cannot be computed") from error
    return unsecured


def _digest(document: Document, options: Document) -> bytes:
    return hashlib.sha256(_canonical(options)).digest() + hashlib.sha256(_canonical(document)).digest()


def _canonical(value: Document) -> bytes:
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # it refuses by itself what JSON cannot carry


def _usable_proof(document: Mapping[str, object]) -> Document | None:
    found = document.get("proof")
    proofs = found[:_MOST_PROOFS] if isinstance(found, list) else [found]
    for proof in proofs:
        if isinstance(proof, dict) and all(proof.get(name) == value for name, value in _SUITE.items()):
            return proof
    return None


def _as_list(context: object) -> list[object]:
    return context if isinstance(context, list) else [context]


def _with_proof_context(context: object) -> list[object]:
    contexts = _as_list(context)
    if CONTEXT_V1 in contexts or CONTEXT_V2 in contexts:
        return contexts
    at = next((at for at, item in enumerate(contexts) if not isinstance(item, str)), len(contexts))
    return [*contexts[:at], CONTEXT_V1, *contexts[at:]]


def _proven_context(proven: object, found: object) -> object:
    """Return the context that was signed; a document may only have gained contexts behind it."""
    expected = _as_list(proven)
    if _as_list(found)[: len(expected)] != expected:
        raise Unauthenticated("the proof was made under another @context")
    return proven


def _require_current(proof: Document, *, now: datetime) -> None:
    created, expires = _time(proof.get("created")), proof.get("expires")
    if created > now + SKEW:
        raise Unauthenticated("the proof is from the future")
    if expires is not None and _time(expires) < now - SKEW:
        raise Unauthenticated("the proof has expired")


def _time(value: object) -> datetime:
    try:
        time = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise Unauthenticated("a time in the proof is no time") from error
    if time.tzinfo is None:
        raise Unauthenticated("a time in the proof has no zone")
    return time
