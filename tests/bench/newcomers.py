"""Senders whom nobody knows yet: each brings one activity and comes back when it is told to, as real servers do."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from multiprocessing import get_context

import orjson
import uvloop
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from tests.bench.load import LOOPBACK
from tests.peers.cavage import Message, Style, signed

AT_ONCE = 500
"""Each host brings one at a time."""
LONGEST_SECONDS = 120.0
LONGEST_PAUSE_SECONDS = 10.0
PROCESSES = 2


@dataclass
class Brought:
    """What became of them: when each was accepted, in seconds since the first came, and every status there was.

    Args:
        waits: seconds from the first try of each to its acceptance.
    """

    accepted: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def wait_ms(self, share: float) -> float:
        """Return the wait below which `share` of all waits lie, in milliseconds."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


def newcomers(uris: Sequence[str], *, key: RSAPrivateKey, inbox: str, about: str, when: datetime) -> list[bytes]:
    """Return one signed Like of each actor as it stands on the wire; they share a key to be made in time."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    build = partial(_built, pem=pem, inbox=inbox, about=about, when=when)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        return [each for part in pool.map(build, [uris[at::PROCESSES] for at in range(PROCESSES)]) for each in part]


def _built(uris: Sequence[str], *, pem: bytes, inbox: str, about: str, when: datetime) -> list[bytes]:
    key = load_pem_private_key(pem, None)
    assert isinstance(key, RSAPrivateKey)
    made = []
    for uri in uris:
        body = orjson.dumps({"id": f"{uri}/likes/1", "type": "Like", "actor": uri, "object": about})
        bare = Message("POST", inbox, {"content-type": "application/activity+json"}, body)
        message = signed(bare, key, key_id=f"{uri}#main-key", when=when, style=Style())
        headers = dict(message.headers) | {"content-length": str(len(body)), "connection": "close"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        made.append(f"POST {message.target} HTTP/1.1\r\n{lines}\r\n".encode() + body)
    return made


def brought(port: int, requests: Sequence[bytes]) -> Brought:
    """Bring everything, again where the node is busy; call it in a process of its own."""
    return uvloop.run(_brought(port, requests))


async def _brought(port: int, requests: Sequence[bytes]) -> Brought:
    outcome, room, began = Brought(), asyncio.Semaphore(AT_ONCE), time.perf_counter()

    async def bring(request: bytes) -> None:
        first = 0.0
        while time.perf_counter() - began < LONGEST_SECONDS:
            async with room:
                first = first or time.perf_counter()
                status, pause = await _posted(port, request)
            outcome.statuses[status] += 1
            if status == 202:
                outcome.accepted.append(time.perf_counter() - began)
                outcome.waits.append(time.perf_counter() - first)
                return
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))

    await asyncio.gather(*(bring(request) for request in requests))
    return outcome


async def _posted(port: int, request: bytes) -> tuple[int, float]:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        writer.write(request)
        head = (await reader.read()).partition(b"\r\n\r\n")[0].lower()
    finally:
        writer.close()
    told = [line for line in head.split(b"\r\n") if line.startswith(b"retry-after:")]
    pause = float(told[0].partition(b":")[2]) if told else LONGEST_PAUSE_SECONDS
    return int(head[9:12] or 0), min(pause, LONGEST_PAUSE_SECONDS)
