"""Keep what came in: activities that arrive together are committed together, and each waits for that commit."""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from inbox.models import ReceivedActivity, ReceivedState
from node.database import as_outage, dialect, execute_many
from node.errors import Full, Unavailable

_log = logging.getLogger("talanoa.inbox")
MOST_WAITING = 2_000
MOST_AT_ONCE = 200
MOST_PENDING = 100_000
COUNT_SECONDS = 1.0
LONGEST_WRITE_SECONDS = 30.0
"""Longer than any deadline of the databases; who waits longer is told to come back."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An activity that has passed the door.

    Args:
        actor_origin: scheme, host and port of the proven actor; with `activity_uri` the key of deduplication.
        inbox: path of the inbox it came to.
        refetch: the body was not proven by its actor: read the object from its origin instead.
    """

    actor_origin: str
    activity_uri: str
    actor_uri: str
    signer_uri: str
    type: str
    inbox: str
    body: bytes
    received_at: datetime
    refetch: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same activity."""
        return self.actor_origin, self.activity_uri


_PLAIN = re.compile(r"[a-z0-9_/]*").fullmatch
_INSERT = """
    INSERT INTO received_activity
        (actor_origin, activity_uri, actor_uri, type, signer_uri, inboxes, body, refetch, received_at, due_at,
         fence, attempts, state, reason)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 'pending', '')
    ON CONFLICT (actor_origin, activity_uri) DO UPDATE SET inboxes = """
_ADD_INBOX = {
    "sqlite": """
        json_insert(received_activity.inboxes, '$[#]', json_extract(excluded.inboxes, '$[0]'))
        WHERE NOT EXISTS (
            SELECT 1 FROM json_each(received_activity.inboxes) WHERE value = json_extract(excluded.inboxes, '$[0]')
        )""",
    "postgresql": """
        received_activity.inboxes || excluded.inboxes WHERE NOT received_activity.inboxes @> excluded.inboxes""",
}

Waiting = tuple[Incoming, "asyncio.Future[None]"]


class Store:
    """Collects what waits and writes it in one transaction; one task, never cancelled, does the writing.

    Args:
        wake: set when something was written.
        most_pending: activities that may wait in the database to be worked through.
    """

    def __init__(self, *, wake: asyncio.Event, most_pending: int = MOST_PENDING) -> None:
        self._most_pending = most_pending
        self._pending = 0
        self._counted_at = float("-inf")
        self._waiting: list[Waiting] = []
        self._writer: asyncio.Task[None] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._wake = wake

    async def keep(self, incoming: Incoming) -> None:
        """Return when `incoming` is committed; a repeat of a known activity is fine.

        Raises:
            Full: too many wait already.
            Unavailable: the database can't be written now.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise Full("too many activities wait to be written", retry_after=10)
        if self._pending >= self._most_pending:
            await self._count()
        if self._pending >= self._most_pending:
            raise Full("too many activities wait to be worked through", retry_after=60)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((incoming, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await done

    async def _count(self) -> None:
        """Count what waits for the worker, at most once a second. Spec: security R-09."""
        now = asyncio.get_running_loop().time()
        if now >= self._counted_at + COUNT_SECONDS:
            self._counted_at = now
            try:
                self._pending = await ReceivedActivity.filter(state=ReceivedState.PENDING).count()
            except Exception as error:  # noqa: BLE001  whoever waits for the writer must not pay for a count
                _log.warning("what waits could not be counted: %s", error)

    async def settle(self) -> None:
        """Return when everything that waits has been written or refused."""
        if self._writer is not None:
            await self._writer

    async def _write_all(self) -> None:
        """Write until nothing waits; looked at last, since whoever comes meanwhile relies on this task."""
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            self._watch(batch)
            try:
                await _write(batch)
            finally:
                self._unwatch()
                _let_go(batch)
            self._wake.set()
            await self._count()

    def _watch(self, batch: Sequence[Waiting]) -> None:
        """See to it that nobody waits for ever behind a database that says nothing at all."""
        self._alarm = asyncio.get_running_loop().call_later(LONGEST_WRITE_SECONDS, self._give_up_waiting, batch)

    def _unwatch(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()

    def _give_up_waiting(self, batch: Sequence[Waiting]) -> None:
        """Send away who waits; if the write succeeds after all, what they bring again is known."""
        waiting, self._waiting = self._waiting, []
        _let_go([*batch, *waiting])
        self._watch(batch)


async def _write(batch: Sequence[Waiting]) -> None:
    """Write all in one transaction; if something in it can't be written, each alone, so that it harms nobody else."""
    error = await _try([incoming for incoming, _ in batch])
    if error is None or isinstance(error, Unavailable) or len(batch) == 1:
        _tell(batch, error)
        return
    for each in batch:
        _tell([each], await _try([each[0]]))


def _tell(batch: Sequence[Waiting], error: Exception | None) -> None:
    for _, done in batch:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)


def _let_go(batch: Sequence[Waiting]) -> None:
    """Nobody waits for ever, whatever went wrong with the writing."""
    _tell([each for each in batch if not each[1].done()], Unavailable("what came in was not written"))


async def _try(batch: Sequence[Incoming]) -> Exception | None:
    try:
        await _insert(batch)
    except Exception as error:  # noqa: BLE001  whatever it is belongs to those who wait, not to this task
        return as_outage(error) or error
    return None


async def _insert(batch: Sequence[Incoming]) -> None:
    """Write all or none, in the order in which they came; a known one only gets its new inbox."""
    await execute_many(_INSERT + _ADD_INBOX[dialect()], map(_values, batch), is_seen=False)


def _values(each: Incoming) -> tuple[object, ...]:
    return (
        each.actor_origin,
        each.activity_uri,
        each.actor_uri,
        each.type[:60],
        each.signer_uri,
        f'["{each.inbox}"]' if _PLAIN(each.inbox) else orjson.dumps([each.inbox]).decode(),
        each.body,
        each.refetch,
        each.received_at,
        each.received_at,
    )
