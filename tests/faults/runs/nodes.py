"""A node in a process of its own, that can be killed, told to stop and started again; its log is looked through.

Two ways to start one: `python -m node run`, as an operator does, and the same run in a process that has imported
everything beforehand (`seam.live`), which starts faster and can be told where to die.
"""

import asyncio
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from node.settings import Settings, load
from tests.faults.runs import seam
from tests.faults.runs.waiting import PAUSE_SECONDS, until

START_SECONDS = 60.0
STOP_SECONDS = 60.0
LISTENING = b"Listening on"
TROUBLE = re.compile(r'^\s*\|?\s*Traceback|"level":"(?:error|critical)"')
_warm = multiprocessing.get_context("forkserver")
_warm.set_forkserver_preload(["pytest", "node.serving.commands", "tests.faults.runs.seam"])


class Process(Protocol):
    """What is needed of either kind of process."""

    @property
    def pid(self) -> int | None:
        """The id of the process."""
        ...

    def status(self) -> int | None:
        """Return the exit status, negative for a signal; None while it lives."""
        ...


@dataclass
class _Cold:
    popen: "subprocess.Popen[bytes]"

    @property
    def pid(self) -> int | None:
        return self.popen.pid

    def status(self) -> int | None:
        return self.popen.poll()


@dataclass
class _Warm:
    process: "multiprocessing.process.BaseProcess"

    @property
    def pid(self) -> int | None:
        return self.process.pid

    def status(self) -> int | None:
        return self.process.exitcode


def free_port() -> int:
    """Return a port that nobody listens on now; the node takes it again after each kill."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class NodeProcess:
    """One node that is started many times.

    Args:
        folder: its data folder; the log is beside the database.
        environment: its settings, `TALANOA_...`.
        part: `run` does all; `web` serves, `work` works the queues.
        name: tells the logs of several processes on one folder apart.
        warm: start from imported modules, with the seam where it can be told to die.
        answers_too_early: plant this defect in a warm node.
        recoveries: seconds from each start until it listened.
    """

    folder: Path
    environment: Mapping[str, str]
    part: str = "run"
    name: str = "log"
    warm: bool = False
    answers_too_early: bool = False
    recoveries: list[float] = field(default_factory=list)
    _process: Process | None = None

    @property
    def settings(self) -> Settings:
        """Return the settings it runs with."""
        return load(dict(self.environment), {})

    @property
    def log_path(self) -> Path:
        """Where its output goes, of all starts."""
        return self.folder / self.name

    @property
    def trouble(self) -> list[str]:
        """Return the lines of its log that speak of errors nobody foresaw. R-20."""
        text = self.log_path.read_text(encoding="utf-8", errors="replace")
        return [line for line in text.splitlines() if TROUBLE.search(line)]

    async def start(self) -> None:
        """Start it and return when it listens, or is there to work."""
        before = self.log_path.stat().st_size if self.log_path.exists() else 0
        began = time.monotonic()
        self._process = self._launch_warm() if self.warm else self._launch()
        while self.part != "work" and LISTENING not in self.log_path.read_bytes()[before:]:
            late = time.monotonic() - began > START_SECONDS
            if late or self._process.status() is not None:
                raise AssertionError(f"the node did not start: {self.log_path.read_text()[-3000:]}")
            await asyncio.sleep(PAUSE_SECONDS)
        self.recoveries.append(time.monotonic() - began)

    async def kill(self) -> None:
        """End it as a crash does."""
        await self.signal(signal.SIGKILL)

    @property
    def pid(self) -> int:
        """The id of the process that lives now."""
        assert self._process is not None, "it was never started"
        assert self._process.pid is not None
        return self._process.pid

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if the process lives."""
        if self._process is not None and self._process.pid is not None and self._process.status() is None:
            os.kill(self._process.pid, number)

    async def signal(self, number: signal.Signals) -> int:
        """Send a signal and return the exit status."""
        self.send(number)
        return await self.ended()

    async def ended(self, seconds: float = STOP_SECONDS) -> int:
        """Return the exit status once it has ended."""
        assert self._process is not None, "it was never started"
        process = self._process
        await until(lambda: process.status() is not None, "the end of the process", seconds=seconds)
        return process.status() or 0

    async def close(self) -> None:
        """End it, if it lives."""
        if self._process is not None:
            await self.kill()

    def _launch(self) -> Process:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TALANOA_")}
        with self.log_path.open("ab") as log:
            return _Cold(
                subprocess.Popen(
                    [sys.executable, "-m", "node", self.part],
                    env=kept | dict(self.environment) | {"PYTHONUNBUFFERED": "1"},
                    stdout=log,
                    stderr=log,
                )
            )

    def _launch_warm(self) -> Process:
        self.log_path.touch()
        process = _warm.Process(
            target=seam.live,
            args=(dict(self.environment), str(self.log_path), self.part),
            kwargs={"answers_too_early": self.answers_too_early},
            daemon=True,
        )
        process.start()
        return _Warm(process)
