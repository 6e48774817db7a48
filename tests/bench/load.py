"""The load generator: keep-alive connections that write ready bytes and read answers, in a process of its own."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, repeat
from multiprocessing import get_context
from typing import cast

import uvloop

LOOPBACK = "127.0.0.1"
LONGEST_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Run:
    """What to send.

    Args:
        requests: whole requests as bytes.
        again: start over when all were sent, until `seconds` are over; otherwise each is sent once.
    """

    port: int
    requests: Sequence[bytes]
    connections: int
    seconds: float = LONGEST_SECONDS
    again: bool = False


@dataclass
class Answers:
    """What came back; `waits` are seconds, unsorted."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    def wait_ms(self, share: float) -> float:
        """Return the wait below which `share` of all waits lie, in milliseconds."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


class Line(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, requests: Iterator[bytes], answers: Answers, until: float) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._answers = answers
        self._until = until
        self._held = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first one."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        self._send()

    def data_received(self, data: bytes) -> None:
        """Count a whole answer and send the next request."""
        self._held += data
        head, found, body = self._held.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._held = b""
        self._answers.waits.append(time.perf_counter() - self._sent_at)
        self._answers.statuses[int(head[9:12])] += 1
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop here."""
        if not self.ended.done():
            self.ended.set_result(None)

    def _send(self) -> None:
        request = next(self._requests, None) if time.perf_counter() < self._until else None
        if request is None:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


@cache
def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


async def _driven(run: Run) -> Answers:
    requests = chain.from_iterable(repeat(run.requests)) if run.again else iter(run.requests)
    answers = Answers()
    began = time.perf_counter()
    loop = asyncio.get_running_loop()
    lines = []
    for _ in range(run.connections):
        _, line = await loop.create_connection(lambda: Line(requests, answers, began + run.seconds), LOOPBACK, run.port)
        lines.append(line)
    with suppress(TimeoutError):
        async with asyncio.timeout(run.seconds + 30):
            await asyncio.gather(*(line.ended for line in lines))
    answers.seconds = time.perf_counter() - began
    return answers


def drive(run: Run) -> Answers:
    """Send everything; call it in a process of its own."""
    return uvloop.run(_driven(run))


def driven_apart(run: Run) -> Answers:
    """Send everything from another process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(drive, run).result()
