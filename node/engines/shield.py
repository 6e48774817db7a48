"""Steps that a cancelled task must not leave half done.

A task that is cancelled while tortoise begins a transaction keeps the lock or the connection
for good; so a beginning is either used or undone, and an end always comes to its end.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_undoing: set[asyncio.Task[None]] = set()


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns; if this task is cancelled meanwhile, finish first, then obey."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()
        raise cancelled
    return task.result()


async def begun(work: Coroutine[Any, Any, T], undo: Callable[[T], Awaitable[None]]) -> T:
    """Return what `work` began; if this task is cancelled meanwhile, `undo` it in the background.

    Args:
        work: acquires something and returns it, or raises and leaves nothing behind.
        undo: gives the acquired thing back.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        undoing = asyncio.create_task(_undo(task, undo))
        _undoing.add(undoing)
        undoing.add_done_callback(_undoing.discard)
        raise


async def _undo(task: "asyncio.Future[T]", undo: Callable[[T], Awaitable[None]]) -> None:
    await asyncio.wait([task])
    if not task.cancelled() and task.exception() is None:
        await undo(task.result())


async def settled() -> None:
    """Wait until everything that was begun for a cancelled task has been undone."""
    loop = asyncio.get_running_loop()
    here = [task for task in _undoing if task.get_loop() is loop]
    if here:
        await asyncio.wait(here)


class Ended:
    """Stands in for the connection of a transaction that is over."""

    def __getattr__(self, name: str) -> object:
        """Refuse: a task that was started inside atomic() has outlived it."""
        raise RuntimeError("This transaction has ended; a task started inside atomic() must not outlive it.")
