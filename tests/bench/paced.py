"""A known sender at an even pace: so many requests a second, each wait counted from the moment it was due."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uvloop

from tests.bench.load import LOOPBACK, Answers

CONNECTIONS = 8
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Pace:
    """What to send.

    Args:
        requests: whole requests as bytes, answered without a body; keep-alive.
        a_second: how many are due each second.
        until: a file whose appearance ends the run early.
    """

    port: int
    requests: Sequence[bytes]
    a_second: float
    until: Path


def paced(pace: Pace) -> Answers:
    """Send all when they are due, or until the run is ended; call it in a process of its own."""
    return uvloop.run(_paced(pace))


async def _paced(pace: Pace) -> Answers:
    answers, began = Answers(), time.perf_counter()
    free: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection(LOOPBACK, pace.port))
    async with asyncio.TaskGroup() as under_way:
        for number, request in enumerate(pace.requests):
            due = began + number / pace.a_second
            await asyncio.sleep(due - time.perf_counter())
            if pace.until.exists():
                break
            under_way.create_task(_exchange(request, due, free, answers))
    answers.seconds = time.perf_counter() - began
    while not free.empty():
        free.get_nowait()[1].close()
    return answers


async def _exchange(request: bytes, due: float, free: "asyncio.Queue[Line]", answers: Answers) -> None:
    line = await free.get()
    line[1].write(request)
    head = await line[0].readuntil(b"\r\n\r\n")
    free.put_nowait(line)
    answers.waits.append(time.perf_counter() - due)
    answers.statuses[int(head[9:12])] += 1
