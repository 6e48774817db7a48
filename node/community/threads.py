"""Threads: an object with what it answers and all answers to it, from every server."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from node.community import objects
from node.community.mixing import show_things
from node.community.objects import Known
from node.community.shown_posts import show_posts
from node.community.views import PostView, Thing
from node.community.visibility import Viewer, may_read
from node.errors import NotFound, Withdrawn
from node.models import Mention, Post

DEEPEST = 100
MOST = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """A post below another one; `depth` is 1 for a direct answer."""

    post: PostView
    depth: int


@dataclass(frozen=True, slots=True)
class ThreadView:
    """An object among what was said around it.

    Args:
        above: what it answers, the top of the thread first, as far as we know and the viewer may read.
        answers: everything below it, each answer right under what it answers, oldest first.
        hidden: answers that this viewer may not read, or that are beyond the bounds.
        is_top_known: False if it answers something that we don't hold.
    """

    thing: Thing
    above: tuple[Thing, ...]
    answers: tuple[Answer, ...]
    hidden: int
    is_top_known: bool


async def thread(uri: str, viewer: Viewer) -> ThreadView:
    """Return what was said around an object.

    Raises:
        NotFound: we don't hold it, or it's not for this viewer.
        Withdrawn: it was deleted.
    """
    known = await objects.find(uri)
    if known is None:
        raise NotFound(f"nothing at {uri[:200]}")
    if known.is_withdrawn:
        raise Withdrawn(f"{uri[:200]} was deleted")
    if not may_read(viewer, known.readable):
        raise NotFound(f"{uri[:200]} is not for this viewer")
    rows = await _rows_of(known)
    above_uris, is_top_known = _above(uri, {row.uri: row for row in rows}, known)
    below = _below(uri, rows, is_top=uri == known.thread_uri)
    readable = await _readable([row for row, _depth in below], viewer)
    shown = {view.uri: view for view in await show_posts(readable, viewer)}
    things = await show_things([uri, *above_uris], viewer)
    return ThreadView(
        thing=things[uri],
        above=tuple(things[each] for each in above_uris if each in things),
        answers=tuple(Answer(shown[row.uri], depth) for row, depth in below if row.uri in shown),
        hidden=_standing(rows, below, uri, is_top=uri == known.thread_uri) - len(shown) + await _beyond(rows, known),
        is_top_known=is_top_known,
    )


async def _rows_of(known: Known) -> list[Post]:
    found = Post.filter(thread_uri=known.thread_uri).order_by("published_at", "id").limit(MOST)
    return await found.select_related("author")


async def _beyond(rows: Sequence[Post], known: Known) -> int:
    """Count the posts of a thread that are too many to be read at once."""
    if len(rows) < MOST:
        return 0
    return await Post.filter(thread_uri=known.thread_uri, withdrawn_at__isnull=True).count() - len(rows)


def _above(uri: str, rows: Mapping[str, Post], known: Known) -> tuple[list[str], bool]:
    """Walk up from `uri`; foreign data may name itself or go in circles."""
    path: list[str] = []
    current = rows[uri].in_reply_to_uri if uri in rows else None
    while current is not None and current not in path and current != uri and len(path) < DEEPEST:
        path.append(current)
        current = rows[current].in_reply_to_uri if current in rows else None
    path.reverse()
    return path, not path or path[0] in rows or path[0] == known.thread_uri


def _below(uri: str, rows: Sequence[Post], *, is_top: bool) -> list[tuple[Post, int]]:
    """Return the answers under `uri` in reading order with their depth; loops and bounds cut it.

    Under the top of a thread stand also the answers to something that was deleted or never reached us.
    """
    held = {row.uri for row in rows} | {uri}
    children: dict[str, list[Post]] = {}
    for row in rows:
        parent = row.in_reply_to_uri or ""
        children.setdefault(uri if is_top and parent not in held else parent, []).append(row)
    found: list[tuple[Post, int]] = []
    seen = {uri}
    waiting = [(row, 1) for row in reversed(children.get(uri, []))]
    while waiting:
        row, depth = waiting.pop()
        if row.uri in seen:
            continue
        seen.add(row.uri)
        found.append((row, depth))
        if depth < DEEPEST:
            waiting += [(child, depth + 1) for child in reversed(children.get(row.uri, []))]
    return found


async def _readable(rows: Iterable[Post], viewer: Viewer) -> list[Post]:
    standing = [row for row in rows if row.withdrawn_at is None]
    named: dict[str, set[int]] = {}
    for mention in await Mention.filter(object_uri__in=[row.uri for row in standing]):
        named.setdefault(mention.object_uri, set()).add(mention.actor_id)
    return [
        row for row in standing if may_read(viewer, objects.of_post(row, frozenset(named.get(row.uri, set()))).readable)
    ]


def _standing(rows: Sequence[Post], below: Sequence[tuple[Post, int]], uri: str, *, is_top: bool) -> int:
    """Count what stands below `uri`: for the top all of its thread, else what hangs under it."""
    inside = [row for row in rows if row.uri != uri] if is_top else [row for row, _depth in below]
    return sum(1 for row in inside if row.withdrawn_at is None)
