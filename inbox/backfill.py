"""Read around a thread within one budget: what a post answers, and the answers that its server knows of.

Collections only say where to look; every post is read from its own address, and only what answers something that we
hold is kept. Ten requests, ten levels, however deep or wide or endless the thread is.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from federation.client import Budget
from federation.collections import require_next_page
from federation.errors import Malformed, ProtocolError
from federation.names import canonical_uri, same_origin
from federation.vocabulary.fields import Fields
from federation.vocabulary.parse import parse_object
from federation.vocabulary.parse_collection import parse_collection
from federation.vocabulary.types import CollectionDocument, NoteDocument, Reference
from inbox.interpret.keep import DEEPEST, keep_object
from inbox.scene import Scene
from inbox.worker import Bench
from node.community import erasure, objects
from node.database import atomic
from node.models import Post
from node.policy.decide import Decision

MOST_IDS = 100
MOST_SOURCES = 5
"""So many posts of a thread are asked for their answers."""


@dataclass(slots=True)
class _Search:
    """One look around a thread.

    Args:
        pages: collections and their pages that were read.
        seen: posts that were looked at, kept or not.
        kept: posts that are new here.
    """

    bench: Bench
    budget: Budget = field(default_factory=Budget)
    pages: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    kept: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more may be read."""
        return self.budget.requests_left < 1 or len(self.seen) >= MOST_IDS


async def look_around(uri: str, bench: Bench) -> str:
    """Read what was said around the thing at `uri`; return how much of it was new.

    Spec: FEP-7888; security T-34, T-35, V-P01, V-M14.
    """
    known = await objects.find(uri)
    if known is None:
        return "it is not held any more"
    search = _Search(bench)
    await _climb(uri, search)
    waiting = deque(await _sources(uri, known.thread_uri))
    depth = 0
    while waiting and depth < DEEPEST and not search.is_over:
        depth += 1
        for note in [waiting.popleft() for _ in range(len(waiting))]:
            waiting.extend(await _below(note, search))
    return f"{search.kept} more were read"


async def _climb(uri: str, search: _Search) -> None:
    """Read what a post answers, and what that answers."""
    current: str | None = uri
    for _level in range(DEEPEST):
        post = await Post.get_or_none(uri=current) if current else None
        if post is None or post.in_reply_to_uri is None or search.is_over:
            return
        current = post.in_reply_to_uri
        if not await objects.held_among([current]):
            await _read(current, search, is_parent=True)


async def _sources(uri: str, top_uri: str) -> list[NoteDocument]:
    """Return foreign posts of a thread that may know of answers: the one asked about, the top, the newest ones."""
    foreign = Post.filter(is_local=False, withdrawn_at__isnull=True, document__isnull=False)
    rows = await foreign.filter(uri__in=[uri, top_uri])
    rows += await foreign.filter(thread_uri=top_uri).order_by("-id").limit(MOST_SOURCES)
    documents = {row.uri: str(row.document) for row in rows}
    found = (_note(orjson.loads(document)) for document in documents.values())
    return [note for note in found if note is not None]


def _note(document: dict[str, object]) -> NoteDocument | None:
    try:
        found = parse_object(document, relaxed=True)
    except Malformed:
        return None
    return found if isinstance(found, NoteDocument) else None


async def _below(note: NoteDocument, search: _Search) -> list[NoteDocument]:
    """Read the answers to a post that its own collections name; return those that are new."""
    fresh = []
    for reference in (note.replies, Reference(note.context) if note.context else None):
        for uri in await _ids(note, reference, search) if reference else ():
            found = await _read(uri, search)
            fresh += [found] if found else []
    return fresh


async def _ids(note: NoteDocument, reference: Reference, search: _Search) -> Sequence[str]:
    """Return what a collection of the post's own server names, that we neither hold nor looked at before."""
    uris: list[str] = []
    page = await _collection(reference, note, search)
    while page is not None and len(uris) < MOST_IDS:
        uris += [item.id for item in page.items if item.id is not None]
        page = await _following(page, note, search)
    fresh = [uri for uri in dict.fromkeys(uris[:MOST_IDS]) if uri not in search.seen]
    held = await objects.held_among(fresh)
    gone = await erasure.gone_among(fresh)
    return [uri for uri in fresh if uri not in held and uri not in gone]


async def _following(page: CollectionDocument, note: NoteDocument, search: _Search) -> CollectionDocument | None:
    if page.first is not None:
        return await _collection(page.first, note, search)
    return await _collection(Reference(page.next), note, search) if page.next else None


async def _collection(reference: Reference, note: NoteDocument, search: _Search) -> CollectionDocument | None:
    """Return a collection or page: as it stands in what names it, or read from the server of the post."""
    relaxed = search.bench.relaxed
    if reference.document is not None:
        found = parse_collection(Fields(reference.document, relaxed), reference.type or "")
        return found if found.items or found.first or found.next else None
    if reference.id is None or search.is_over:
        return None
    try:
        uri = require_next_page(reference.id, collection_uri=note.id, pages_read=search.pages, relaxed=relaxed)
        search.pages.append(uri)
        read = await search.bench.fetcher.object(uri, budget=search.budget, now=search.bench.clock.now())
    except ProtocolError:
        return None
    return read if isinstance(read, CollectionDocument) else None


async def _read(uri: str, search: _Search, *, is_parent: bool = False) -> NoteDocument | None:
    """Read one post from its own address and keep it, if it belongs here; what can't be had is left out."""
    if uri in search.seen or search.is_over:
        return None
    search.seen.add(uri)
    bench, now = search.bench, search.bench.clock.now()
    try:
        found, author = await bench.fetcher.object_and_author(uri, budget=search.budget, now=now)
    except ProtocolError:
        return None
    if author is None or author.is_local or not isinstance(found, NoteDocument):
        return None
    if not is_parent and not await objects.held_among([found.in_reply_to or ""]):
        return None

    def decide(host: str) -> Decision:
        return bench.registry.decide(host, now=now)

    scene = Scene(author, decide(author.host), decide, now, bench.relaxed)
    async with atomic():
        outcome = await keep_object(found, author=author, scene=scene, is_solicited=True, depth=DEEPEST)
    search.kept += outcome.applied
    return found if outcome.applied and _is_with(found, uri, relaxed=bench.relaxed) else None


def _is_with(note: NoteDocument, uri: str, *, relaxed: bool) -> bool:
    return same_origin(canonical_uri(note.id, relaxed=relaxed), canonical_uri(uri, relaxed=relaxed))
