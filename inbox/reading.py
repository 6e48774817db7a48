"""Who is it that reads? Policy for GETs, by the signature if there is one. Nothing is fetched here.

Open mode: everybody reads what is public; a host that policy refuses does not. Closed mode: objects and collections
only for proven readers that policy admits; actors, keys and discovery for everybody.
"""

from dataclasses import dataclass
from enum import Enum

from federation import signatures
from federation.errors import Malformed, Refused, Unauthenticated
from federation.http import Request
from federation.names import canonical_uri, host_of
from federation.signatures import Claim
from inbox.receive import Reception
from node.community import errands
from node.community.errands import Errand
from node.models import Mode
from node.policy.grants import Read


class Readership(Enum):
    """Who asks: anybody, somebody admitted by name, or a partner."""

    ANYBODY = "anybody"
    ADMITTED = "admitted"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer for one GET.

    Args:
        needs_proof: the node is closed: whoever has not proven who they are gets only what finds and proves us.
        reader_uri: the actor that has proven to ask, mostly its server's own; empty for anybody.
    """

    readership: Readership
    needs_proof: bool
    reader_uri: str = ""


async def reading(request: Request, reception: Reception) -> Reading:
    """Return who reads.

    Raises:
        Refused: policy does not admit the host that the signature names.
    """
    now = reception.clock.now()
    is_closed = reception.registry.book.mode is Mode.CLOSED
    if request.header("signature") is None:
        return Reading(Readership.ANYBODY, needs_proof=is_closed)
    try:
        claim = signatures.claim(request)
        key = canonical_uri(claim.key_id, relaxed=reception.relaxed)
    except (Malformed, Unauthenticated):
        return Reading(Readership.ANYBODY, needs_proof=is_closed)
    decision = reception.registry.decide(host_of(key), now=now)
    if decision.grants.read is Read.NONE:
        raise Refused(f"policy does not let {decision.host} read")
    is_partner = decision.grants.read is Read.NETWORK
    reader = await _prover(request, claim, key.text, reception)
    if reader is None:
        if (is_closed or is_partner) and reception.keys.may_ask(key.text, now=now):
            await errands.ask(Errand.KEY, key.text, now=now)
        return Reading(Readership.ANYBODY, needs_proof=is_closed)
    readership = Readership.PARTNER if is_partner else Readership.ADMITTED
    return Reading(readership, needs_proof=False, reader_uri=reader)


async def proven_origin(request: Request, reception: Reception) -> str:
    """Return scheme and authority of the server that signed a GET; the key of one unknown is asked for.

    Raises:
        Unauthenticated: not signed, not yet known, or not by whom it says.
        Refused: policy does not let it read.
    """
    now = reception.clock.now()
    if request.header("signature") is None:
        raise Unauthenticated("sign the request")
    try:
        claim = signatures.claim(request)
        key = canonical_uri(claim.key_id, relaxed=reception.relaxed)
    except Malformed as error:
        raise Unauthenticated(str(error)) from error
    decision = reception.registry.decide(host_of(key), now=now)
    if not decision.is_admitted or decision.grants.read is Read.NONE:
        raise Refused(f"policy does not let {decision.host} read")
    if await _prover(request, claim, key.text, reception) is None:
        if await reception.keys.known(key.text) is None and reception.keys.may_ask(key.text, now=now):
            await errands.ask(Errand.KEY, key.text, now=now)
        raise Unauthenticated("not proven")
    return f"{key.scheme}://{key.authority}"


async def _prover(request: Request, claim: Claim, key_id: str, reception: Reception) -> str | None:
    """Return who signed, if by a key that we hold; one that we lack is asked for by whoever calls."""
    known = await reception.keys.known(key_id)
    if known is None:
        return None
    try:
        return signatures.verify(request, claim, known.public, now=reception.clock.now(), hosts=reception.hosts)
    except (Malformed, Unauthenticated):
        return None
