"""The audit log as pages show it: governance entries of the journal, who did what, before and after. Read only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from node.community.facts import GOVERNANCE, PolicyChanged
from node.community.paging import PAGE_SIZE, Page, row_mark
from node.models import JournalEntry, Member


@dataclass(frozen=True, slots=True)
class AuditView:
    """One entry.

    Args:
        number: its place in the hash chain.
        fact: what became true, the name of a class of `facts`.
        told: the fact's own fields.
        by: name of the member who did it; empty for the command line.
        about: name of the member it is about, if it is about one.
    """

    number: int
    fact: str
    told: Mapping[str, object]
    by: str
    about: str
    at: datetime
    chain_hash: str


async def entries(*, before: str | None = None) -> Page[AuditView]:
    """Return the governance entries, the latest first."""
    found = JournalEntry.filter(fact__in=[fact.__name__ for fact in GOVERNANCE])
    mark = row_mark(before)
    found = found.filter(id__lt=mark) if mark is not None else found
    rows = await found.order_by("-id").limit(PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    return Page(await _views(shown), str(shown[-1].id) if len(rows) > PAGE_SIZE else None)


async def policy_changes(limit: int = PAGE_SIZE) -> tuple[AuditView, ...]:
    """Return the last changes of trust, each with its batch, so that they can be taken back."""
    return await _views(await JournalEntry.filter(fact=PolicyChanged.__name__).order_by("-id").limit(limit))


async def _views(rows: Iterable[JournalEntry]) -> tuple[AuditView, ...]:
    kept = list(rows)
    names = await _names([*(row.by_member_id for row in kept), *(_subject(row) for row in kept)])
    return tuple(
        AuditView(
            number=row.chain_no or 0,
            fact=row.fact,
            told=row.payload,
            by=names.get(row.by_member_id or 0, ""),
            about=names.get(_subject(row) or 0, ""),
            at=row.at,
            chain_hash=row.chain_hash or "",
        )
        for row in kept
    )


def _subject(row: JournalEntry) -> int | None:
    subject = row.payload.get("member_id")
    return subject if isinstance(subject, int) else None


async def _names(member_ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {each for each in member_ids if each is not None}
    rows = await Member.filter(id__in=list(wanted)).select_related("actor") if wanted else []
    return {row.id: row.actor.name for row in rows}
