"""How big a node is and how fast it starts."""

import subprocess
import sys
import time
from statistics import median

from tests.bench.figures import Calibration, Figure
from tests.bench.ground import BASE, Ground
from tests.bench.load import Run, drive
from tests.bench.sender import get

TIMES = 3
IDLE_SECONDS = 2.0
IMPORT = "import time; began = time.process_time(); import node.serving.commands; print(time.process_time() - began)"
BARE_MEMORY = "import os, node.serving.commands; print(open('/proc/self/status').read().split('VmRSS:')[1].split()[0])"


def size(ground: Ground, found: Calibration, *, seconds: float) -> list[Figure]:
    """Measure `talanoa run` that was started before; `seconds` changes nothing."""
    imports = median(float(_told(IMPORT)) for _ in range(TIMES)) * 1000
    bare = float(_told(BARE_MEMORY)) / 1024
    starts, cpu, idle = [], [], 0.0
    for _ in range(TIMES):
        began = time.monotonic()
        with ground.node("run") as node:
            _read_front_page(ground)
            starts.append(time.monotonic() - began)
            cpu.append(node.cpu)
            time.sleep(IDLE_SECONDS)
            idle = node.memory
    return [
        Figure(name="size: idle, one process", value=idle, unit="MiB", limit=bare, limit_is="the imports alone"),
        Figure(
            name="start: to the first page",
            value=median(starts) * 1000,
            unit="ms",
            limit=imports,
            limit_is="processor time of the imports",
            note=f"processor time {median(cpu) * 1000:.0f} ms",
        ),
    ]


def _read_front_page(ground: Ground) -> None:
    answers = drive(Run(ground.port, [get(f"{BASE}/", "text/html")], 1))
    if answers.statuses[200] != 1:
        raise AssertionError(answers.statuses)


def _told(script: str) -> str:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
