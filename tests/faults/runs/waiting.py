"""Waiting for other processes: the one place here that looks again and again."""

import asyncio
from collections.abc import Callable

PAUSE_SECONDS = 0.02


async def until(is_so: Callable[[], bool], what: str, *, seconds: float = 60.0, pause: float = PAUSE_SECONDS) -> None:
    """Return as soon as `is_so` says yes; raise AssertionError with `what` if it never does."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not is_so():
        assert asyncio.get_running_loop().time() < deadline, f"waited in vain: {what}"
        await asyncio.sleep(pause)
