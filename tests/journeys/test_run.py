"""make run, stopped and started again: nothing is made twice, and Ctrl-C ends it without a fuss."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

LONGEST_SECONDS = 60
BOUND_SECONDS = 30
"""Ten times what a second start may take; `make bench` measures the figure itself."""


@contextmanager
def started(folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start what `make run` starts, on a free port; give the process and what it printed until it listened."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TALANOA_")} | {
        "TALANOA_DEVELOPMENT": "1",
        "TALANOA_PUBLIC_URL": "http://localhost:8080",
        "TALANOA_LISTEN": "127.0.0.1:0",
        "TALANOA_DATA_DIR": str(folder),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "node", "run", "--first-start"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        while not lines or not lines[-1].startswith("Listening on "):
            line = process.stdout.readline()
            assert line, "".join(lines)
            lines.append(line)
        yield process, lines
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(LONGEST_SECONDS)


def interrupted(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Press Ctrl-C; return the exit status and what it still printed."""
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=LONGEST_SECONDS)
    return process.returncode, rest


def actor_key(lines: list[str]) -> str:
    """Return the key of the node's own actor, as others read it."""
    address = lines[-1].split()[2]
    answer = httpx.get(f"http://{address}/actor", headers={"Host": "localhost:8080"}, timeout=20)
    return str(answer.json()["publicKey"]["publicKeyPem"])


def test_a_second_start_keeps_everything_and_ctrl_c_ends_both_cleanly(tmp_path: Path) -> None:
    with started(tmp_path) as (process, first):
        key = actor_key(first)
        assert interrupted(process) == (0, "")

    began = time.monotonic()
    with started(tmp_path) as (process, second):
        seconds = time.monotonic() - began
        assert actor_key(second) == key
        assert interrupted(process) == (0, "")

    assert "The tables are up to date.\n" in second
    assert [line for line in second if line.startswith("Applying")] == []
    assert seconds < BOUND_SECONDS
