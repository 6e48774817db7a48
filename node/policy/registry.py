"""The book of entries in the database, and each process's copy of it.

A change raises the version first, which keeps other changes out until it is committed, then writes rows. Other
processes notice within a second (`refresh`), this one at once.
"""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import F

from node.database import in_transaction
from node.errors import NotFound
from node.models import Mode, PolicyEntry, PolicyState
from node.policy.decide import Book, Decision, Entry, book_of, decide, is_timed
from node.policy.grants import PRESETS, Authority, FollowGrant, Grants, Interact, Read, Records

STATE_ROW = 1
MOST_DECIDED = 10_000
"""So many hosts' decisions are remembered until the book changes; those that a moment could change are not."""


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
    """This process's copy of the book. Built once; a refresh is cheap when nothing changed.

    Args:
        own_host: this node, which may do everything.
        relaxed: development: entries may name `localhost` and odd ports.
    """

    def __init__(self, *, own_host: str, relaxed: bool = False) -> None:
        self.relaxed = relaxed
        self._own_host = own_host
        self._book = Book(0, Mode.CLOSED, own_host)
        self._decided: dict[str, Decision] = {}

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
        held = self._decided.get(host)
        if held is not None:
            return held
        decision = decide(host, self._book, now=now)
        if not is_timed(host, self._book):
            if len(self._decided) >= MOST_DECIDED:
                self._decided.clear()
            self._decided[host] = decision
        return decision

    async def read(self) -> Book:
        """Return the book as this task sees it in the database; inside a change, with what is not committed yet."""
        state = await PolicyState.get_or_none(id=STATE_ROW)
        if state is None:
            return Book(0, Mode.CLOSED, self._own_host)
        rows = await PolicyEntry.filter(ended_at__isnull=True)
        return book_of(map(_entry, rows), version=state.version, mode=state.mode, own_host=self._own_host)

    async def refresh(self) -> bool:
        """Read the book anew if its version changed; return whether it did.

        Must not be called inside `atomic()`: what is rolled back after all would stay in force here.
        """
        if in_transaction():
            raise RuntimeError("only what is committed decides; refresh outside atomic()")
        before = self._book
        if not await PolicyState.filter(id=STATE_ROW).exclude(version=before.version).exists():
            return False
        fresh = await self.read()
        if self._book is before or fresh.version > self._book.version:
            self._book = fresh
            self._decided = {}
        return True


async def start(mode: Mode, *, now: datetime) -> None:
    """Write the first policy state if there is none; later the row decides, not the setting."""
    first = PolicyState(id=STATE_ROW, version=1, mode=mode, changed_at=now)
    await PolicyState.bulk_create([first], ignore_conflicts=True)


async def write(change: Change, *, batch: str, by_member_id: int | None, now: datetime) -> None:
    """End the standing entries of the patterns from the same source and write the new ones; `raise_version` first."""
    standing = PolicyEntry.filter(pattern__in=change.patterns, source=change.source, ended_at__isnull=True)
    await standing.update(ended_at=now, ended_by_batch=batch)
    if change.preset is None:
        return
    for pattern in change.patterns:
        row = PolicyEntry(
            pattern=pattern,
            preset=change.preset,
            **_columns(PRESETS[change.preset]),
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


async def take_back(batch: str, *, now: datetime) -> None:
    """End what a batch made and restore what it ended; `raise_version` first."""
    await PolicyEntry.filter(batch=batch, ended_at__isnull=True).update(ended_at=now)
    await PolicyEntry.filter(ended_by_batch=batch).update(ended_at=None, ended_by_batch=None)


async def end_expired(*, now: datetime) -> tuple[str, ...]:
    """End the entries that ran out; return their patterns. `raise_version` first."""
    rows = await PolicyEntry.filter(ended_at__isnull=True, expires_at__lte=now)
    await PolicyEntry.filter(id__in=[row.id for row in rows]).update(ended_at=now)
    return tuple(sorted({row.pattern for row in rows}))


async def set_mode(mode: Mode, *, now: datetime) -> Mode:
    """Change the mode; return the one before. `raise_version` first."""
    before = (await PolicyState.get(id=STATE_ROW)).mode
    await PolicyState.filter(id=STATE_ROW).update(mode=mode, changed_at=now)
    return before


async def raise_version(*, now: datetime) -> None:
    """Tell every process that the book changed, and keep other changes out until this one is committed.

    Raises:
        NotFound: the node has no policy yet.
    """
    if not await PolicyState.filter(id=STATE_ROW).update(version=F("version") + 1, changed_at=now):
        raise NotFound("This node has not been set up yet: run `talanoa init`.")


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
