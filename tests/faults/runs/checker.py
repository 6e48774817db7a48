"""The checker: reads the node's database and says what became of each activity in the ledger."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path

import orjson

from node.database import close_database, execute, open_database, rows, using
from node.settings import Settings
from tests.databases import MODULES
from tests.faults.runs.accounts import FOLLOW, Balance, balance

SETTLE_SECONDS = 90.0
UNFINISHED = (
    "SELECT (SELECT count(*) FROM received_activity WHERE state = 'pending')"
    " + (SELECT count(*) FROM job WHERE state = 'pending' AND kind IN ('federate', 'mail'))"
    " + (SELECT count(*) FROM delivery WHERE state = 'pending') AS n"
)
RECEIVED = "SELECT activity_uri AS uri FROM received_activity"
POSTS = "SELECT uri FROM post"
NOTICES = "SELECT object_uri AS uri FROM notification WHERE kind = 'reply'"
ACCEPTED = "SELECT payload AS document FROM journal_entry WHERE fact = 'FollowAccepted'"
ACCEPTS = "SELECT body AS document FROM published_activity WHERE type = 'Accept'"


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[None]:
    """Let the code inside use the database of a node that runs or rests."""
    context = await open_database(settings, MODULES, everywhere=False)
    try:
        with using(context):
            yield
    finally:
        await close_database(context)


async def until_settled(settings: Settings, seconds: float = SETTLE_SECONDS) -> None:
    """Return when the running node has no work left."""
    async with reading(settings):
        deadline = asyncio.get_running_loop().time() + seconds
        while left := await number(UNFINISHED):
            assert asyncio.get_running_loop().time() < deadline, f"{left} pieces of work never end"
            await asyncio.sleep(0.1)


async def end_leases(settings: Settings) -> None:
    """Let the minute pass for which a killed process held its work; the node is down."""
    async with reading(settings):
        for table in ("received_activity", "job", "delivery"):
            await execute(
                f"UPDATE {table} SET lease_until = due_at WHERE lease_until IS NOT NULL AND state = 'pending'"
            )


async def end_waits(settings: Settings) -> None:
    """Let the time pass for which deliveries wait before the next try, and hosts before they are asked; all are up."""
    async with reading(settings):
        await execute("UPDATE delivery SET due_at = created_at WHERE state = 'pending'")
        await execute("UPDATE host SET failures = 0, open_until = NULL")


async def number(sql: str) -> int:
    """Return the number that a query gives as `n`."""
    [row] = await rows(sql)
    return int(str(row["n"]))


async def settle_accounts(ledger: Mapping[str, str], settings: Settings) -> Balance:
    """Return the balance of a node that has settled."""
    async with reading(settings):
        received, posts, notices = [await _uris(sql) for sql in (RECEIVED, POSTS, NOTICES)]
        accepted = Counter(str(found["activity_uri"]) for found in await _documents(ACCEPTED))
        accepts = Counter(str(found["object"]["id"]) for found in await _documents(ACCEPTS))

    def effects(uri: str, kind: str) -> tuple[int, ...]:
        if kind == FOLLOW:
            return received[uri], accepted[uri], accepts[uri]
        note = uri.removesuffix("/activity")
        return received[uri], posts[note], notices[note]

    return balance(ledger, {uri: effects(uri, kind) for uri, kind in ledger.items()})


def integrity(database: Path) -> list[str]:
    """Return what SQLite finds wrong with a file: nothing, if all is well."""
    with closing(sqlite3.connect(database)) as connection:
        told = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        orphans = [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
    return [line for line in told if line != "ok"] + orphans


async def _uris(sql: str) -> Counter[str]:
    return Counter(str(row["uri"]) for row in await rows(sql))


async def _documents(sql: str) -> list[dict[str, dict[str, object]]]:
    found = [row["document"] for row in await rows(sql)]
    return [orjson.loads(each) if isinstance(each, str | bytes) else each for each in found]  # type: ignore[misc]
