"""Threads: an object with what it answers and the answers to it, from every server, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from node.community import objects
from node.community.mixing import show_things
from node.community.objects import Known
from node.community.shown_posts import show_posts
from node.community.views import PostView, Thing
from node.community.visibility import OPEN, Readable, Viewer, may_read
from node.database import few_sizes, marks, rows
from node.errors import NotFound, Withdrawn
from node.models import ActorState, Post, Visibility

DEEPEST = 100
MOST = 5_000
"""As many posts of one thread are put into order."""
A_PAGE = 50
_AT_ONCE = 500
_OUTLINE = (
    "SELECT post.id, post.uri, post.public_id, post.in_reply_to_uri, post.author_id, post.visibility, "
    "post.withdrawn_at, actor.host, actor.state FROM post JOIN actor ON actor.id = post.author_id "
    "WHERE post.thread_uri = ? ORDER BY post.published_at, post.id LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Which answers are wanted: those of a page, or of the page that holds one answer.

    Args:
        page: from 1; the last one if there are fewer.
        answer: the `key` of an answer, empty for none.
    """

    page: int = 1
    answer: str = ""


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
        answers: a page of everything below it, each answer right under what it answers, oldest first.
        number: of answers that this viewer may read, on all pages.
        page: which one this is, from 1.
        pages: how many there are, at least 1.
        hidden: answers that this viewer may not read, or that are beyond the bounds.
        is_top_known: False if it answers something that we don't hold.
    """

    thing: Thing
    above: tuple[Thing, ...]
    answers: tuple[Answer, ...]
    number: int
    page: int
    pages: int
    hidden: int
    is_top_known: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A post of a thread as far as its place and its readers go; `key` tells it apart in addresses of pages."""

    id: int
    uri: str
    key: str
    parent: str | None
    readable: Readable


async def thread(uri: str, viewer: Viewer, part: Part = Part()) -> ThreadView:
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
    lines = await _lines_of(known)
    above_uris, is_top_known = _above(uri, {line.uri: line for line in lines}, known)
    below = _below(uri, lines, is_top=uri == known.thread_uri)
    readable = [(line, depth) for line, depth in below if may_read(viewer, line.readable)]
    page, pages = _place([line for line, _depth in readable], part)
    things = await show_things([uri, *above_uris], viewer)
    standing = _standing(lines, below, uri, is_top=uri == known.thread_uri)
    return ThreadView(
        thing=things[uri],
        above=tuple(things[each] for each in above_uris if each in things),
        answers=await _answers(readable[(page - 1) * A_PAGE : page * A_PAGE], viewer),
        number=len(readable),
        page=page,
        pages=pages,
        hidden=standing - len(readable) + await _beyond(lines, known),
        is_top_known=is_top_known,
    )


def _place(lines: Sequence[_Line], part: Part) -> tuple[int, int]:
    """Return which page is wanted, and how many there are."""
    pages = max(1, -(-len(lines) // A_PAGE))
    if part.answer:
        place = next((number for number, line in enumerate(lines) if line.key == part.answer), 0)
        return place // A_PAGE + 1, pages
    return min(max(part.page, 1), pages), pages


async def _answers(wanted: Sequence[tuple[_Line, int]], viewer: Viewer) -> tuple[Answer, ...]:
    found = await Post.filter(id__in=[line.id for line, _depth in wanted]).select_related("author") if wanted else []
    shown = {view.uri: view for view in await show_posts(found, viewer)}
    return tuple(Answer(shown[line.uri], depth) for line, depth in wanted if line.uri in shown)


async def _lines_of(known: Known) -> list[_Line]:
    found = [_line(row) for row in await rows(_OUTLINE, [known.thread_uri, MOST])]
    few = [line.uri for line in found if line.readable.visibility not in OPEN]
    named = await _mentioned(few)
    return [
        replace(line, readable=replace(line.readable, mentioned=named[line.uri])) if line.uri in named else line
        for line in found
    ]


def _line(row: Mapping[str, object]) -> _Line:
    parent = row["in_reply_to_uri"]
    return _Line(
        id=cast(int, row["id"]),
        uri=str(row["uri"]),
        key=str(row["public_id"] or row["id"]),
        parent=None if parent is None else str(parent),
        readable=Readable(
            Visibility(str(row["visibility"])),
            cast(int, row["author_id"]),
            str(row["host"]),
            is_withdrawn=row["withdrawn_at"] is not None,
            is_silenced=row["state"] != ActorState.ACTIVE,
        ),
    )


async def _mentioned(uris: Sequence[str]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for start in range(0, len(uris), _AT_ONCE):
        some = few_sizes(uris[start : start + _AT_ONCE])
        sql = f"SELECT object_uri, actor_id FROM mention WHERE object_uri IN ({marks(len(some))})"  # noqa: S608
        for row in await rows(sql, some):
            found.setdefault(str(row["object_uri"]), set()).add(cast(int, row["actor_id"]))
    return {uri: frozenset(ids) for uri, ids in found.items()}


async def _beyond(lines: Sequence[_Line], known: Known) -> int:
    """Count the posts of a thread that are too many to be read at once."""
    if len(lines) < MOST:
        return 0
    return await Post.filter(thread_uri=known.thread_uri, withdrawn_at__isnull=True).count() - len(lines)


def _above(uri: str, lines: Mapping[str, _Line], known: Known) -> tuple[list[str], bool]:
    """Walk up from `uri`; foreign data may name itself or go in circles."""
    path: list[str] = []
    current = lines[uri].parent if uri in lines else None
    while current is not None and current not in path and current != uri and len(path) < DEEPEST:
        path.append(current)
        current = lines[current].parent if current in lines else None
    path.reverse()
    return path, not path or path[0] in lines or path[0] == known.thread_uri


def _below(uri: str, lines: Sequence[_Line], *, is_top: bool) -> list[tuple[_Line, int]]:
    """Return the answers under `uri` in reading order with their depth; loops and bounds cut it.

    Under the top of a thread stand also the answers to something that was deleted or never reached us.
    """
    held = {line.uri for line in lines} | {uri}
    children: dict[str, list[_Line]] = {}
    for line in lines:
        parent = line.parent or ""
        children.setdefault(uri if is_top and parent not in held else parent, []).append(line)
    found: list[tuple[_Line, int]] = []
    seen = {uri}
    waiting = [(line, 1) for line in reversed(children.get(uri, []))]
    while waiting:
        line, depth = waiting.pop()
        if line.uri in seen:
            continue
        seen.add(line.uri)
        found.append((line, depth))
        if depth < DEEPEST:
            waiting += [(child, depth + 1) for child in reversed(children.get(line.uri, []))]
    return found


def _standing(lines: Sequence[_Line], below: Sequence[tuple[_Line, int]], uri: str, *, is_top: bool) -> int:
    """Count what stands below `uri`: for the top all of its thread, else what hangs under it."""
    inside = [line for line in lines if line.uri != uri] if is_top else [line for line, _depth in below]
    return sum(1 for line in inside if not line.readable.is_withdrawn)
