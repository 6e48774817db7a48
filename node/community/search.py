"""Search over posts, practices, events and people, the same on both databases."""

from dataclasses import dataclass

from node.community.limited import unmet_by
from node.community.mixing import show_things
from node.community.paging import PAGE_SIZE, Page
from node.community.search_entries import short_words
from node.community.shown_actors import actor_view
from node.community.tagged import writer_of
from node.community.views import ActorView, Thing
from node.community.visibility import Viewer, listed_for
from node.database import dialect, marks, rows
from node.models import Actor, ActorState
from node.text.fold import query_terms

KINDS = ("practice", "event", "post", "actor")
MOST_PAGES = 50

MOST = PAGE_SIZE * MOST_PAGES
WALKED = 4
"""PostgreSQL looks first through so many of the newest entries for each that it needs: a frequent word is there."""

_SQLITE = (
    "SELECT object_uri, kind FROM (SELECT object_uri, kind, published_at, entry.id AS id FROM search_index "
    "CROSS JOIN search_entry AS entry ON entry.id = search_index.rowid "
    "WHERE search_index MATCH ? AND {others} ORDER BY search_index.rowid DESC LIMIT ?) AS found "
    "ORDER BY published_at DESC, id DESC LIMIT ? OFFSET ?"
)
"""The index gives its rows from the last one on, so that no more are read than pages can show."""
_HAS_WORDS = "to_tsvector('simple', folded) @@ to_tsquery('simple', ?)"
_NEWEST = (
    "SELECT object_uri, kind FROM (SELECT * FROM search_entry ORDER BY published_at DESC, id DESC LIMIT ?) AS newest "
    "WHERE {words} AND {others} ORDER BY published_at DESC, id DESC LIMIT ? OFFSET ?"
)
_MATCHING = (
    "WITH found AS MATERIALIZED (SELECT object_uri, kind, published_at, id FROM search_entry "
    "WHERE {words} AND {others}) "
    "SELECT object_uri, kind FROM found ORDER BY published_at DESC, id DESC LIMIT ? OFFSET ?"
)
"""Materialised, so that PostgreSQL asks the word index: else it may read every text in search of a rare word."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: an object, or somebody."""

    kind: str
    thing: Thing | None
    actor: ActorView | None


async def find(text: str, viewer: Viewer, *, kind: str = "", before: str | None = None) -> Page[Hit]:
    """Return what has all words of `text`, or words that begin so, the latest first.

    Args:
        text: as typed; nothing is found for a text without a word.
        kind: one of KINDS, or empty for all.
        before: number of hits to skip, as `Page.next` says.
    """
    words = list(short_words(query_terms(text)))
    if not words or (kind and kind not in KINDS):
        return Page(())
    skipped = int(before) if before and before.isascii() and before.isdigit() and len(before) < 6 else 0
    if skipped >= MOST:
        return Page(())
    found = await _entries(words, viewer, kind, skipped)
    shown = found[:PAGE_SIZE]
    hits = await _hits(shown, viewer)
    return Page(tuple(hits), str(skipped + PAGE_SIZE) if len(found) > PAGE_SIZE else None)


async def _entries(words: list[str], viewer: Viewer, kind: str, skipped: int) -> list[tuple[str, str]]:
    seen = sorted(visibility.value for visibility in listed_for(viewer))
    others = f"visibility IN ({marks(len(seen))})" + (" AND kind = ?" if kind else "")
    narrow = [*seen, *([kind] if kind else [])]
    here = [PAGE_SIZE + 1, skipped]
    if dialect() == "sqlite":
        return await _read(_SQLITE.format(others=others), [_for_sqlite(words), *narrow, MOST, *here])
    question = _for_pg(words)
    looked_at = WALKED * (skipped + PAGE_SIZE + 1)
    found = await _read(_NEWEST.format(words=_HAS_WORDS, others=others), [looked_at, question, *narrow, *here])
    if len(found) > PAGE_SIZE:
        return found
    return await _read(_MATCHING.format(words=_HAS_WORDS, others=others), [question, *narrow, *here])


async def _read(sql: str, values: list[object]) -> list[tuple[str, str]]:
    return [(str(row["object_uri"]), str(row["kind"])) for row in await rows(sql, values)]


def _for_sqlite(words: list[str]) -> str:
    return " ".join('"' + word.replace('"', '""') + '"*' for word in words)


def _for_pg(words: list[str]) -> str:
    quoted = (word.replace("\\", "").replace("'", "''") for word in words)
    return " & ".join(f"'{word}':*" for word in quoted)


async def _hits(entries: list[tuple[str, str]], viewer: Viewer) -> list[Hit]:
    things = await show_things([uri for uri, kind in entries if kind != "actor"], viewer)
    people = await Actor.filter(uri__in=[uri for uri, kind in entries if kind == "actor"], state=ActorState.ACTIVE)
    actors = {row.uri: actor_view(row) for row in people}
    limited = (await unmet_by(viewer)).actor_ids
    hits = (Hit(kind, things.get(uri), actors.get(uri)) for uri, kind in entries)
    found = [hit for hit in hits if hit.thing is not None or hit.actor is not None]
    return [hit for hit in found if hit.thing is None or writer_of(hit.thing) not in limited]
