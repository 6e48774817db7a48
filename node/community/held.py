"""The editors' desk: records and events of other nodes that wait to be let in, and those that were kept out.

An editor decides about what they saw: if it changed meanwhile, they look again.
"""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from node.community import foreign_events, foreign_practices, journal
from node.community.facts import AdmissionDecided
from node.community.objects import OUTSIDE
from node.community.paging import PAGE_SIZE, Mark, Page, mark_from
from node.community.roles import is_at_least
from node.community.shown_records import show_events, show_practices
from node.community.views import EventView, PracticeView
from node.community.visibility import Viewer
from node.database import atomic
from node.errors import Conflict, NotAllowed, NotFound
from node.models import ActorState, Admission, Event, Member, Practice, Role


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait for an editor."""

    practices: int
    events: int

    @property
    def total(self) -> int:
        """Return how many of both."""
        return self.practices + self.events


async def waiting(*, now: datetime) -> Waiting:
    """Count what waits for an editor; events that are over wait for nobody."""
    held = _standing(Admission.HELD)
    return Waiting(await Practice.filter(held).count(), await Event.filter(held, end_at__gte=now).count())


async def practices(viewer: Viewer, *, of: Admission = Admission.HELD, before: str | None = None) -> Page[PracticeView]:
    """Return the records that wait or that were refused, the newest first.

    Raises:
        NotAllowed: the viewer is no editor.
    """
    _require_editor(viewer.role)
    found = Practice.filter(_standing(of) & _after(before)).order_by("-updated_at", "-id")
    rows = await found.limit(PAGE_SIZE + 1).select_related("publisher")
    return Page(tuple(await show_practices(rows[:PAGE_SIZE], viewer)), _next(rows))


async def events(
    viewer: Viewer, *, now: datetime, of: Admission = Admission.HELD, before: str | None = None
) -> Page[EventView]:
    """Return the events to come that wait or that were refused, the newest first; raises like `practices`."""
    _require_editor(viewer.role)
    found = Event.filter(_standing(of) & _after(before), end_at__gte=now).order_by("-updated_at", "-id")
    rows = await found.limit(PAGE_SIZE + 1).select_related("publisher")
    return Page(tuple(await show_events(rows[:PAGE_SIZE], viewer)), _next(rows))


async def decide(uri: str, admission: Admission, *, seen: str, by: Member, now: datetime) -> None:
    """Let a record or event of another node in, whole or as a link, or keep it out; what was refused may still come in.

    Args:
        seen: `mark_of` what the editor looked at.

    Raises:
        NotAllowed: no editor.
        NotFound: nothing of another node is known by this URI.
        Conflict: it was changed, or somebody decided about it, after the editor looked.
    """
    _require_editor(by.role)
    async with atomic():
        row = await _row(uri)
        if row.admission not in OUTSIDE or row.updated_at.isoformat() != seen:
            raise Conflict(f"{uri} is not what the editor saw any more")
        verbs = foreign_practices if isinstance(row, Practice) else foreign_events
        if await verbs.admit(uri, admission=admission):
            fact = AdmissionDecided(uri, before=row.admission, after=admission)
            await journal.note(fact, at=now, by_member_id=by.id)


def mark_of(view: PracticeView | EventView) -> str:
    """Return what tells this state of a record or event from a later one."""
    return (view.updated_at or view.published_at).isoformat()


async def _row(uri: str) -> Practice | Event:
    """Return the row, locked, so that of two editors one decides."""
    wanted = Q(uri=uri, is_local=False, withdrawn_at__isnull=True)
    row = await Practice.filter(wanted).select_for_update().first()
    found = row or await Event.filter(wanted).select_for_update().first()
    if found is None:
        raise NotFound(f"nothing of another node is known as {uri[:200]}")
    return found


def _require_editor(role: Role | None) -> None:
    if not is_at_least(role, Role.EDITOR):
        raise NotAllowed("editors decide what enters the library")


def _standing(admission: Admission) -> Q:
    return Q(is_local=False, withdrawn_at__isnull=True, publisher__state=ActorState.ACTIVE, admission=admission)


def _after(before: str | None) -> Q:
    mark = mark_from(before)
    return Q() if mark is None else Q(updated_at__lt=mark.at) | Q(updated_at=mark.at, id__lt=mark.row)


def _next(rows: list[Practice] | list[Event]) -> str | None:
    if len(rows) <= PAGE_SIZE:
        return None
    last = rows[PAGE_SIZE - 1]
    return str(Mark(last.updated_at, 0, last.id))
