"""Places for lookups: so many at once, begun at an even pace; who would wait too long is told when to come back."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from federation.errors import Unreachable

LONGEST_PAUSE = 60.0
"""Seconds; whoever was sent away with less room than that comes back anyway."""


class Places:
    """Hands out places, and numbers to those who find none, so that they do not come back all at once.

    Args:
        at_once: how many may be taken.
        a_second: how many are handed out at most, so that what a lookup costs never keeps others waiting.
        jitter: gives a share between -0.2 and 0.2, by which a pause is moved.
    """

    def __init__(self, *, at_once: int, a_second: float, jitter: Callable[[], float]) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._spacing = 1 / a_second
        self._jitter = jitter
        self._next = float("-inf")
        self._return = float("-inf")

    @asynccontextmanager
    async def one(self, *, seconds: float) -> AsyncIterator[None]:
        """Hold a place for the block.

        Args:
            seconds: how long to wait for it.

        Raises:
            Unreachable: there is none in that time; says after how many seconds there will be one.
        """
        now = asyncio.get_running_loop().time()
        begin = max(self._next, now)
        if begin - now > seconds:
            raise self._sent_away(now)
        self._next = begin + self._spacing
        try:
            async with asyncio.timeout(seconds):
                await asyncio.sleep(begin - now)
                await self._free.acquire()
        except TimeoutError:
            raise self._sent_away(asyncio.get_running_loop().time()) from None
        try:
            yield
        finally:
            self._free.release()

    def _sent_away(self, now: float) -> Unreachable:
        """Return what whoever finds no place is told: the next free moment, later for each, to the longest pause."""
        self._return = min(max(self._return, self._next, now) + self._spacing, now + LONGEST_PAUSE)
        pause = math.ceil((self._return - now) * (1 + self._jitter()))
        return Unreachable("too many key lookups are under way", retry_after=max(1, pause))
