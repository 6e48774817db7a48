"""Everything with a hashtag, what came last first: an index is walked, however many things carry the tag."""

from dataclasses import dataclass
from typing import cast

from node.community.limited import unmet_by
from node.community.mixing import is_near, show_things
from node.community.paging import PAGE_SIZE, Page, row_mark
from node.community.views import PostView, Thing, TimelineItem
from node.community.visibility import Viewer, listed_for
from node.database import marks, rows
from node.models import ActorState, Admission
from node.text.markdown import hashtag_key

LOOKED_AT = 500
"""Things with the tag that one page looks at; those that the viewer may not meet leave it shorter."""
LIBRARY = (Admission.ADMITTED, Admission.LINK_ONLY)
_NEWEST = "SELECT id, object_uri FROM hashtag WHERE name = ? AND id < ? ORDER BY id DESC LIMIT ?"
_RECORD = "SELECT 1 FROM {table} WHERE uri = carried.object_uri AND {listed} AND published_at IS NOT NULL AND {inside}"
_END = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Found:
    """Places in the index and what stands there."""

    places: tuple[tuple[int, str], ...]
    next: int | None


async def tagged(name: str, viewer: Viewer, *, before: str | None = None) -> Page[TimelineItem]:
    """Return what has a hashtag.

    Args:
        name: with or without the sign, in any case.
        before: where the page begins, as `Page.next` says.
    """
    found = await _places(hashtag_key(name.strip().lstrip("#")), viewer, row_mark(before) or _END)
    things = await show_things([uri for _, uri in found.places], viewer)
    limited = (await unmet_by(viewer)).actor_ids
    shown = [things[uri] for _, uri in found.places if uri in things and is_near(things[uri], viewer)]
    items = (TimelineItem(thing.published_at, thing) for thing in shown if writer_of(thing) not in limited)
    return Page(tuple(items), None if found.next is None else str(found.next))


def writer_of(thing: Thing) -> int:
    """Return the actor who wrote it, also where a Group published it."""
    return thing.author.id if isinstance(thing, PostView) or thing.credited is None else thing.credited.id


async def _places(key: str, viewer: Viewer, before: int) -> _Found:
    condition, values = _listed(viewer)
    walked = [key, before, LOOKED_AT]
    sql = (
        f"SELECT id, object_uri FROM ({_NEWEST}) AS carried WHERE {condition} "  # noqa: S608 - only our own words and marks
        "ORDER BY id DESC LIMIT ?"
    )
    found = [
        (cast(int, row["id"]), str(row["object_uri"])) for row in await rows(sql, [*walked, *values, PAGE_SIZE + 1])
    ]
    shown = tuple(found[:PAGE_SIZE])
    if len(found) > PAGE_SIZE:
        return _Found(shown, shown[-1][0])
    last = await rows(f"{_NEWEST} OFFSET ?", [key, before, 1, LOOKED_AT - 1])
    return _Found(shown, cast(int, last[0]["id"]) if last else None)


def _listed(viewer: Viewer) -> tuple[str, list[object]]:
    """Return the condition that the viewer meets the thing in lists, and what stands for its `?`."""
    seen: list[object] = [visibility.value for visibility in sorted(listed_for(viewer))]
    listed = f"visibility IN ({marks(len(seen))}) AND withdrawn_at IS NULL"
    inside = f"admission IN ({marks(len(LIBRARY))})"
    known = "actor.state = ?" if viewer.is_member else "actor.state = ? AND actor.indexable"
    post = (
        f"SELECT 1 FROM post WHERE uri = carried.object_uri AND {listed} AND (is_local OR "  # noqa: S608
        f"EXISTS (SELECT 1 FROM actor WHERE actor.id = post.author_id AND {known}))"
    )
    records = [_RECORD.format(table=table, listed=listed, inside=inside) for table in ("practice", "event")]
    condition = " OR ".join(f"EXISTS ({each})" for each in (post, *records))
    library = [each.value for each in LIBRARY]
    return condition, [*seen, ActorState.ACTIVE.value, *seen, *library, *seen, *library]
