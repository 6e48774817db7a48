"""The door to the database: open it, close it, and the only transactions there are.

Nothing else may open a transaction: a task that is cancelled while tortoise begins one keeps
the lock (SQLite) or the connection (PostgreSQL) for good.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from typing import cast

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.connection import get_connections
from tortoise.context import TortoiseContext, _current_context, get_current_context

from node.engines import postgresql, sqlite
from node.engines.shield import begun, settled, to_the_end
from node.errors import Unavailable
from node.settings import Settings

APP = "talanoa"
OWN_MODULES = ("node.models",)
_savepoints = count(1)
_changes = [0]
"""How often this process wrote; a list, so that nobody rebinds it by accident."""

Engine = sqlite.Writer | postgresql.Client
Transaction = sqlite.Transaction | postgresql.Transaction


class Router:
    """Sends reads outside transactions to the connections that only read, if there are any."""

    def db_for_read(self, model: type[object]) -> str:
        """Return the name of the connection to read from."""
        return _alias_to_read()

    def db_for_write(self, model: type[object]) -> str:
        """Return the name of the connection to write to."""
        _note_change()
        return _alias()


def configuration(settings: Settings, modules: Iterable[str] = ()) -> dict[str, object]:
    """Return tortoise's configuration for these settings.

    Args:
        settings: names the database.
        modules: further modules with models, such as "inbox.models".
    """
    url = settings.database_url
    if url.startswith("sqlite:///"):
        connections, alias = sqlite.connections(url.removeprefix("sqlite:///")), sqlite.ALIAS
    else:
        connections = postgresql.connections(url, pool=settings.database_pool)
        alias = postgresql.ALIAS
    app = {
        "models": [*OWN_MODULES, *modules],
        "default_connection": alias,
        "migrations": "node.migrations",
    }
    return {"connections": connections, "apps": {APP: app}, "use_tz": True, "timezone": "UTC"}


async def open_database(settings: Settings, modules: Iterable[str] = (), *, everywhere: bool = True) -> TortoiseContext:
    """Connect to the database.

    Args:
        settings: names the database.
        modules: further modules with models, such as "inbox.models".
        everywhere: all tasks of this process use it; otherwise only those inside `using`.

    Raises:
        Unavailable: it can't be reached or opened.
    """
    context = TortoiseContext()
    try:
        with using(context):
            await context.init(
                config=configuration(settings, modules),
                routers=[Router],
                _enable_global_fallback=everywhere,
            )
        for connection in context.connections.all():
            await connection.create_connection(with_db=True)
    except BaseException as error:
        await to_the_end(context.close_connections())
        if outage := as_outage(error):
            raise outage from error
        raise
    return context


async def close_database(context: TortoiseContext | None = None) -> None:
    """Close what `open_database` returned, or this task's database, if one is open."""
    await settled()
    found = context or get_current_context()
    if found is not None:
        await to_the_end(found.close_connections())


@contextmanager
def using(context: TortoiseContext) -> Iterator[None]:
    """Let the code inside, and tasks started there, use `context` rather than the open one."""
    token = _current_context.set(context)
    try:
        yield
    finally:
        _current_context.reset(token)


def dialect() -> str:
    """Return `sqlite` or `postgresql`."""
    return _alias()


def in_transaction() -> bool:
    """Tell whether this task is inside `atomic()`."""
    return isinstance(get_connections().get(_alias()), TransactionalDBClient)


@asynccontextmanager
async def atomic() -> AsyncIterator[None]:
    """Make everything inside happen together or not at all; inside another one, a savepoint.

    All queries of this task inside use it. A task started inside must not outlive it. It is
    committed when the block ends, rolled back when the block raises or is cancelled.

    Raises:
        Unavailable: no transaction could be begun in time.
    """
    client = get_connections().get(_alias())
    if isinstance(client, TransactionalDBClient):
        async with _savepoint(cast(Transaction, client)):
            yield
        return
    async with _transaction(cast(Engine, client)):
        yield


async def _begin(engine: Engine) -> Transaction:
    return await engine.start()


async def _roll_back(transaction: Transaction) -> None:
    await transaction.rollback()


@asynccontextmanager
async def _transaction(engine: Engine) -> AsyncIterator[None]:
    await engine.reserve()
    transaction = await begun(_begin(engine), _roll_back)
    handler = get_connections()
    token = handler.set(_alias(), transaction)
    try:
        yield
    except BaseException:
        handler.reset(token)
        await to_the_end(transaction.rollback())
        raise
    handler.reset(token)
    try:
        await to_the_end(transaction.commit())
    finally:
        _note_change()


@asynccontextmanager
async def _savepoint(transaction: Transaction) -> AsyncIterator[None]:
    name = f"s{next(_savepoints)}"
    await to_the_end(transaction.mark(f"SAVEPOINT {name}"))
    try:
        yield
    except BaseException:
        await to_the_end(transaction.mark(f"ROLLBACK TO SAVEPOINT {name}"))
        await to_the_end(transaction.mark(f"RELEASE SAVEPOINT {name}"))
        raise
    await to_the_end(transaction.mark(f"RELEASE SAVEPOINT {name}"))


async def rows(sql: str, values: Sequence[object] = ()) -> list[Mapping[str, object]]:
    """Return the rows of a statement, by column name; the same text serves both databases.

    Args:
        sql: with `?` for each value. A text that begins with SELECT or WITH only reads;
            anything else, such as UPDATE ... RETURNING, goes to the writing connection.
        values: plain values; moments as aware datetimes.
    """
    reads = sql.lstrip()[:6].upper().startswith(("SELECT", "WITH"))
    client = get_connections().get(_alias_to_read() if reads else _alias())
    found = await client.execute_query_dict(_in_dialect(sql, _alias()), list(values))
    if not reads:
        _note_change()
    return cast("list[Mapping[str, object]]", found)


async def execute(sql: str, values: Sequence[object] = ()) -> int:
    """Run one writing statement with `?` for each value; return how many rows it touched."""
    touched, _ = await _writer().execute_query(_in_dialect(sql, _alias()), list(values))
    _note_change()
    return touched


async def execute_many(sql: str, values: Iterable[Sequence[object]], *, is_seen: bool = True) -> None:
    """Run one writing statement for every row of `values`, all or none.

    Args:
        is_seen: somebody can read it here afterwards; `changes` counts only such writes.
    """
    await _writer().execute_many(_in_dialect(sql, _alias()), [list(row) for row in values])
    if is_seen:
        _note_change()


def changes() -> int:
    """Return how often this process has written something that can be read here: what was read before may be old."""
    return _changes[0]


def _note_change() -> None:
    _changes[0] += 1


def few_sizes(values: Iterable[object]) -> list[object]:
    """Return `values`, each once, the last repeated up to the next power of two.

    Statements with `IN (...)` then come in a few texts only, which both databases keep prepared.
    """
    once = list(dict.fromkeys(values))
    size = 1 << max(len(once) - 1, 0).bit_length()
    return once + once[-1:] * (size - len(once))


def marks(number: int) -> str:
    """Return `?, ?, ?` for as many values, to stand in `IN (...)`."""
    return ", ".join("?" * number)


def among(column: str, values: Iterable[object]) -> tuple[str, list[object]]:
    """Return the condition that `column` is one of `values`, at least one, and what stands for its `?`."""
    known = few_sizes(values)
    return f"{column} IN ({marks(len(known))})", known


def moment(value: object) -> datetime | None:
    """Return a time column of `rows` as aware UTC; SQLite gives text."""
    if value is None:
        return None
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def as_outage(error: BaseException) -> Unavailable | None:
    """Return Unavailable if `error` says that the database can't be used now, otherwise None."""
    if isinstance(error, Unavailable):
        return error
    if sqlite.is_outage(error) or postgresql.is_outage(error):
        return Unavailable(f"the database can't be used now: {error!r}")
    return None


def _alias() -> str:
    return sqlite.ALIAS if sqlite.ALIAS in get_connections().db_config else postgresql.ALIAS


def _alias_to_read() -> str:
    handler = get_connections()
    if sqlite.READER_ALIAS not in handler.db_config:
        return _alias()
    if isinstance(handler.get(sqlite.ALIAS), TransactionalDBClient):
        return sqlite.ALIAS
    return sqlite.READER_ALIAS


def _writer() -> BaseDBAsyncClient:
    return get_connections().get(_alias())


@lru_cache(maxsize=512)
def _in_dialect(sql: str, alias: str) -> str:
    if alias == sqlite.ALIAS:
        return sql
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, start=1))
