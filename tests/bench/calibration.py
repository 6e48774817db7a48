"""What the machine can do now: bare signatures, bare commits, and the web server with nothing behind it."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from tests.bench.figures import Calibration
from tests.bench.load import Run, driven_apart
from tests.bench.processes import free_port, running
from tests.bench.sender import BODY_BYTES, new_key

SECONDS = 0.5
BATCH = 16
MESSAGE = b"x" * 300
ROW = ("http://elsewhere.test", "http://elsewhere.test/users/berta/statuses/1", b"x" * BODY_BYTES)


def calibrated(folder: Path, *, seconds: float) -> Calibration:
    """Measure everything, about four times `seconds`; by processor time but for single commits."""
    key, other = new_key(), Ed25519PrivateKey.generate()
    signature = key.sign(MESSAGE, PKCS1v15(), SHA256())
    public = key.public_key()
    return Calibration(
        rsa_verify=_rate(lambda: public.verify(signature, MESSAGE, PKCS1v15(), SHA256()), clock=time.process_time),
        rsa_sign=_rate(lambda: key.sign(MESSAGE, PKCS1v15(), SHA256()), clock=time.process_time),
        ed25519_sign=_rate(lambda: other.sign(MESSAGE), clock=time.process_time),
        commit=_commits(folder / "commit.sqlite", rows=1, clock=time.perf_counter),
        row=_commits(folder / "rows.sqlite", rows=BATCH, clock=time.process_time) * BATCH,
        bare_get=_bare(folder, b"GET / HTTP/1.1\r\nhost: bare.test\r\n\r\n", seconds=seconds),
        bare_post=_bare(
            folder,
            f"POST / HTTP/1.1\r\nhost: bare.test\r\ncontent-length: {BODY_BYTES}\r\n\r\n".encode() + b"x" * BODY_BYTES,
            seconds=seconds,
        ),
    )


def _rate(act: Callable[[], object], *, clock: Callable[[], float]) -> float:
    done, began = 0, clock()
    while clock() - began < SECONDS:
        for _ in range(10):
            act()
        done += 10
    return done / (clock() - began)


def _commits(file: Path, *, rows: int, clock: Callable[[], float]) -> float:
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, origin TEXT, uri TEXT, body BLOB)")

        def commit() -> None:
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT INTO kept (origin, uri, body) VALUES (?, ?, ?)", [ROW] * rows)
            database.execute("COMMIT")

        return _rate(commit, clock=clock)


def _bare(folder: Path, request: bytes, *, seconds: float) -> float:
    port = free_port()
    with running(["tests.bench.bare", str(port)], port, folder / "bare.log") as server:
        driven_apart(Run(port, [request], 32, seconds=0.3, again=True))
        before = server.cpu
        answers = driven_apart(Run(port, [request], 32, seconds=seconds, again=True))
        return answers.statuses[200] / (server.cpu - before)
