"""The book of entries in the database, and each process's copy of it.

A change writes rows and raises the version; other processes notice within a second (`refresh`), this one at once.
"""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import F

from node.models import Mode, PolicyEntry, PolicyState
from node.policy.decide import Book, Decision, Entry, book_of, decide
from node.policy.grants import PRESETS, Authority, FollowGrant, Grants, Interact, Read, Records

STATE_ROW = 1


@dataclass(frozen=True, slots=True)
class Change:
    """What one act wants: these patterns get these grants, for this reason.

    Args:
        preset: T0 to T5; None ends the patterns' entries, so that the mode decides again.
        source: `local`, or the name of the file or list that it came from.
    """

    patterns: tuple[str, ...]
    preset: str | None
    reason_code: str = "other"
    reason: str = ""
    private_note: str = ""
    source: str = "local"
    expires_at: datetime | None = None


class Registry:
    """This process's copy of the book. Built once; reload is cheap when nothing changed."""

    def __init__(self, *, own_host: str) -> None:
        self._own_host = own_host
        self._book = Book(0, Mode.CLOSED, own_host)

    @property
    def book(self) -> Book:
        """Return the book as last read; before the first read it admits nobody."""
        return self._book

    @property
    def is_closed(self) -> bool:
        """Tell whether unknown hosts are kept out."""
        return self._book.mode is Mode.CLOSED

    def decide(self, host: str, *, now: datetime) -> Decision:
        """Return what `host` (canonical) may do at `now`."""
        return decide(host, self._book, now=now)

    async def refresh(self) -> bool:
        """Read the book anew if its version changed; return whether it did."""
        state = await PolicyState.get_or_none(id=STATE_ROW)
        if state is None or state.version == self._book.version:
            return False
        rows = await PolicyEntry.filter(ended_at__isnull=True)
        self._book = book_of(map(_entry, rows), version=state.version, mode=state.mode, own_host=self._own_host)
        return True


async def start(mode: Mode, *, now: datetime) -> None:
    """Write the first policy state if there is none; later the row decides, not the setting."""
    if not await PolicyState.exists(id=STATE_ROW):
        await PolicyState.create(id=STATE_ROW, version=1, mode=mode, changed_at=now)


async def write(change: Change, *, batch: str, by_member_id: int | None, now: datetime) -> list[PolicyEntry]:
    """End the standing local entries of the patterns, write the new ones, and raise the version.

    Returns:
        The entries that were ended, so that the caller can tell what changed.
    """
    ended = await PolicyEntry.filter(pattern__in=change.patterns, source=change.source, ended_at__isnull=True)
    await PolicyEntry.filter(id__in=[row.id for row in ended]).update(ended_at=now, ended_by_batch=batch)
    if change.preset is not None:
        grants = PRESETS[change.preset]
        for pattern in change.patterns:
            row = PolicyEntry(
                pattern=pattern,
                preset=change.preset,
                **_columns(grants),
                reason_code=change.reason_code,
                reason=change.reason,
                private_note=change.private_note,
                source=change.source,
                batch=batch,
                made_by_id=by_member_id,
                created_at=now,
                expires_at=change.expires_at,
            )
            await row.save(force_create=True)
    await raise_version(now=now)
    return ended


async def take_back(batch: str, *, now: datetime) -> tuple[str, ...]:
    """Undo a batch: end what it made, restore what it ended; return the patterns concerned."""
    made = await PolicyEntry.filter(batch=batch)
    ended = await PolicyEntry.filter(ended_by_batch=batch)
    await PolicyEntry.filter(batch=batch, ended_at__isnull=True).update(ended_at=now)
    await PolicyEntry.filter(ended_by_batch=batch).update(ended_at=None, ended_by_batch=None)
    await raise_version(now=now)
    return tuple(sorted({row.pattern for row in (*made, *ended)}))


async def set_mode(mode: Mode, *, now: datetime) -> Mode:
    """Change the mode; return the one before."""
    state = await PolicyState.get(id=STATE_ROW)
    before = state.mode
    await PolicyState.filter(id=STATE_ROW).update(mode=mode)
    await raise_version(now=now)
    return before


async def raise_version(*, now: datetime) -> None:
    """Tell every process that the book changed."""
    await PolicyState.filter(id=STATE_ROW).update(version=F("version") + 1, changed_at=now)


def _columns(grants: Grants) -> dict[str, str]:
    return {
        "read": grants.read,
        "follow": grants.follow,
        "interact": grants.interact,
        "records": grants.records,
        "authority": grants.authority,
    }


def _entry(row: PolicyEntry) -> Entry:
    grants = Grants(
        Read(row.read), FollowGrant(row.follow), Interact(row.interact), Records(row.records), Authority(row.authority)
    )
    return Entry(
        id=row.id,
        pattern=row.pattern,
        preset=row.preset,
        grants=grants,
        source=row.source,
        reason_code=row.reason_code,
        reason=row.reason,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
