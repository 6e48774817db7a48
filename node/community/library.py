"""Lists and pages of practice records and events, with simple filters."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from tortoise.expressions import Q

from node.community import events as event_verbs
from node.community import objects
from node.community import practices as practice_verbs
from node.community.mixing import show_things
from node.community.once import Columns
from node.community.paging import PAGE_SIZE, Mark, Page, first_page, mark_from
from node.community.roles import is_at_least
from node.community.shown_records import show_events, show_practices
from node.community.viewer import of_member
from node.community.views import EventView, PracticeView, Thing
from node.community.visibility import Viewer, listed_for, may_read
from node.database import dialect, rows
from node.errors import NotFound
from node.models import ActorState, Admission, Event, Member, Post, Practice, Role, Stage, Visibility

LIBRARY = [Admission.ADMITTED, Admission.LINK_ONLY]
MOST_OF_THEME = 5000
_THEME = {
    "sqlite": "EXISTS (SELECT 1 FROM json_each(practice.facts, '$.theme') WHERE json_each.value = ?)",
    "postgresql": "facts::jsonb -> 'theme' @> to_jsonb(?::text)",
}


class Which(StrEnum):
    """Which events a list shows."""

    UPCOMING = "upcoming"
    PAST = "past"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeFilter:
    """What a list of records is narrowed to; empty fields narrow nothing.

    Args:
        country: two letters.
        by_member_id: a member's own, drafts included if it's the viewer.
        held: only those of other nodes that wait for an editor.
        most: how many a page shows.
    """

    country: str = ""
    theme: str = ""
    kind: str = ""
    status: str = ""
    outcome: str = ""
    language: str = ""
    stage: Stage | None = None
    by_member_id: int | None = None
    local_only: bool = False
    held: bool = False
    most: int = PAGE_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """What a list of events is narrowed to."""

    which: Which = Which.UPCOMING
    by_member_id: int | None = None
    local_only: bool = False
    held: bool = False
    most: int = PAGE_SIZE


async def practices(
    viewer: Viewer, wanted: PracticeFilter = PracticeFilter(), *, before: str | None = None
) -> Page[PracticeView]:
    """Return records, newest first."""
    where = _seen(viewer, by_member_id=wanted.by_member_id, held=wanted.held)
    equal: Columns = {name: getattr(wanted, name) for name in ("kind", "status", "outcome", "language", "stage")}
    where &= Q(**{name: value for name, value in equal.items() if value})
    if wanted.country:
        where &= Q(country__contains=f" {wanted.country.upper()} ")
    if wanted.theme:
        where &= Q(id__in=await _of_theme(wanted.theme))
    if wanted.local_only:
        where &= Q(is_local=True)
    mark = mark_from(before)
    if mark is not None:
        where &= Q(updated_at__lt=mark.at) | Q(updated_at=mark.at, id__lt=mark.row)
    found = Practice.filter(where).order_by("-updated_at", "-id").limit(wanted.most + 1)
    rows = await found.select_related("publisher")
    page = first_page([(Mark(row.updated_at, 0, row.id), row) for row in rows], wanted.most)
    return Page(tuple(await show_practices(page.items, viewer)), page.next)


async def _of_theme(theme: str) -> list[int]:
    """Return the newest records with a theme; which of them may be seen is decided afterwards."""
    sql = f"SELECT id FROM practice WHERE {_THEME[dialect()]} ORDER BY id DESC LIMIT {MOST_OF_THEME}"  # noqa: S608
    return [cast(int, row["id"]) for row in await rows(sql, [theme])]


async def events(
    viewer: Viewer, wanted: EventFilter = EventFilter(), *, now: datetime, before: str | None = None
) -> Page[EventView]:
    """Return events: the next one first, or of past ones the latest first."""
    where = _seen(viewer, by_member_id=wanted.by_member_id, held=wanted.held)
    if wanted.local_only:
        where &= Q(is_local=True)
    is_forward = wanted.which is Which.UPCOMING
    if wanted.which is not Which.ALL:
        where &= Q(end_at__gte=now) if is_forward else Q(end_at__lt=now)
    mark = mark_from(before)
    if mark is not None:
        where &= _after(mark) if is_forward else _before(mark)
    order = ("start_at", "id") if is_forward else ("-start_at", "-id")
    rows = await Event.filter(where).order_by(*order).limit(wanted.most + 1).select_related("publisher")
    shown, more = rows[: wanted.most], len(rows) > wanted.most
    following = str(Mark(shown[-1].start_at, 0, shown[-1].id)) if more else None
    return Page(tuple(await show_events(shown, viewer)), following)


async def drafts(member: Member) -> tuple[Thing, ...]:
    """Return what a member began and did not publish yet, the latest first, up to a page of each kind."""
    viewer = await of_member(member)
    own = Q(visibility=Visibility.DRAFT, withdrawn_at__isnull=True, is_local=True)
    posts = await Post.filter(own, author_id=member.actor_id).order_by("-id").limit(PAGE_SIZE).only("uri")
    practices = await Practice.filter(own, author_id=member.id).order_by("-id").limit(PAGE_SIZE).only("uri")
    events = await Event.filter(own, author_id=member.id).order_by("-id").limit(PAGE_SIZE).only("uri")
    uris = [*(row.uri for row in posts), *(row.uri for row in practices), *(row.uri for row in events)]
    found = (await show_things(uris, viewer)).values()
    return tuple(sorted(found, key=lambda thing: thing.public_id, reverse=True))


async def practice(public_id: str, viewer: Viewer) -> PracticeView:
    """Return one record of ours by the last part of its address.

    Raises:
        NotFound: none, or not for this viewer.
        Withdrawn: taken back.
    """
    return await _shown_practice(await practice_verbs.by_public_id(public_id), viewer)


async def practice_at(uri: str, viewer: Viewer) -> PracticeView:
    """Return one record by its URI, ours or foreign; raises like `practice`."""
    return await _shown_practice(await practice_verbs.standing(uri), viewer)


async def event(public_id: str, viewer: Viewer) -> EventView:
    """Return one event of ours by the last part of its address; raises like `practice`."""
    return await _shown_event(await event_verbs.by_public_id(public_id), viewer)


async def event_at(uri: str, viewer: Viewer) -> EventView:
    """Return one event by its URI, ours or foreign; raises like `practice`."""
    return await _shown_event(await event_verbs.standing(uri), viewer)


async def _shown_practice(row: Practice, viewer: Viewer) -> PracticeView:
    _require_readable(row, viewer)
    return (await show_practices([row], viewer))[0]


async def _shown_event(row: Event, viewer: Viewer) -> EventView:
    _require_readable(row, viewer)
    return (await show_events([row], viewer))[0]


def _after(mark: Mark) -> Q:
    return Q(start_at__gt=mark.at) | Q(start_at=mark.at, id__gt=mark.row)


def _before(mark: Mark) -> Q:
    return Q(start_at__lt=mark.at) | Q(start_at=mark.at, id__lt=mark.row)


def _require_readable(row: Practice | Event, viewer: Viewer) -> None:
    if not may_read(viewer, objects.of_record(row).readable):
        raise NotFound(f"{row.uri} is not for this viewer")


def _seen(viewer: Viewer, *, by_member_id: int | None, held: bool) -> Q:
    standing = Q(withdrawn_at__isnull=True, publisher__state=ActorState.ACTIVE)
    if held:
        may_decide = is_at_least(viewer.role, Role.EDITOR)
        return standing & Q(admission=Admission.HELD) if may_decide else Q(id__lt=0)
    seen = listed_for(viewer)
    if by_member_id is not None:
        standing &= Q(author_id=by_member_id)
        seen = seen | {Visibility.DRAFT} if by_member_id == viewer.member_id else seen
    return standing & Q(visibility__in=list(seen), admission__in=LIBRARY)
