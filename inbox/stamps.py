"""Read a QuoteAuthorization from its own address, and what it lets be quoted. FEP-044f."""

from collections.abc import Mapping

from federation.client import Budget
from federation.errors import Malformed
from federation.names import canonical_uri, same_origin
from federation.vocabulary.fields import Fields
from federation.vocabulary.types import EventDocument, NoteDocument, ParsedObject, PracticeDocument, Unknown
from inbox.interpret.keep import keep_object
from inbox.scene import Scene
from inbox.worker import Bench
from node.community import foreign_quotes, objects
from node.community.foreign_quotes import Stamp
from node.database import atomic
from node.policy.decide import Decision

KIND = "QuoteAuthorization"


async def read(uri: str, wanted: Mapping[str, object], bench: Bench) -> str:
    """Read a stamp and let the quote be shown that it is for; return what came of it.

    Args:
        wanted: `quoting` and `quoted`, as the quoting post says.

    Raises:
        Malformed, Refused, Gone, Unreachable: it can't be had, or it is for something else or by somebody else.

    Spec: security V-M31.
    """
    budget = Budget()
    found = await bench.fetcher.object(uri, budget=budget, now=bench.clock.now())
    stamp = stamp_of(found, uri, relaxed=bench.relaxed)
    if (stamp.quoting_uri, stamp.quoted_uri) != (wanted.get("quoting"), wanted.get("quoted")):
        raise Malformed(f"{uri} is for another quote")
    if await objects.find(stamp.quoted_uri) is None:
        await _keep_quoted(stamp, budget, bench)
    async with atomic():
        is_shown = await foreign_quotes.proven(stamp, now=bench.clock.now())
    return stamp.quoted_uri if is_shown else "no quote that waits for this stamp"


def stamp_of(found: ParsedObject, uri: str, *, relaxed: bool) -> Stamp:
    """Return what a stamp says, whose giver must live where it stands.

    Raises:
        Malformed: it is no stamp, or not that of its giver.
    """
    if not isinstance(found, Unknown) or found.type != KIND or found.id is None:
        raise Malformed(f"{uri} is no {KIND}")
    fields = Fields(found.document, relaxed)
    giver, quoting, quoted = (fields.uri(name) for name in ("attributedTo", "interactingObject", "interactionTarget"))
    if giver is None or quoting is None or quoted is None:
        raise Malformed(f"{uri} does not say who lets what be quoted")
    for ours in (found.id, quoted):
        if not same_origin(canonical_uri(ours, relaxed=relaxed), canonical_uri(giver, relaxed=relaxed)):
            raise Malformed(f"{uri} is not by the author of what is quoted")
    return Stamp(uri, giver, quoting, quoted)


async def _keep_quoted(stamp: Stamp, budget: Budget, bench: Bench) -> None:
    now = bench.clock.now()
    found, author = await bench.fetcher.object_and_author(stamp.quoted_uri, budget=budget, now=now)
    if author is None or not isinstance(found, NoteDocument | EventDocument | PracticeDocument):
        return

    def decide(host: str) -> Decision:
        return bench.registry.decide(host, now=now)

    scene = Scene(author, decide(author.host), decide, now, bench.relaxed)
    async with atomic():
        await keep_object(found, author=author, scene=scene, is_solicited=True)
