"""Read what a foreign actor pins: the first page of its list, a few objects of its own, nothing else."""

from federation.client import Budget
from federation.errors import ProtocolError
from federation.names import canonical_uri, same_origin
from federation.vocabulary.parse import parse_object
from federation.vocabulary.types import (
    CollectionDocument,
    EventDocument,
    NoteDocument,
    PracticeDocument,
    Reference,
)
from inbox.interpret.keep import keep_object
from inbox.scene import Scene
from inbox.worker import Bench
from node.community import moves, objects, pins
from node.database import atomic
from node.models import Actor
from node.policy.decide import Decision


async def read_featured(uri: str, bench: Bench) -> str:
    """Let the pins of the actor `uri` be those of its list, if somebody here follows it; return what came of it.

    One budget for all of it: what does not fit in is left out.

    Raises:
        ProtocolError: the list can't be had.

    Spec: security T-34, V-P01.
    """
    actor = await Actor.get(uri=uri, is_local=False)
    if actor.featured_uri is None or not await moves.someone_follows(actor):
        return "nobody here follows them, or they pin nothing"
    budget = Budget()
    wanted = await _listed(actor, actor.featured_uri, budget, bench)
    for each in wanted:
        await _have(each, actor, budget, bench)
    number = await pins.received_list(actor, wanted, now=bench.clock.now())
    return f"{number} pins"


async def _listed(actor: Actor, uri: str, budget: Budget, bench: Bench) -> list[str]:
    """Return the first ids in a list that live where the actor lives."""
    found = await _collection(uri, budget, bench)
    if found is not None and not found.items and found.first is not None:
        found = await _first_page(actor, found.first, budget, bench)
    home = canonical_uri(actor.uri, relaxed=bench.relaxed)
    ids = [item.id for item in (found.items if found else ()) if item.id is not None]
    return [each for each in ids if same_origin(canonical_uri(each, relaxed=bench.relaxed), home)][: pins.MOST]


async def _first_page(actor: Actor, first: Reference, budget: Budget, bench: Bench) -> CollectionDocument | None:
    if first.document is not None:
        page = parse_object(first.document, relaxed=bench.relaxed)
        return page if isinstance(page, CollectionDocument) else None
    home = canonical_uri(actor.uri, relaxed=bench.relaxed)
    if first.id is None or not same_origin(canonical_uri(first.id, relaxed=bench.relaxed), home):
        return None
    return await _collection(first.id, budget, bench)


async def _collection(uri: str, budget: Budget, bench: Bench) -> CollectionDocument | None:
    found = await bench.fetcher.object(uri, budget=budget, now=bench.clock.now())
    return found if isinstance(found, CollectionDocument) else None


async def _have(uri: str, actor: Actor, budget: Budget, bench: Bench) -> None:
    """Hold an object of the actor, if it can be had; one that can't stops no other."""
    if await objects.find(uri) is not None:
        return
    now = bench.clock.now()
    try:
        found = await bench.fetcher.object(uri, budget=budget, now=now)
    except ProtocolError:
        return
    if not isinstance(found, NoteDocument | EventDocument | PracticeDocument) or found.attributed_to != actor.uri:
        return

    def decide(host: str) -> Decision:
        return bench.registry.decide(host, now=now)

    scene = Scene(actor, decide(actor.host), decide, now, bench.relaxed)
    async with atomic():
        await keep_object(found, author=actor, scene=scene, is_solicited=True)
