"""What goes out: one post to a thousand inboxes on a thousand hosts, over open connections and over new ones."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

from tests.bench.figures import Calibration, Figure
from tests.bench.ground import Ground
from tests.bench.load import LOOPBACK
from tests.bench.processes import Running
from tests.bench.spread import LONGEST_SECONDS, PAUSE_SECONDS, Spread, found
from tests.databases import Cluster, postgresql_binaries, run_apart

QUIET_SECONDS = 1.0
HANDSHAKES = 100
TIMES = 3
POSTS_AT_ONCE = 4
"""Told by one worker or two: long enough that both are at it."""
PAGE_EVERY_SECONDS = 0.05


def fan_out(ground: Ground, calibrated: Calibration, *, seconds: float) -> list[Figure]:
    """Measure `talanoa run` telling everybody; `seconds` changes nothing, the numbers are fixed."""
    folder = ground.folder / "spread"
    folder.mkdir()
    return [*asyncio.run(_all(Spread(folder), calibrated)), *_on_postgresql(ground.folder, calibrated)]


def _on_postgresql(folder: Path, calibrated: Calibration) -> list[Figure]:
    """Measure one worker and two on PostgreSQL; nothing where it is not installed."""
    binaries = postgresql_binaries()
    if binaries is None:
        return []
    place_of_it = folder / "spread-on-postgresql"
    place_of_it.mkdir()
    cluster = Cluster(binaries, durable=True)
    cluster.start()
    try:
        run_apart(cluster.command("CREATE DATABASE spread"))
        return asyncio.run(_workers(Spread(place_of_it, database_url=cluster.url("spread")), calibrated))
    finally:
        cluster.stop()


async def _workers(place: Spread, calibrated: Calibration) -> list[Figure]:
    await found(place)
    limit = calibrated.rsa_sign, "RSA-2048 sign"
    async with place.opened():
        with place.receiver(tls=False), place.node("work") as one:
            await _told(place, [one], "the first time")
            alone = await _best(place, [one], "PostgreSQL, one worker", limit, posts=POSTS_AT_ONCE)
            with place.node("work") as other:
                await _told(place, [one, other], "the first time to both", posts=POSTS_AT_ONCE)
                both = await _best(place, [one, other], "PostgreSQL, two workers", limit, posts=POSTS_AT_ONCE)
    faster, dearer = both.value / alone.value, (both.cpu_ms or 0) / (alone.cpu_ms or 1)
    told = f"{faster:.2f} times as fast as one, {dearer:.2f} times the processor time each; {both.note}"
    return [alone, replace(both, note=told)]


async def _all(place: Spread, calibrated: Calibration) -> list[Figure]:
    await found(place)
    async with place.opened():
        return [*await _warm(place, calibrated), await _new(place, calibrated)]


async def _warm(place: Spread, calibrated: Calibration) -> list[Figure]:
    with place.receiver(tls=False), place.node("run") as node:
        await _settled(place)
        await _told(place, [node], "the first time")
        rsa = await _best(place, [node], "RSA-2048, open connections", (calibrated.rsa_sign, "RSA-2048 sign"))
        shown = await _pages(place, node)
        await place.speak("http", is_talanoa=True)
        await _told(place, [node], "the first time to our kind")
        limit = calibrated.ed25519_sign, "Ed25519 sign"
        ed25519 = await _best(place, [node], "Ed25519, open connections", limit)
        return [rsa, ed25519, shown]


async def _new(place: Spread, calibrated: Calibration) -> Figure:
    await place.speak("https", is_talanoa=False)
    with place.receiver(tls=True), place.node("run") as node:
        await _settled(place)
        handshake = _handshake_seconds(place)
        limit = 1 / (1 / calibrated.rsa_sign + handshake)
        why = f"RSA-2048 sign + TLS handshake of {handshake * 1000:.2f} ms"
        return await _best(place, [node], "RSA-2048, new TLS connections", (limit, why))


async def _settled(place: Spread) -> None:
    await place.finished()
    await asyncio.sleep(QUIET_SECONDS)


async def _best(
    place: Spread, workers: Sequence[Running], name: str, limit: tuple[float, str], *, posts: int = 1
) -> Figure:
    """Return the figure of the time that cost least: what comes on top is of other processes."""
    tries = [await _told(place, workers, name, posts=posts) for _ in range(TIMES)]
    rate, cpu_ms, first, _ = min(tries, key=lambda each: each[1])
    value, why = limit
    return Figure(
        name=f"fan-out to {place.hosts} hosts, {name}",
        value=rate,
        cpu_ms=cpu_ms,
        limit=value,
        limit_is=why,
        note=f"first arrival {first:.2f} s after the commit",
    )


async def _told(
    place: Spread, workers: Sequence[Running], name: str, *, posts: int = 1
) -> tuple[float, float, float, float]:
    """Return rate, processor time each in ms, and the seconds from commit to the first and to the last arrival."""
    known = _arrived(place.arrivals)
    cpu = sum(each.cpu for each in workers)
    published = min([await place.publish(f"To everybody, {name}, {number}") for number in range(posts)])
    deadline = time.monotonic() + LONGEST_SECONDS
    while len(came := _arrived(place.arrivals)[len(known) :]) < place.hosts * posts:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(came)} of {place.hosts * posts} arrived")
        await asyncio.sleep(PAUSE_SECONDS)
    await place.finished()
    used = sum(each.cpu for each in workers) - cpu
    moments = sorted(came)
    last = moments[-1] - published
    return len(moments) / (moments[-1] - moments[0]), used / len(moments) * 1000, moments[0] - published, last


async def _pages(place: Spread, node: Running) -> Figure:
    """Return how long pages take while a post goes out."""
    stop = threading.Event()
    waited: list[float] = []
    reader = threading.Thread(target=_read, args=(node.port, stop, waited))
    reader.start()
    await _told(place, [node], "while people read")
    stop.set()
    reader.join()
    return Figure(
        name=f"slowest of {len(waited)} pages during a fan-out to {place.hosts} hosts",
        value=max(waited) * 1000,
        unit=" ms",
        note="the home page, 20 times a second, by the clock on the wall",
    )


def _read(port: int, stop: threading.Event, waited: list[float]) -> None:
    connection = HTTPConnection(LOOPBACK, port)
    while not stop.wait(PAGE_EVERY_SECONDS):
        begun = time.perf_counter()
        connection.request("GET", "/", headers={"host": "home.test"})
        connection.getresponse().read()
        waited.append(time.perf_counter() - begun)
    connection.close()


def _handshake_seconds(place: Spread) -> float:
    """Return the processor time of one bare TLS connection."""
    context = ssl.create_default_context(cafile=str(place.folder / "authority.pem"))
    begun = time.process_time()
    for _ in range(HANDSHAKES):
        with (
            socket.create_connection((LOOPBACK, place.receiver_port)) as plain,
            context.wrap_socket(plain, server_hostname=place.names[0]),
        ):
            pass
    return (time.process_time() - begun) / HANDSHAKES


def _arrived(file: Path) -> list[float]:
    text = file.read_text(encoding="ascii") if file.exists() else ""
    return [float(line) for line in text[: text.rfind("\n") + 1].split()]
