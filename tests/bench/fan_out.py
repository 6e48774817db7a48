"""What goes out: a post to two hundred inboxes on two hundred hosts, with new connections, then open ones."""

import asyncio
import time

from tests.bench.figures import Calibration, Figure
from tests.bench.ground import HOSTS, LONGEST_SECONDS, Ground, follow
from tests.bench.processes import Running, running

UNFINISHED = (
    "SELECT (SELECT count(*) FROM job WHERE state = 'pending') "
    "+ (SELECT count(*) FROM delivery WHERE state IN ('pending', 'held'))"
)
PAUSE_SECONDS = 0.05
QUIET_SECONDS = 1.0


def fan_out(ground: Ground, found: Calibration, *, seconds: float) -> list[Figure]:
    """Measure `talanoa run` telling everybody twice; `seconds` changes nothing, the number is fixed."""
    with ground.node("run"):
        ground.wait_for_none(UNFINISHED)  # what was written before anybody followed is told to nobody
    asyncio.run(follow(ground))
    arrivals = ground.folder / "arrivals"
    receiver = ["tests.bench.receiver", str(ground.receiver_port), str(arrivals)]
    with running(receiver, ground.receiver_port, ground.folder / "receiver.log"), ground.node("run") as node:
        time.sleep(QUIET_SECONDS)
        return [_told(ground, node, found, state) for state in ("first time", "open connections")]


def _told(ground: Ground, node: Running, found: Calibration, state: str) -> Figure:
    arrivals = ground.folder / "arrivals"
    known = len(arrivals.read_text(encoding="ascii").split())
    cpu = node.cpu
    published = ground.publish(f"To everybody, {state}")
    deadline = time.monotonic() + LONGEST_SECONDS
    while len(came := arrivals.read_text(encoding="ascii").split()[known:]) < HOSTS:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(came)} of {HOSTS} arrived")
        time.sleep(PAUSE_SECONDS)
    ground.wait_for_none(UNFINISHED)
    used = node.cpu - cpu
    moments = sorted(map(float, came))
    return Figure(
        name=f"fan-out to {HOSTS} hosts, {state}",
        value=len(moments) / (moments[-1] - moments[0]),
        cpu_ms=used / len(moments) * 1000,
        limit=found.rsa_sign,
        limit_is="RSA-2048 sign",
        note=f"first arrival {moments[0] - published:.2f} s after the commit",
    )
