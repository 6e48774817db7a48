"""The journal: `note` writes a fact, its due jobs and, for governance, its link in the hash chain."""

import hashlib
from dataclasses import asdict
from datetime import datetime

import orjson

from node.community.facts import CONSUMERS, FACTS, GOVERNANCE, Fact
from node.database import dialect, in_transaction, rows
from node.models import Job, JournalEntry

GENESIS = "0" * 64
CHAIN_LOCK = 7_421
"""Any number: two governance entries at once would fork the chain."""


async def note(fact: Fact, *, at: datetime, by_member_id: int | None = None) -> JournalEntry:
    """Write `fact` into the journal, with one due job for each consumer.

    Must be called inside the `atomic()` that makes the fact true.

    Args:
        fact: what became true.
        at: when, aware UTC.
        by_member_id: the member who did it; None for the command line and for other servers.
    """
    if not in_transaction():
        raise RuntimeError("a fact is noted in the transaction that makes it true")
    payload = asdict(fact)
    chain_no, chain_hash = await _link(fact, payload, at, by_member_id)
    entry = await JournalEntry.create(
        fact=type(fact).__name__,
        payload=payload,
        by_member_id=by_member_id,
        at=at,
        chain_no=chain_no,
        chain_hash=chain_hash,
    )
    for consumer in CONSUMERS.get(type(fact), ()):
        await Job.create(kind=consumer, key=str(entry.id), due_at=at, created_at=at)
    return entry


def read(entry: JournalEntry) -> Fact:
    """Return the fact that `entry` holds."""
    kind = FACTS[entry.fact]
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.payload.items()}
    return kind(**values)


async def _link(
    fact: Fact, payload: dict[str, object], at: datetime, by_member_id: int | None
) -> tuple[int | None, str | None]:
    if type(fact) not in GOVERNANCE:
        return None, None
    await _lock()
    last = await JournalEntry.filter(chain_no__isnull=False).order_by("-chain_no").first()
    number = (last.chain_no or 0) + 1 if last else 1
    previous = last.chain_hash if last and last.chain_hash else GENESIS
    return number, link_hash(previous, number, (type(fact).__name__, payload), at=at, by_member_id=by_member_id)


async def _lock() -> None:
    """SQLite has one writer anyway; on PostgreSQL wait for whoever else appends to the chain."""
    if dialect() != "sqlite":
        await rows("SELECT pg_advisory_xact_lock(?)", [CHAIN_LOCK])


def link_hash(
    previous: str, number: int, told: tuple[str, dict[str, object]], *, at: datetime, by_member_id: int | None
) -> str:
    """Return the hash that links entry `number`, with the name and payload it told, to the one before it.

    The person behind the act enters as a digest of its own, so that it can be erased without breaking the chain.
    """
    person = hashlib.sha256(f"member:{by_member_id}".encode()).hexdigest()
    line = orjson.dumps([previous, number, *told, at.isoformat(), person], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(line).hexdigest()
