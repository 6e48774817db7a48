"""Kept connections for deliveries: a few an origin, so many in all, none longer idle than the limit."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable

from federation.client.answers import AnswerReader
from federation.client.connections import Connection
from federation.client.failures import CLOSED, NoAnswer
from federation.names import Origin

Dial = Callable[[Origin], Awaitable[Connection]]


class _Door:
    """What is open to one origin; `visitors` are the requests that are under way or wait for their turn."""

    __slots__ = ("gate", "idle", "visitors")

    def __init__(self, per_host: int) -> None:
        self.gate = asyncio.Semaphore(per_host)
        self.idle: deque[Connection] = deque()
        self.visitors = 0


class Pool:
    """The connections of this process to all inboxes.

    Args:
        dial: opens one.
        most: open at once, idle ones included; the longest unused door is closed first.
        per_host: open at once to one origin.
        idle_seconds: an unused connection is closed after that.
    """

    def __init__(self, dial: Dial, *, most: int, per_host: int, idle_seconds: float) -> None:
        self._dial = dial
        self._most = most
        self._per_host = per_host
        self._idle_seconds = idle_seconds
        self._doors: OrderedDict[Origin, _Door] = OrderedDict()
        self._room = asyncio.Semaphore(most)
        self._busy = self._idle = 0
        self._sweep: asyncio.TimerHandle | None = None

    async def exchange(self, origin: Origin, data: bytes) -> AnswerReader:
        """Send a whole request over a kept or a new connection and return its answer.

        It is sent once more, over a new connection, if the first was closed before any answer: a kept connection
        that the other side gave up in the same moment looks like that. The activity has an id, so a peer that did
        read it ignores the second one.

        Raises:
            Refused, NoAnswer, NoRoom: as `Dialler.dial` and `Connection.exchange`.
        """
        door = self._doors.get(origin)
        if door is None:
            door = self._doors[origin] = _Door(self._per_host)
        self._doors.move_to_end(origin)
        door.visitors += 1
        try:
            async with door.gate, self._room:
                return await self._served(origin, door, data)
        finally:
            door.visitors -= 1
            if not door.visitors and not door.idle and self._doors.get(origin) is door:
                del self._doors[origin]

    async def _served(self, origin: Origin, door: _Door, data: bytes) -> AnswerReader:
        self._busy += 1
        try:
            try:
                return await self._attempt(origin, door, data, kept=self._kept(door))
            except NoAnswer as failure:
                if failure.reason != CLOSED:
                    raise
            return await self._attempt(origin, door, data, kept=None)
        finally:
            self._busy -= 1

    async def _attempt(self, origin: Origin, door: _Door, data: bytes, *, kept: Connection | None) -> AnswerReader:
        if kept is None:
            self._make_room()
        connection = kept or await self._dial(origin)
        try:
            return await connection.exchange(data)
        finally:
            if connection.is_open:
                self._keep(door, connection)

    def _kept(self, door: _Door) -> Connection | None:
        oldest = asyncio.get_running_loop().time() - self._idle_seconds
        while door.idle:
            connection = door.idle.pop()
            self._idle -= 1
            if connection.is_open and connection.idle_since > oldest:
                return connection
            connection.leave()
        return None

    def _keep(self, door: _Door, connection: Connection) -> None:
        door.idle.append(connection)
        self._idle += 1
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(self._idle_seconds, self._swept)

    def _make_room(self) -> None:
        """Close idle connections, those of the longest unused doors first, until there is room for a new one."""
        if self._idle + self._busy <= self._most:
            return
        for origin, door in list(self._doors.items()):
            while door.idle and self._idle + self._busy > self._most:
                self._idle -= 1
                door.idle.popleft().leave()
            if not door.idle and not door.visitors:
                del self._doors[origin]
            if self._idle + self._busy <= self._most:
                return

    def _swept(self) -> None:
        """Close what was idle for too long, and look again later."""
        self._sweep = None
        oldest = asyncio.get_running_loop().time() - self._idle_seconds
        for origin, door in list(self._doors.items()):
            while door.idle and (door.idle[0].idle_since <= oldest or not door.idle[0].is_open):
                self._idle -= 1
                door.idle.popleft().leave()
            if not door.idle and not door.visitors:
                del self._doors[origin]
        if self._idle:
            self._sweep = asyncio.get_running_loop().call_later(self._idle_seconds / 4, self._swept)

    def close(self) -> None:
        """Close what is idle; what is under way ends by itself."""
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        for door in self._doors.values():
            while door.idle:
                door.idle.popleft().leave()
        self._idle = 0
        self._doors.clear()
