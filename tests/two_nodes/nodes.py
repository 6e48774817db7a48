"""The two processes: each its own database, name and port; commands as an operator types them."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NAMES = ("north.test", "south.test")
LOOPBACK = "127.0.0.1"
START_SECONDS = 45.0
STOP_SECONDS = 30.0
COMMAND_SECONDS = 60.0
LINK = re.compile(r"http://[a-z.]+(/sign-in/link/[\w-]+)")


class WentWrong(Exception):
    """Something did not arrive, or not as it should."""


@dataclass
class RunningNode:
    """A node that serves and works."""

    host: str
    port: int
    folder: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        """Return what it printed so far."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def talanoa(self, *arguments: str) -> str:
        """Run a command beside the node and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "node", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        if done.returncode:
            raise WentWrong(f"talanoa {' '.join(arguments)} at {self.host}: {done.stdout}{done.stderr}")
        return done.stdout

    def stop(self) -> int:
        """End it as Ctrl-C does and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_SECONDS)

    def wait_until_it_listens(self) -> None:
        """Return when it serves."""
        deadline = time.monotonic() + START_SECONDS
        while "Listening on" not in self.log:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise WentWrong(f"{self.host} did not start: {self.log}")
            time.sleep(0.05)


@contextmanager
def two_nodes(folder: Path) -> Iterator[tuple[RunningNode, RunningNode]]:
    """Start both nodes, each with what it needs in a folder of its own; end them at last."""
    ports = _free_ports(len(NAMES))
    places = ",".join(f"{name}={LOOPBACK}:{port}" for name, port in zip(NAMES, ports, strict=True))
    started: list[RunningNode] = []
    try:
        for host, port in zip(NAMES, ports, strict=True):
            started.append(_start(host, port, folder / host, places))
        for each in started:
            each.wait_until_it_listens()
        yield started[0], started[1]
    finally:
        with ThreadPoolExecutor() as pool:
            ended = dict(zip(NAMES, pool.map(RunningNode.stop, started), strict=False))
    for each in started:
        if ended[each.host] != 0 or "Traceback" in each.log:
            raise WentWrong(f"{each.host} did not end cleanly: {each.log}")


def _start(host: str, port: int, folder: Path, places: str) -> RunningNode:
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TALANOA_")}
    environment = kept | {
        "TALANOA_DEVELOPMENT": "true",
        "TALANOA_PUBLIC_URL": f"http://{host}",
        "TALANOA_LISTEN": f"{LOOPBACK}:{port}",
        "TALANOA_DATA_DIR": str(folder),
        "TALANOA_ALLOWED_NETWORKS": "127.0.0.0/8",
        "TALANOA_STATIC_HOSTS": places,
        "PYTHONUNBUFFERED": "1",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "node", "run", "--first-start"], env=environment, stdout=log, stderr=log
        )
    return RunningNode(host, port, folder, environment, process)


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
