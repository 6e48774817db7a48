"""One list out of several tables, newest first: posts, boosts, practices and events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tortoise.expressions import Q

from node.community import objects
from node.community.once import Columns
from node.community.paging import PAGE_SIZE, Mark, Page, first_page, mark_from
from node.community.shown_actors import actor_view
from node.community.shown_posts import show_posts
from node.community.shown_records import show_events, show_practices
from node.community.views import PostView, Thing, TimelineItem
from node.community.visibility import Viewer, may_read
from node.database import few_sizes
from node.models import Boost, Event, Post, Practice

EVENT, PRACTICE, POST, BOOST = range(4)
Record = TypeVar("Record", Practice, Event)


@dataclass(frozen=True, slots=True)
class Sources:
    """Which rows of each table a list has; None for no row. `most` is how many a page shows."""

    posts: Q | None = None
    practices: Q | None = None
    events: Q | None = None
    boosts: Q | None = None
    most: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row of the mixed list; a boost leads to the object it passes on."""

    mark: Mark
    row: Post | Practice | Event | Boost

    @property
    def kind(self) -> str:
        """The kind of object that the row is, empty for a boost."""
        return {POST: "post", PRACTICE: "practice", EVENT: "event"}.get(self.mark.rank, "")

    @property
    def uri(self) -> str:
        """The object that the row is, or passes on."""
        return self.row.object_uri if isinstance(self.row, Boost) else self.row.uri


async def mixed(sources: Sources, viewer: Viewer, before: str | None) -> Page[TimelineItem]:
    """Return a page of the list that `sources` describe, as `viewer` sees it."""
    mark = mark_from(before)
    entries = [
        *await _posts(sources, mark),
        *await _practices(sources, mark),
        *await _events(sources, mark),
        *await _boosts(sources, mark),
    ]
    page = first_page([(entry.mark, entry) for entry in entries], sources.most)
    kinds = {entry.uri: entry.kind for entry in page.items if entry.kind}
    passed_on = await objects.kinds_of({entry.uri for entry in page.items} - set(kinds))
    things = await _show_known(kinds | passed_on, viewer)
    return Page(tuple(_items(page.items, things, viewer)), page.next)


def _items(entries: Sequence[_Entry], things: dict[str, Thing], viewer: Viewer) -> Iterable[TimelineItem]:
    seen: set[str] = set()
    for entry in entries:
        thing = things.get(entry.uri)
        if thing is None or entry.uri in seen or _is_muted(entry, thing, viewer):
            continue
        seen.add(entry.uri)
        by = actor_view(entry.row.actor) if isinstance(entry.row, Boost) else None
        yield TimelineItem(entry.mark.at, thing, by)


def _is_muted(entry: _Entry, thing: Thing, viewer: Viewer) -> bool:
    """Tell whether the viewer does not want to see who wrote it or who passed it on."""
    by = entry.row
    passed_on_by_far = isinstance(by, Boost) and _is_far(viewer, by.actor_id, by.actor.host)
    return passed_on_by_far or not is_near(thing, viewer)


def is_near(thing: Thing, viewer: Viewer) -> bool:
    """Tell whether the viewer wants to see in lists what this author writes."""
    return not _is_far(viewer, thing.author.id, thing.author.host)


def _is_far(viewer: Viewer, actor_id: int, host: str) -> bool:
    return viewer.muted.holds(actor_id, host) or viewer.apart.holds(actor_id, host)


async def show_things(uris: Iterable[str], viewer: Viewer) -> dict[str, Thing]:
    """Return those of the objects that `viewer` may read, by URI."""
    return await _show_known(await objects.kinds_of(uris), viewer)


async def _show_known(kinds: Mapping[str, str], viewer: Viewer) -> dict[str, Thing]:
    """Do the same for objects whose kind is known by URI."""
    of_kind: dict[str, list[object]] = {}
    for uri, kind in kinds.items():
        of_kind.setdefault(kind, []).append(uri)
    shown: list[Thing] = [
        *await _readable_posts(few_sizes(of_kind.get("post", ())), viewer),
        *await show_practices(await _readable(Practice, few_sizes(of_kind.get("practice", ())), viewer), viewer),
        *await show_events(await _readable(Event, few_sizes(of_kind.get("event", ())), viewer), viewer),
    ]
    return {thing.uri: thing for thing in shown}


async def _readable_posts(uris: list[object], viewer: Viewer) -> list[PostView]:
    if not uris:
        return []
    found = await objects.of_posts(await Post.filter(uri__in=uris).select_related("author"))
    readable = [post for post, known in found if may_read(viewer, known.readable)]
    return await show_posts(readable, viewer) if readable else []


async def _readable(model: type[Record], uris: list[object], viewer: Viewer) -> list[Record]:
    if not uris:
        return []
    found = await model.filter(uri__in=uris).select_related("publisher")
    return [row for row in found if may_read(viewer, objects.of_record(row).readable)]


async def _posts(sources: Sources, mark: Mark | None) -> list[_Entry]:
    if sources.posts is None:
        return []
    found = Post.filter(sources.posts, _older("published_at", POST, mark), withdrawn_at__isnull=True)
    rows = await found.order_by("-published_at", "-id").limit(sources.most + 1).only("id", "uri", "published_at")
    return [_Entry(Mark(row.published_at, POST, row.id), row) for row in rows]


async def _practices(sources: Sources, mark: Mark | None) -> list[_Entry]:
    if sources.practices is None:
        return []
    found = Practice.filter(sources.practices, _older("published_at", PRACTICE, mark), withdrawn_at__isnull=True)
    found = found.filter(published_at__isnull=False).order_by("-published_at", "-id").limit(sources.most + 1)
    rows = await found.only("id", "uri", "published_at", "updated_at")
    return [_Entry(Mark(row.published_at or row.updated_at, PRACTICE, row.id), row) for row in rows]


async def _events(sources: Sources, mark: Mark | None) -> list[_Entry]:
    if sources.events is None:
        return []
    found = Event.filter(sources.events, _older("published_at", EVENT, mark), withdrawn_at__isnull=True)
    found = found.filter(published_at__isnull=False).order_by("-published_at", "-id").limit(sources.most + 1)
    rows = await found.only("id", "uri", "published_at", "updated_at")
    return [_Entry(Mark(row.published_at or row.updated_at, EVENT, row.id), row) for row in rows]


async def _boosts(sources: Sources, mark: Mark | None) -> list[_Entry]:
    if sources.boosts is None:
        return []
    found = Boost.filter(sources.boosts, _older("created_at", BOOST, mark)).select_related("actor")
    rows = await found.order_by("-created_at", "-id").limit(sources.most + 1)
    return [_Entry(Mark(row.created_at, BOOST, row.id), row) for row in rows]


def _older(column: str, rank: int, mark: Mark | None) -> Q:
    """Return what comes after `mark` in a list sorted by time, rank and row, all descending."""
    if mark is None:
        return Q()
    earlier: Columns = {f"{column}__lt": mark.at}
    same_time: Columns = {column: mark.at}
    if rank == mark.rank:
        same_time["id__lt"] = mark.row
    return Q(**earlier) if rank > mark.rank else Q(**earlier) | Q(**same_time)
