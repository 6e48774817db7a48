"""The processes that are measured: a node, a server that does nothing, and the receiver of two hundred hosts."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.load import LOOPBACK
from tests.bench.machine import cpu_seconds, memory_mib

START_SECONDS = 60.0
STOP_SECONDS = 40.0
PAUSE_SECONDS = 0.005


class DidNotStart(Exception):
    """A process ended or said nothing for a minute."""


@dataclass(frozen=True)
class Running:
    """A process that listens on `port` and writes to `log`."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    @property
    def cpu(self) -> float:
        """Return the processor time used so far, in seconds."""
        return cpu_seconds(self.process.pid)

    @property
    def memory(self) -> float:
        """Return the resident memory in MiB."""
        return memory_mib(self.process.pid)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        return int(found.getsockname()[1])


@contextmanager
def running(module: list[str], port: int, log: Path, environment: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run `python -m MODULE ...` until the block ends; begins when its port answers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TALANOA_")}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *module], env=kept | dict(environment or {}), stdout=out, stderr=out
        )
    try:
        _wait_until_it_listens(process, port, log)
        yield Running(process, port, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_listens(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(log.read_text(encoding="utf-8", errors="replace")[-3000:]) from None
            time.sleep(PAUSE_SECONDS)
        else:
            return
