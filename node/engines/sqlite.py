"""SQLite: one connection that writes, a few that only read, so that no page waits for a write."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import cast

import aiosqlite
from tortoise.backends.base.client import BaseDBAsyncClient, ConnectionWrapper
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.exceptions import BaseORMException

from node.engines.shield import Ended, to_the_end
from node.errors import Unavailable

ALIAS = "sqlite"
READER_ALIAS = "sqlite-reader"
READERS = 3
BUSY_SECONDS = 5.0
WAIT_SECONDS = 10.0
_PAUSE_SECONDS = 0.002
_PRAGMAS = {
    "journal_mode": "WAL",
    "journal_size_limit": 64 * 1024 * 1024,
    "synchronous": "FULL",
    "busy_timeout": int(BUSY_SECONDS * 1000),
    "foreign_keys": "ON",
    "temp_store": "MEMORY",
}
_BEGIN = "BEGIN IMMEDIATE"
_IMPATIENT = "PRAGMA busy_timeout = 50"
_PATIENT = f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}"
_OUTAGES = ("locked", "disk is full", "readonly", "disk I/O", "unable to open", "malformed", "not a database")


class _NotBegun(Exception):
    """SQLite refused to begin a transaction that may write."""


class Transaction(SqliteTransactionWrapper):
    """The writing connection, for the time of one transaction."""

    def __init__(self, writer: "Writer") -> None:
        super().__init__(writer)
        self._writer = writer
        self._held = self._connection

    async def commit(self) -> None:
        """Make it durable and let the next one write; on failure nothing of it stays.

        Raises:
            Unavailable: SQLite had given the transaction up, on a full disk for instance.
        """
        try:
            if isinstance(self._connection, Ended) or not self._held.in_transaction:
                raise Unavailable("the database gave the transaction up")
            await self._held.commit()
        finally:
            await self.rollback()

    async def rollback(self) -> None:
        """Forget what isn't committed and let the next one write."""
        self._finalized = True
        self._stop()
        try:
            await self._held.rollback()
        finally:
            self._writer.give_way()

    @translate_exceptions
    async def execute_script(self, query: str) -> None:
        """Run the statements one by one: sqlite3's own way of running a script commits first."""
        async with self.acquire_connection() as connection:
            for statement in statements_of(query):
                await connection.execute(statement)

    async def mark(self, statement: str) -> None:
        """Run SAVEPOINT, RELEASE or ROLLBACK TO.

        Raises:
            Unavailable: SQLite had given the transaction up, on a full disk for instance.
        """
        if isinstance(self._connection, Ended) and not self._finalized:
            raise Unavailable("the database gave the transaction up")
        try:
            await self._connection.execute(statement)
        except sqlite3.OperationalError as error:
            self._stop()
            raise Unavailable("the database gave the transaction up") from error

    def _stop(self) -> None:
        self._connection = cast(aiosqlite.Connection, Ended())


class Writer(SqliteClient):
    """The one connection of this process that writes."""

    async def create_connection(self, with_db: bool) -> None:  # noqa: FBT001  tortoise's signature
        """Open the file; one that can't be opened is found out before a thread is started for it."""
        sqlite3.connect(self.filename).close()
        await super().create_connection(with_db)

    async def reserve(self) -> None:
        """Wait for the turn of this task to write.

        Raises:
            Unavailable: other tasks wrote for ten seconds without a gap.
        """
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._lock.acquire()
        except TimeoutError:
            raise Unavailable("the database was busy writing for too long") from None

    def give_way(self) -> None:
        """Let the next task write."""
        self._lock.release()

    async def start(self) -> Transaction:
        """Begin a transaction that may write; only after `reserve`.

        Raises:
            Unavailable: another process kept the lock, or the file can't be written.
        """
        connection = cast(aiosqlite.Connection, self._connection)
        try:
            await self._begun(connection, partial(_begin, connection._conn))
        except BaseException:
            self._lock.release()
            raise
        return Transaction(self)

    async def _begun(self, connection: aiosqlite.Connection, act: Callable[[], None]) -> None:
        """Let the database's thread do something that begins a transaction, again while another process writes."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + BUSY_SECONDS
        while True:
            try:
                await connection._execute(act)  # type: ignore[no-untyped-call]
                return
            except _NotBegun as error:
                if "locked" not in str(error) or loop.time() > deadline:
                    raise Unavailable(f"the database can't be written: {error}") from error
            await asyncio.sleep(_PAUSE_SECONDS)

    @translate_exceptions
    async def execute_many(self, query: str, values: list[list[object]]) -> None:
        """Run `query` for every row, all or none, also if the task is cancelled meanwhile."""
        await to_the_end(self._many(query, values))

    async def _many(self, query: str, values: Sequence[Sequence[object]]) -> None:
        """One visit to the database's thread for everything: each costs more than a row does."""
        async with self._lock:
            connection = cast(aiosqlite.Connection, self._connection)
            await self._begun(connection, partial(_write_all, connection._conn, query, values))


class _Borrowed:
    """One of the reading connections, for the time of one query."""

    def __init__(self, free: "asyncio.LifoQueue[aiosqlite.Connection]") -> None:
        self._free = free

    async def __aenter__(self) -> aiosqlite.Connection:
        self._connection = await self._free.get()
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        self._free.put_nowait(self._connection)


class Reader(SqliteClient):
    """A few connections that can't write."""

    _free: "asyncio.LifoQueue[aiosqlite.Connection]"

    async def create_connection(self, with_db: bool) -> None:  # noqa: FBT001  tortoise's signature
        """Open the reading connections."""
        self._free = asyncio.LifoQueue()
        self._all: list[aiosqlite.Connection] = []
        for _ in range(READERS):
            await super().create_connection(with_db)
            connection = cast(aiosqlite.Connection, self._connection)
            self._all.append(connection)
            self._free.put_nowait(connection)
            self._connection = None

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        """Return one of the free connections, waiting for one if need be."""
        return cast("ConnectionWrapper[aiosqlite.Connection]", _Borrowed(self._free))

    async def close(self) -> None:
        """Close all reading connections."""
        for connection in getattr(self, "_all", []):
            await connection.close()


def _begin(connection: sqlite3.Connection) -> None:
    """Begin, or say soon that another process writes: SQLite itself would look again too seldom to find a gap."""
    connection.execute(_IMPATIENT)
    try:
        connection.execute(_BEGIN)
    except sqlite3.OperationalError as error:
        raise _NotBegun(str(error)) from error
    finally:
        connection.execute(_PATIENT)


def _write_all(connection: sqlite3.Connection, query: str, values: Sequence[Sequence[object]]) -> None:
    _begin(connection)
    try:
        connection.executemany(query, values)
        connection.commit()
    finally:
        if connection.in_transaction:
            connection.rollback()


def statements_of(script: str) -> list[str]:
    """Return the statements of a script; a trigger with its body is one."""
    found, open_part = [], ""
    for part in script.split(";"):
        open_part += part + ";"
        if sqlite3.complete_statement(open_part):
            found.append(open_part.strip())
            open_part = ""
    return [each for each in [*found, open_part.strip()] if each.strip("; \n")]


def get_client_class(config: dict[str, dict[str, object]]) -> type[BaseDBAsyncClient]:
    """Return the class for a connection of tortoise's configuration."""
    return Reader if "query_only" in config["credentials"] else Writer


def connections(path: str) -> dict[str, dict[str, object]]:
    """Return tortoise's configuration for the file at `path`, whose folder is made if missing."""
    Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    credentials: dict[str, object] = {"file_path": path, **_PRAGMAS}
    return {
        ALIAS: {"engine": __name__, "credentials": credentials},
        READER_ALIAS: {"engine": __name__, "credentials": {**credentials, "query_only": "ON"}},
    }


def is_outage(error: BaseException) -> bool:
    """Tell whether `error` means that the database can't be used now, rather than a wrong query."""
    # The texts of other errors hold what strangers typed: a host called blocked.example is no locked database.
    is_of_database = isinstance(error, sqlite3.Error | BaseORMException)
    return is_of_database and any(phrase in str(error) for phrase in _OUTAGES)
