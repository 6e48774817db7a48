"""PostgreSQL: a pool with deadlines, and no extra round trip for each query."""

import re
from typing import cast
from urllib.parse import parse_qsl, unquote

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import PoolConnectionWrapper
from tortoise.exceptions import TransactionManagementError

from node.engines.shield import Ended, to_the_end
from node.errors import Unavailable

ALIAS = "postgresql"
ACQUIRE_SECONDS = 5.0
CONNECT_SECONDS = 5.0
_SERVER_SETTINGS = {
    "application_name": "talanoa",
    "statement_timeout": "10000",
    "lock_timeout": "3000",
    "idle_in_transaction_session_timeout": "30000",
    "timezone": "UTC",
}
_URL = re.compile(
    r"postgres(?:ql)?://(?:(?P<user>[^:@/]*)(?::(?P<password>[^@/]*))?@)?"
    r"(?P<host>\[[^]]+\]|[^:/@]*)(?::(?P<port>\d+))?/(?P<database>[^/?#]+)(?:\?(?P<options>[^#]*))?"
)
OUTAGES: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    OSError,
    TimeoutError,
)


class PlainConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection that is given back as it is: nobody here uses SET or advisory locks on it."""

    def get_reset_query(self) -> str:
        """Return nothing to run, which saves a round trip a query."""
        return ""


class Transaction(TransactionWrapper):
    """One connection of the pool, for the time of one transaction."""

    async def begin(self) -> None:
        """Open the transaction on the connection."""
        await self._connection.execute("BEGIN")

    async def commit(self) -> None:
        """Make it durable and give the connection back; on failure nothing of it stays.

        Raises:
            TransactionManagementError: a statement had failed and its error was swallowed.
        """
        connection = self._connection
        try:
            status = await connection.execute("COMMIT")
        finally:
            await self._leave(connection)
        if status != "COMMIT":
            raise TransactionManagementError(
                "a statement failed inside atomic() and its error was swallowed; "
                "put an atomic() of its own around what may fail"
            )

    async def rollback(self) -> None:
        """Forget it and give the connection back."""
        connection = self._connection
        try:
            await connection.execute("ROLLBACK")
        except OUTAGES:
            connection.terminate()
        finally:
            await self._leave(connection)

    async def _leave(self, connection: asyncpg.Connection) -> None:
        self._finalized = True
        self._connection = Ended()
        pool = self._parent._pool
        if pool is not None:
            await pool.release(connection)

    async def mark(self, statement: str) -> None:
        """Run SAVEPOINT, RELEASE or ROLLBACK TO."""
        await self._connection.execute(statement)


class _Acquired(PoolConnectionWrapper[asyncpg.Connection]):
    """A connection of the pool for one query; waiting for it has an end."""

    async def __aenter__(self) -> asyncpg.Connection:
        try:
            self.connection = await self.client._pool.acquire(timeout=ACQUIRE_SECONDS)
        except OUTAGES as error:
            raise Unavailable(f"the database can't be reached: {error!r}") from error
        return self.connection


class Client(AsyncpgDBClient):
    """The pool of this process."""

    connection_class = PlainConnection

    async def reserve(self) -> None:
        """Do nothing: the pool itself hands out connections."""

    async def start(self) -> Transaction:
        """Begin a transaction on a connection of the pool.

        Raises:
            Unavailable: no connection was free in time, or the server can't be reached.
        """
        pool = cast(asyncpg.Pool, self._pool)
        connection = None
        try:
            connection = await pool.acquire(timeout=ACQUIRE_SECONDS)
            transaction = Transaction(self)
            transaction._connection = connection
            await transaction.begin()
        except OUTAGES as error:
            if connection is not None:
                await pool.release(connection)
            raise Unavailable(f"the database can't be reached: {error!r}") from error
        return transaction

    def acquire_connection(self) -> PoolConnectionWrapper[asyncpg.Connection]:
        """Return a connection of the pool for one query."""
        return _Acquired(self, self._pool_init_lock)

    async def execute_many(self, query: str, values: list[list[object]]) -> None:
        """Run `query` for every row, all or none, also if the task is cancelled meanwhile."""
        await to_the_end(super().execute_many(query, values))


client_class = Client


def connections(url: str, *, pool: int) -> dict[str, dict[str, object]]:
    """Return tortoise's configuration for postgres://user:password@host:port/name?host=folder.

    Args:
        url: as in the settings; the option `host` names the folder of a socket, `ssl` a TLS mode.
        pool: most connections of this process.
    """
    found = _URL.fullmatch(url)
    if not found:
        raise Unavailable("DATABASE_URL is not postgres://user:password@host:5432/name")
    options = dict(parse_qsl(found["options"] or ""))
    credentials: dict[str, object] = {
        "user": unquote(found["user"] or "") or None,
        "password": unquote(found["password"] or "") or None,
        "host": options.get("host") or found["host"].strip("[]") or None,
        "port": int(options.get("port") or found["port"] or 5432),
        "database": unquote(found["database"]),
        "minsize": 1,
        "maxsize": pool,
        "server_settings": dict(_SERVER_SETTINGS),
        "timeout": CONNECT_SECONDS,
    }
    if mode := options.get("ssl") or options.get("sslmode"):
        credentials["ssl"] = mode
    return {ALIAS: {"engine": __name__, "credentials": credentials}}


def is_outage(error: BaseException) -> bool:
    """Tell whether `error` means that the database can't be used now, rather than a wrong query."""
    return isinstance(error, OUTAGES)
