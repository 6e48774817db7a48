"""The seam where a fault is put in: only here, never in the node's own code.

`live` runs a node as `talanoa run` does, with named functions wrapped: if the file `die-at` in its data folder names
the point that is reached, the file is removed and the process kills itself. Leases last three seconds, so that a test
needn't wait a minute for what a dead process held.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import inbox.receive
import inbox.store
import inbox.worker
import node.community.notices
import node.jobs
import node.mail.mailer
import node.mail.queue
import node.serving.running
import outbox.bridge
import outbox.deliver
import outbox.worker
from federation.client import ProtocolClient
from node.__main__ import main
from node.clock import SystemClock

ORDERS = "die-at"
SHIFT = "clock-shift"
LAGS = "lags"
BEAT_SECONDS = 0.01
LEASE = timedelta(seconds=3)
LONGEST_ATTEMPT = timedelta(seconds=1.5)
QUEUES = (inbox.worker.RECEIVED, node.jobs.JOBS, node.mail.queue.QUEUE, outbox.deliver.DELIVERIES)


@dataclass(frozen=True)
class Point:
    """A moment: before or after a named function of a module or class."""

    name: str
    owner: Any
    function: str
    after: bool


RECEIVING = (
    Point("after verify", inbox.receive, "_proven_signer", after=True),
    Point("after insert before commit", inbox.store, "_insert", after=True),
    Point("after commit before answer", inbox.store, "_write", after=True),
    Point("after claim before its commit", node.jobs, "_lease", after=True),
    Point("after attempt count", inbox.worker, "_opened", after=False),
    Point("mid effects", node.community.notices, "tell_all", after=False),
    Point("before effects commit", inbox.worker, "apply_all", after=True),
    Point("after effects commit", inbox.worker, "_apply_all", after=True),
)
"""What happens to an activity that comes in, in this order."""
SENDING = (
    Point("before deliveries commit", outbox.bridge, "publish", after=True),
    Point("before send", ProtocolClient, "post", after=False),
    Point("after send before mark", ProtocolClient, "post", after=True),
)
"""What happens to a post that goes out."""
MAILING = (
    Point("before mail", node.mail.mailer.SmtpMailer, "send", after=False),
    Point("after mail before mark", node.mail.mailer.SmtpMailer, "send", after=True),
)
"""What happens to a letter."""
POINTS = (*RECEIVING, *SENDING, *MAILING)


def order(folder: Path, point: Point) -> None:
    """Let the node that lives in `folder` die when it comes to `point`."""
    (folder / ORDERS).write_text(point.name, encoding="utf-8")


def is_ordered(folder: Path) -> bool:
    """Tell whether the node has yet to die."""
    return (folder / ORDERS).exists()


def live(environment: dict[str, str], log_path: str, part: str, *, answers_too_early: bool = False) -> None:
    """Run a node in this process, with the points in place; its output goes to `log_path`.

    Args:
        answers_too_early: plant a defect that a checker has to catch.
    """
    log = os.open(log_path, os.O_WRONLY | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)
    os.environ.update(environment)
    for queue in QUEUES:
        object.__setattr__(queue, "lease", LEASE)
    outbox.worker.LONGEST_ATTEMPT = node.mail.queue.LONGEST_LETTER = LONGEST_ATTEMPT
    for point in POINTS:
        _wrap(point, Path(log_path).parent / ORDERS)
    _let_the_clock_be_moved(Path(log_path).parent / SHIFT)
    _listen_to_the_heart(Path(log_path).parent / LAGS)
    if answers_too_early:
        _answer_too_early()
    main([part])


def move_clock(folder: Path, hours: int) -> None:
    """Let the wall clock of the node that lives in `folder` jump to so many hours from the real time."""
    (folder / SHIFT).write_text(str(hours), encoding="ascii")


def lags_of(folder: Path) -> list[float]:
    """Return by how many seconds each beat of ten milliseconds came late, of the node that lives in `folder`."""
    return [float(line) for line in (folder / LAGS).read_text(encoding="ascii").split()]


def _listen_to_the_heart(lags: Path) -> None:
    """Let a task in the node's own loop note how late it is woken; a second's beats are written together."""
    names = vars(node.serving.running)
    real = names["serve"]

    async def beat() -> None:
        loop = asyncio.get_running_loop()
        late: list[float] = []
        while True:
            before = loop.time()
            await asyncio.sleep(BEAT_SECONDS)
            late.append(loop.time() - before - BEAT_SECONDS)
            if len(late) * BEAT_SECONDS >= 1:
                with lags.open("a", encoding="ascii") as file:
                    file.write("".join(f"{each:.4f}\n" for each in late))
                late.clear()

    async def serve(*arguments: Any, **named: Any) -> None:
        heart = asyncio.create_task(beat())
        try:
            await real(*arguments, **named)
        finally:
            heart.cancel()

    names["serve"] = serve


def _let_the_clock_be_moved(shift: Path) -> None:
    real = SystemClock.now

    def now(self: SystemClock) -> datetime:
        return real(self) + timedelta(hours=int(shift.read_text(encoding="ascii") or 0) if shift.exists() else 0)

    SystemClock.now = now  # type: ignore[method-assign]


def _wrap(point: Point, orders: Path) -> None:
    inner: Callable[..., Awaitable[object]] = getattr(point.owner, point.function)

    async def wrapped(*arguments: Any, **named: Any) -> object:
        if not point.after:
            _perhaps_die(point, orders)
        found = await inner(*arguments, **named)
        if point.after:
            _perhaps_die(point, orders)
        return found

    setattr(point.owner, point.function, wrapped)


def _answer_too_early() -> None:
    """Say 202 before anything is committed: whoever believes it loses what the next second brings."""
    kept: set[asyncio.Task[None]] = set()
    real = inbox.store.Store.keep

    async def too_early(self: inbox.store.Store, incoming: inbox.store.Incoming) -> None:
        async def later() -> None:
            await asyncio.sleep(60)
            await real(self, incoming)

        kept.add(asyncio.create_task(later()))

    inbox.store.Store.keep = too_early  # type: ignore[method-assign]


def _perhaps_die(point: Point, orders: Path) -> None:
    if orders.exists() and orders.read_text(encoding="utf-8") == point.name:
        orders.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
