"""A proof is checked over what every reader reads alike."""

import hashlib
from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Malformed, ProtocolError
from federation.multikey import encode_multibase
from federation.signatures import add_proof, check_proof, claimed_key
from tests.federation.signatures.peer import ACTOR, NOW, our_ed25519

AS2 = "https://www.w3.org/ns/activitystreams"
V1 = "https://w3id.org/security/data-integrity/v1"
V2 = "https://w3id.org/security/data-integrity/v2"


NOTE = {"@context": AS2, "id": f"{ACTOR}/notes/1", "type": "Create", "actor": ACTOR, "object": {"content": "Kia ora"}}


@pytest.mark.parametrize(
    "raw",
    [
        b'{"actor":"x","actor":"%s"}' % ACTOR.encode(),
        b'{"a":9007199254740993}',
        b'{"a":0.1000000000000000000001}',
        b'{"a":"\\ud800"}',
        b"[]",
        b'{"a":' * 40 + b"1" + b"}" * 40,
    ],
)
def test_what_two_readers_could_read_differently_is_never_proven(raw: bytes) -> None:
    proof = orjson.dumps(add_proof(NOTE, our_ed25519(), now=NOW)["proof"])
    whole = raw[:-1] + b',"proof":' + proof + b"}" if raw.endswith(b"}") else raw

    with pytest.raises(Malformed):
        check_proof(whole, our_ed25519().public, now=NOW)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (b"1.0", b"1"),
        (b"-0.0", b"0"),
        (b"1e21", b"1e+21"),
        (b"1e20", b"100000000000000000000"),
        (b"0.000001", b"0.000001"),
        (b"1e-7", b"1e-7"),
        (b"333333333.33333329", b"333333333.3333333"),
        (b"4.50", b"4.5"),
        (b"5e-324", b"5e-324"),
        (b"9007199254740991", b"9007199254740991"),
    ],
)
def test_numbers_are_hashed_in_their_canonical_form(number: bytes, written: bytes) -> None:
    """RFC 8785 appendix B: whoever writes `number`, `written` is what was signed."""
    suite = b'"cryptosuite":"eddsa-jcs-2022","proofPurpose":"assertionMethod","type":"DataIntegrityProof"'
    options = b'{"created":"2026-08-18T10:08:46Z",%s,"verificationMethod":"%s#ed25519-key"}' % (suite, ACTOR.encode())
    base = hashlib.sha256(options).digest() + hashlib.sha256(b'{"n":%s}' % written).digest()
    value = encode_multibase(our_ed25519().sign(base)).encode()
    raw = b'{"n":%s,"proof":%s,"proofValue":"%s"}}' % (number, options[:-1], value)

    if number == b"333333333.33333329":  # more digits than a double holds
        with pytest.raises(Malformed):
            check_proof(raw, our_ed25519().public, now=NOW)
    else:
        assert check_proof(raw, our_ed25519().public, now=NOW).keys() == {"n"}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 2**53) | st.floats() | st.from_regex(r"z?[1-9A-H-]{0,20}Z?"),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["id", "@context", "type"]), inner),
    max_leaves=8,
)


@given(ANYTHING, st.sampled_from(["created", "expires", "proofValue", "@context", "verificationMethod", "extra"]))
def test_no_proof_breaks_the_check(value: object, name: str) -> None:
    proof = {**add_proof(NOTE, our_ed25519(), now=NOW), "proof": value}
    changed = add_proof(NOTE, our_ed25519(), now=NOW)
    assert isinstance(changed["proof"], dict)

    for document in (proof, {**changed, "proof": {**changed["proof"], name: value}}):
        claimed_key(document)
        with suppress(ProtocolError):
            check_proof(orjson.dumps(document), our_ed25519().public, now=NOW)
