"""Search over posts, practices, events and people, the same on both databases."""

from dataclasses import dataclass

from node.community.limited import unmet_by
from node.community.mixing import show_things
from node.community.paging import PAGE_SIZE, Page
from node.community.search_entries import short_words
from node.community.shown_actors import actor_view
from node.community.views import ActorView, PostView, Thing
from node.community.visibility import Viewer, listed_for
from node.database import dialect, marks, rows
from node.models import Actor, ActorState
from node.text.fold import query_terms

KINDS = ("practice", "event", "post", "actor")
MOST_PAGES = 50

_SQLITE = "search_entry.id IN (SELECT rowid FROM search_index WHERE search_index MATCH ?)"
_POSTGRESQL = "to_tsvector('simple', folded) @@ to_tsquery('simple', ?)"


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
    if skipped >= PAGE_SIZE * MOST_PAGES:
        return Page(())
    found = await _entries(words, viewer, kind, skipped)
    shown = found[:PAGE_SIZE]
    hits = await _hits(shown, viewer)
    return Page(tuple(hits), str(skipped + PAGE_SIZE) if len(found) > PAGE_SIZE else None)


async def _entries(words: list[str], viewer: Viewer, kind: str, skipped: int) -> list[tuple[str, str]]:
    seen = sorted(visibility.value for visibility in listed_for(viewer))
    condition, question = (_SQLITE, _for_sqlite(words)) if dialect() == "sqlite" else (_POSTGRESQL, _for_pg(words))
    of_kind = " AND kind = ?" if kind else ""
    sql = (
        f"SELECT object_uri, kind FROM search_entry WHERE {condition} AND visibility IN ({marks(len(seen))}){of_kind} "  # noqa: S608 - only marks
        f"ORDER BY published_at DESC, id DESC LIMIT {PAGE_SIZE + 1} OFFSET {skipped}"
    )
    found = await rows(sql, [question, *seen, *([kind] if kind else [])])
    return [(str(row["object_uri"]), str(row["kind"])) for row in found]


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
    return [hit for hit in found if hit.thing is None or _writer_of(hit.thing) not in limited]


def _writer_of(thing: Thing) -> int:
    return thing.author.id if isinstance(thing, PostView) or thing.credited is None else thing.credited.id
