"""Retention: what nobody needs any more goes, a few rows at a time, so that nobody waits for it.

Looking for rows happens outside transactions, a window of ids at a time; what is found is looked at once more in the
transaction that deletes it, which is kept short. Members' own words, records and events never go by themselves.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from node import jobs
from node.clock import Clock
from node.community import erasure, foreign_pictures
from node.community.once import insert_once
from node.community.retention_rules import ACTORS, PICTURES, POSTS, Rule, rules
from node.database import atomic, execute, marks, rows
from node.jobs import JOBS
from node.media.store import MediaStore
from node.models import Actor, ForeignPicture, Job, JobState, RetentionRun
from node.settings import Settings

KIND = "retention"
_COUNT = "count"
WINDOW = 1_000
"""Ids that are looked at in one question."""
FIRST_BATCH, MOST_BATCH = 25, 200
LONGEST_SECONDS = 0.05
"""What one transaction may take; the batch grows and shrinks by it."""
PAUSE_SECONDS = 0.05
MIB = 1024 * 1024
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Housekeeper:
    """What a run needs.

    Args:
        store: the pictures of other servers.
        pause: called between two transactions with seconds; others work meanwhile.
    """

    settings: Settings
    clock: Clock
    store: MediaStore
    pause: Pause = asyncio.sleep


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as the command and the page of admins show it."""

    is_dry: bool
    counts: Mapping[str, int]
    started_at: datetime
    ended_at: datetime | None


async def nightly(keeper: Housekeeper) -> RunView | None:
    """Run if nobody ran today (UTC); None if somebody did."""
    now = keeper.clock.now()
    row, is_first = await insert_once(RetentionRun, {"key": now.date().isoformat()}, {"started_at": now})
    return await _run(row, keeper) if is_first else None


async def run(keeper: Housekeeper, *, dry: bool) -> RunView:
    """Let go what expired, or only count it."""
    now = keeper.clock.now()
    row, _ = await insert_once(RetentionRun, {"key": f"{now.isoformat()}"}, {"started_at": now, "is_dry": dry})
    return await _run(row, keeper)


async def ask_count(*, now: datetime) -> None:
    """Let the workers count what would go; asking again while it waits changes nothing."""
    async with atomic():
        wanted = Job(kind=KIND, key=_COUNT, payload={}, due_at=now, created_at=now)
        await Job.bulk_create([wanted], ignore_conflicts=True)
        ended = Job.filter(kind=KIND, key=_COUNT).exclude(state=JobState.PENDING)
        await ended.update(state=JobState.PENDING, due_at=now, attempts=0, reason="", ended_at=None)


async def is_count_asked() -> bool:
    """Tell whether a count was asked for that no worker has begun."""
    return await Job.exists(kind=KIND, key=_COUNT, state=JobState.PENDING)


async def count_asked(keeper: Housekeeper) -> RunView | None:
    """Count what would go if somebody asked; None if nobody did.

    The job ends as the row of the run begins, for a count may take longer than a lease: a process that ends
    meanwhile leaves a run without an end, and the count is asked for once more.
    """
    now = keeper.clock.now()
    claims = await jobs.claim(JOBS, now=now, limit=1, where="kind = ?", values=[KIND])
    for claim in claims:
        async with atomic():
            row = await RetentionRun.create(key=f"count {now.isoformat()}", started_at=now, is_dry=True)
            await jobs.complete(claim, now=now)
        return await _run(row, keeper)
    return None


async def picture_bytes() -> int:
    """Return how much room the pictures of other servers take, in bytes."""
    (found,) = await rows("SELECT COALESCE(SUM(bytes), 0) AS bytes FROM foreign_picture")
    return int(cast(int, found["bytes"]))


async def last_runs(*, most: int = 20) -> tuple[RunView, ...]:
    """Return the last runs, the newest first; one under way has no end yet."""
    return tuple(_view(row) for row in await RetentionRun.all().order_by("-started_at", "-id").limit(most))


async def _run(row: RetentionRun, keeper: Housekeeper) -> RunView:
    for rule in rules(keeper.settings):
        row.counts = row.counts | {rule.name: 0}
        if rule.days:
            await _apply(rule, row, keeper)
    if not row.is_dry and keeper.settings.foreign_picture_mib:
        await _make_room(row, keeper)
    row.ended_at = keeper.clock.now()
    await row.save(update_fields=["counts", "ended_at"])
    return _view(row)


async def _apply(rule: Rule, row: RetentionRun, keeper: Housekeeper) -> None:
    """Go through a table window by window; write down after each how far it came."""
    before = row.started_at - rule.age
    (last,) = await rows(f"SELECT MAX(id) AS id FROM {rule.table}")  # noqa: S608
    begin, end = 0, cast(int, last["id"] or 0)
    while begin < end:
        ids = await _expired(rule, before, (begin, begin + WINDOW))
        gone = len(ids) if row.is_dry else await _delete(rule, before, ids, keeper)
        if row.is_dry:
            await keeper.pause(PAUSE_SECONDS)
        if gone:
            row.counts = row.counts | {rule.name: row.counts[rule.name] + gone}
            await row.save(update_fields=["counts"])
        begin = await _next_begin(rule, begin + WINDOW)


async def _next_begin(rule: Rule, reached: int) -> int:
    """Return where the next window begins: gaps between ids cost one question."""
    (found,) = await rows(f"SELECT MIN(id) AS id FROM {rule.table} WHERE id > ?", [reached])  # noqa: S608
    return cast(int, found["id"]) - 1 if found["id"] is not None else 2**63


async def _expired(rule: Rule, before: datetime, window: tuple[int, int]) -> list[int]:
    sql = f"SELECT t.id FROM {rule.table} t WHERE t.id > ? AND t.id <= ? AND {rule.condition} ORDER BY t.id"  # noqa: S608
    return [cast(int, each["id"]) for each in await rows(sql, [*window, before])]


async def _delete(rule: Rule, before: datetime, ids: Sequence[int], keeper: Housekeeper) -> int:
    gone, place, size = 0, 0, FIRST_BATCH
    while place < len(ids):
        batch = ids[place : place + size]
        place += size
        started = keeper.clock.monotonic()
        gone += await _delete_batch(rule, before, batch, keeper)
        took = keeper.clock.monotonic() - started
        size = max(1, size // 2) if took > LONGEST_SECONDS else min(MOST_BATCH, size + FIRST_BATCH)
        await keeper.pause(PAUSE_SECONDS)
    return gone


async def _delete_batch(rule: Rule, before: datetime, batch: Sequence[int], keeper: Housekeeper) -> int:
    """Delete those of a batch to which the rule still applies, with what hangs on them."""
    if rule.name == PICTURES:
        await foreign_pictures.forget_rows(batch, keeper.store)
        return len(batch)
    among = f"t.id IN ({marks(len(batch))}) AND {rule.condition}"
    async with atomic():
        found = await rows(f"SELECT t.* FROM {rule.table} t WHERE {among}", [*batch, before])  # noqa: S608
        ids = [cast(int, each["id"]) for each in found]
        if not ids:
            return 0
        if rule.name == POSTS:
            await erasure.erase_traces(str(each["uri"]) for each in found)
        if rule.name == ACTORS:
            await Actor.filter(id__in=ids).delete()
            return len(ids)
        return await execute(f"DELETE FROM {rule.table} WHERE id IN ({marks(len(ids))})", ids)  # noqa: S608


async def _make_room(row: RetentionRun, keeper: Housekeeper) -> None:
    """Let the longest unseen pictures go until the rest has room. Spec: security T-30."""
    excess = await picture_bytes() - keeper.settings.foreign_picture_mib * MIB
    while excess > 0:
        oldest = await ForeignPicture.filter(name__isnull=False).order_by("used_at", "id").limit(FIRST_BATCH).only("id")
        if not oldest:
            return
        excess -= await foreign_pictures.forget_rows([each.id for each in oldest], keeper.store)
        row.counts = row.counts | {PICTURES: row.counts.get(PICTURES, 0) + len(oldest)}
        await keeper.pause(PAUSE_SECONDS)


async def forget_old_runs(*, now: datetime) -> None:
    """Keep the list of runs short."""
    await RetentionRun.filter(started_at__lt=now - timedelta(days=90)).delete()


def _view(row: RetentionRun) -> RunView:
    return RunView(row.is_dry, row.counts, row.started_at, row.ended_at)
