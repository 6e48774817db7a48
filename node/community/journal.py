"""The journal: `note` writes a fact, its due jobs and, for governance, its link in the hash chain."""

import hashlib
from dataclasses import asdict
from datetime import UTC, datetime

import orjson

from node.chance import token
from node.community.facts import CONSUMERS, FACTS, GOVERNANCE, PERSONAL, Fact
from node.database import dialect, in_transaction, rows
from node.errors import CommunityError
from node.models import Job, JournalEntry

GENESIS = "0" * 64
CHAIN_LOCK = 7_421
"""Any number: two governance entries at once would fork the chain."""
BATCH = 500


class BrokenChain(CommunityError):
    """Somebody changed the audit log past the house."""


async def note(
    fact: Fact, *, at: datetime, by_member_id: int | None = None, due_at: datetime | None = None
) -> JournalEntry:
    """Write `fact` into the journal, with one due job for each consumer.

    Must be called inside the `atomic()` that makes the fact true.

    Args:
        fact: what became true.
        at: when, aware UTC.
        by_member_id: the member who did it; None for the command line and for other servers.
        due_at: when what follows from it is due, if not at once.
    """
    if not in_transaction():
        raise RuntimeError("a fact is noted in the transaction that makes it true")
    payload = asdict(fact)
    entry = JournalEntry(fact=type(fact).__name__, payload=payload, by_member_id=by_member_id, at=at.astimezone(UTC))
    if type(fact) in GOVERNANCE:
        await _link(entry)
    await entry.save(force_create=True)
    for consumer in CONSUMERS.get(type(fact), ()):
        await Job.create(kind=consumer, key=str(entry.id), due_at=due_at or at, created_at=at)
    return entry


def read(entry: JournalEntry) -> Fact:
    """Return the fact that `entry` holds."""
    kind = FACTS[entry.fact]
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.payload.items()}
    return kind(**values)


async def verify_chain() -> int:
    """Recompute the chain of governance entries from its beginning; return how many there are.

    Raises:
        BrokenChain: an entry was changed, is missing, or stands outside; the text names the first one. Entries cut
            off at the end can't be seen from within: compare the number with one noted elsewhere.
    """
    outside = await JournalEntry.filter(fact__in=sorted(kind.__name__ for kind in GOVERNANCE), chain_no=None).first()
    if outside is not None:
        raise BrokenChain(f"governance entry {outside.id} stands outside the chain")
    number, previous = 0, GENESIS
    while some := await JournalEntry.filter(chain_no__gt=number).order_by("chain_no").limit(BATCH):
        for entry in some:
            number += 1
            previous = _verified(entry, number, previous)
    return number


def _verified(entry: JournalEntry, number: int, previous: str) -> str:
    """Return the hash of an entry that stands where it belongs and says what it said."""
    if entry.chain_no != number:
        raise BrokenChain(f"governance entry {number} is missing")
    if entry.person_salt and entry.person_digest != _person_digest(entry):
        raise BrokenChain(f"the people in governance entry {number} were changed")
    found = _chain_hash(entry, previous)
    if entry.chain_hash != found:
        raise BrokenChain(f"governance entry {number} was changed")
    return found


async def _link(entry: JournalEntry) -> None:
    await _lock()
    last = await JournalEntry.filter(chain_no__isnull=False).order_by("-chain_no").first()
    entry.chain_no = (last.chain_no or 0) + 1 if last else 1
    entry.person_salt = token()
    entry.person_digest = _person_digest(entry)
    entry.chain_hash = _chain_hash(entry, last.chain_hash or GENESIS if last else GENESIS)


async def _lock() -> None:
    """SQLite has one writer anyway; on PostgreSQL wait for whoever else appends to the chain."""
    if dialect() != "sqlite":
        await rows("SELECT pg_advisory_xact_lock(?)", [CHAIN_LOCK])


def _person_digest(entry: JournalEntry) -> str:
    """Return the digest of who did it and to whom; without the salt nobody can find out by trying."""
    people = {name: value for name, value in entry.payload.items() if name in PERSONAL}
    return _digest([entry.person_salt, entry.by_member_id, people])


def _chain_hash(entry: JournalEntry, previous: str) -> str:
    """Return the hash that links an entry to the one before it; its people enter by their digest alone."""
    told = {name: value for name, value in entry.payload.items() if name not in PERSONAL}
    return _digest(
        [previous, entry.chain_no, entry.fact, told, entry.at.astimezone(UTC).isoformat(), entry.person_digest]
    )


def _digest(parts: list[object]) -> str:
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()
