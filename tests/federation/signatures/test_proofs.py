"""Who said it, whoever delivers it."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import orjson
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.errors import Unauthenticated
from federation.keys import KeyKind, PrivateKey, PublicKey, load_multibase
from federation.multikey import decode_multibase, encode_multibase
from federation.signatures import add_proof, check_proof, claimed_key
from tests.federation.signatures.peer import ACTOR, NOW, our_ed25519, our_rsa

AS2 = "https://www.w3.org/ns/activitystreams"
V1 = "https://w3id.org/security/data-integrity/v1"
V2 = "https://w3id.org/security/data-integrity/v2"

# The vector of FEP-8b32 (CC0): its key, its document, its proof.
VECTOR_OWNER = "https://server.example/users/alice"
VECTOR_KEY = f"{VECTOR_OWNER}#ed25519-key"
VECTOR_TIME = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
VECTOR_DOCUMENT = {
    "@context": [AS2, V2],
    "id": "https://server.example/activities/1",
    "type": "Create",
    "actor": VECTOR_OWNER,
    "object": {
        "id": "https://server.example/objects/1",
        "type": "Note",
        "attributedTo": VECTOR_OWNER,
        "content": "Hello world",
        "location": {"type": "Place", "longitude": -71.184902, "latitude": 25.273962},
    },
}
VECTOR_VALUE = "z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5TYHaJENCxUDe9SdL"
VECTOR_PROOF = {
    "@context": [AS2, V2],
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "verificationMethod": VECTOR_KEY,
    "proofPurpose": "assertionMethod",
    "created": "2023-02-24T23:36:38Z",
    "proofValue": VECTOR_VALUE,
}

NOTE = {"@context": AS2, "id": f"{ACTOR}/notes/1", "type": "Create", "actor": ACTOR, "object": {"content": "Kia ora"}}


def vector_private() -> PrivateKey:
    secret = decode_multibase("z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq")[2:]
    return PrivateKey(VECTOR_KEY, VECTOR_OWNER, KeyKind.ED25519, Ed25519PrivateKey.from_private_bytes(secret))


def vector_public() -> PublicKey:
    return load_multibase("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", id=VECTOR_KEY, owner=VECTOR_OWNER)


def proven(document: Mapping[str, object], *, key: PublicKey | None = None, now: datetime = NOW) -> dict[str, object]:
    return check_proof(orjson.dumps(document), key or our_ed25519().public, now=now)


def with_proof(document: dict[str, object], **changes: object) -> dict[str, object]:
    """Change the proof after signing; None removes a member."""
    proof = document["proof"]
    assert isinstance(proof, dict)
    merged = {**proof, **changes}
    return {**document, "proof": {name: value for name, value in merged.items() if value is not None}}


@pytest.mark.parametrize(
    "proof",
    [
        None,
        [],
        {},
        "proof",
        {**VECTOR_PROOF, "type": "RsaSignature2017"},
        {**VECTOR_PROOF, "type": ["DataIntegrityProof"]},
        {**VECTOR_PROOF, "cryptosuite": "eddsa-rdfc-2022"},
        {**VECTOR_PROOF, "proofPurpose": "authentication"},
    ],
)
def test_a_document_without_a_proof_of_our_kind_proves_nothing(proof: object) -> None:
    document = {**VECTOR_DOCUMENT, "proof": proof}

    assert claimed_key(document) is None
    with pytest.raises(Unauthenticated):
        proven(document, key=vector_public())


@pytest.mark.parametrize(
    "changes",
    [
        {"proofValue": None},
        {"proofValue": 7},
        {"proofValue": "z"},
        {"proofValue": "u" + VECTOR_VALUE[1:]},
        {"proofValue": VECTOR_VALUE[:-1]},
        {"proofValue": VECTOR_VALUE + "1"},
        {"proofValue": "z" + "1" * 2000},
        {"verificationMethod": f"{VECTOR_OWNER}#another"},
        {"verificationMethod": None},
        {"verificationMethod": {"id": VECTOR_KEY}},
        {"created": None},
        {"created": 7},
        {"created": "2023-02-24"},
        {"created": "0001-01-01T00:00:00+23:59"},
        {"created": "9999-12-31T23:59:59-23:59"},
        {"expires": "9999-12-31T23:59:59-23:59"},
        {"created": "2023-02-24T23:36:38"},
        {"created": "2023-02-24T23:36:39Z"},
        {"expires": "2099-01-01T00:00:00Z"},
        {"@context": None},
        {"@context": [AS2]},
        {"@context": [V2, AS2]},
        {"id": "urn:made-up"},
    ],
)
def test_a_changed_proof_proves_nothing(changes: dict[str, object]) -> None:
    with pytest.raises(Unauthenticated):
        proven(with_proof({**VECTOR_DOCUMENT, "proof": VECTOR_PROOF}, **changes), key=vector_public())


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "https://server.example/activities/2"},
        {"actor": "https://server.example/users/mallory"},
        {"extra": 1},
        {"@context": [AS2]},
        {"@context": AS2},
        {"@context": None},
        {"object": {**VECTOR_DOCUMENT["object"], "content": "Hello World"}},  # type: ignore[dict-item]
    ],
)
def test_a_changed_document_is_not_proven(changes: dict[str, object]) -> None:
    with pytest.raises(Unauthenticated):
        proven({**VECTOR_DOCUMENT, "proof": VECTOR_PROOF, **changes}, key=vector_public())


def test_hashes_in_the_wrong_order_prove_nothing() -> None:
    """9.3: proof options first."""
    options = {name: value for name, value in VECTOR_PROOF.items() if name != "proofValue"}
    first, second = (hashlib.sha256(rfc8785.dumps(part)).digest() for part in (options, VECTOR_DOCUMENT))  # type: ignore[arg-type]
    assert first.hex() == "cf63e2308ce7d1137667192c5c5e751ba7b1c6e3d5e746a7b717d309654ad198"
    assert second.hex() == "0793e8d97e2de4b989b2b2d7a5fae8cf941f102a03c0ecab00f03eaa2330c650"

    right, wrong = (vector_private().sign(base) for base in (first + second, second + first))
    assert encode_multibase(right) == VECTOR_VALUE
    with pytest.raises(Unauthenticated):
        proven(
            with_proof({**VECTOR_DOCUMENT, "proof": VECTOR_PROOF}, proofValue=encode_multibase(wrong)),
            key=vector_public(),
        )


def test_the_vector_is_believed_whatever_else_was_attached() -> None:
    """FEP-8b32; an extra LD signature is ignored and does not come back as proven."""
    document = {**VECTOR_DOCUMENT, "signature": {"type": "RsaSignature2017"}, "proof": VECTOR_PROOF}

    assert claimed_key(document) == VECTOR_KEY
    assert proven(document, key=vector_public()) == VECTOR_DOCUMENT


def test_a_relay_may_add_contexts_behind_the_signed_ones() -> None:
    document = {**VECTOR_DOCUMENT, "@context": [AS2, V2, "https://relay.example/ns"], "proof": VECTOR_PROOF}

    assert proven(document, key=vector_public()) == VECTOR_DOCUMENT


def test_of_several_proofs_ours_is_found() -> None:
    document = {**VECTOR_DOCUMENT, "proof": [{"type": "Other"}, 7, VECTOR_PROOF]}

    assert claimed_key(document) == VECTOR_KEY
    assert proven(document, key=vector_public()) == VECTOR_DOCUMENT


def test_signing_the_vector_gives_the_same_bytes() -> None:
    assert add_proof(VECTOR_DOCUMENT, vector_private(), now=VECTOR_TIME) == {**VECTOR_DOCUMENT, "proof": VECTOR_PROOF}


def test_our_proof_brings_the_context_that_others_know() -> None:
    result = add_proof({**NOTE, "proof": "old", "signature": "old"}, our_ed25519(), now=NOW)
    proof = result["proof"]
    assert isinstance(proof, dict)

    assert result == {**NOTE, "@context": [AS2, V1], "proof": proof}
    assert proof | {"proofValue": ""} == {
        "@context": [AS2, V1],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "proofPurpose": "assertionMethod",
        "verificationMethod": f"{ACTOR}#ed25519-key",
        "created": "2026-08-18T10:08:46Z",
        "proofValue": "",
    }
    assert proven(result) == {**NOTE, "@context": [AS2, V1]}


def test_the_context_goes_before_the_term_maps() -> None:
    terms = {"Hashtag": "as:Hashtag"}

    result = add_proof({**NOTE, "@context": [AS2, terms]}, our_ed25519(), now=NOW)

    assert result["@context"] == [AS2, V1, terms]


def test_an_embedded_object_needs_no_context() -> None:
    result = add_proof({"id": f"{ACTOR}/notes/1", "attributedTo": ACTOR}, our_ed25519(), now=NOW)

    assert result.keys() == {"id", "attributedTo", "proof"}
    assert proven(result) == {"id": f"{ACTOR}/notes/1", "attributedTo": ACTOR}


def test_proofs_are_made_with_ed25519_only() -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        add_proof(NOTE, our_rsa(), now=NOW)
    with pytest.raises(Unauthenticated):
        proven(add_proof(NOTE, our_ed25519(), now=NOW), key=our_rsa(f"{ACTOR}#ed25519-key").public)


def test_a_proof_of_another_key_proves_nothing() -> None:
    forger = PrivateKey(f"{ACTOR}#ed25519-key", ACTOR, KeyKind.ED25519, Ed25519PrivateKey.generate())

    with pytest.raises(Unauthenticated):
        proven(add_proof(NOTE, forger, now=NOW))


def test_a_proof_from_the_future_or_past_its_end_proves_nothing() -> None:
    document = add_proof(NOTE, our_ed25519(), now=NOW)
    ended = resigned({"expires": "2026-08-18T10:10:00+00:00"})

    with pytest.raises(Unauthenticated):
        proven(document, now=NOW - timedelta(minutes=61))
    with pytest.raises(Unauthenticated):
        proven(ended, now=NOW + timedelta(minutes=62))
    assert proven(document, now=NOW - timedelta(minutes=59)) == proven(document, now=NOW + timedelta(days=3650))
    assert proven(ended, now=NOW + timedelta(minutes=61)) == NOTE


def resigned(options: dict[str, object]) -> dict[str, object]:
    """Make a proof by hand, with options that we never write."""
    suite = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"}
    proof = {**suite, "verificationMethod": f"{ACTOR}#ed25519-key", "created": "2026-08-18T10:08:46Z", **options}
    base = b"".join(hashlib.sha256(rfc8785.dumps(part)).digest() for part in (proof, NOTE))  # type: ignore[arg-type]
    return {**NOTE, "proof": {**proof, "proofValue": encode_multibase(our_ed25519().sign(base))}}


def test_base64_is_no_proof_value() -> None:
    value = base64.b64encode(decode_multibase(VECTOR_VALUE)).decode()

    with pytest.raises(Unauthenticated):
        proven({**VECTOR_DOCUMENT, "proof": {**VECTOR_PROOF, "proofValue": value}}, key=vector_public())
