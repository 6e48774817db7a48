"""Databases for tests: a fresh one each, copied from a template, on SQLite and on PostgreSQL."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest

from node import database
from node.schema import editor
from node.settings import Settings, load

MODULES = ("inbox.models", "outbox.models")
TEMPLATE = "template_of_tests"
_BINARIES = Path("/usr/lib/postgresql")
_START_SECONDS = 30
T = TypeVar("T")
make_index = import_module("node.migrations.0002_search").make_index


def settings_for(data_dir: Path, **changes: str) -> Settings:
    """Return settings of a node called https://home.example; `changes` as in the environment.

    Args:
        data_dir: an empty folder.
        changes: for instance `DATABASE_URL="postgres://..."`.
    """
    given = {
        "PUBLIC_URL": "https://home.example",
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": "a secret that only the tests know, 32 or more",
    }
    return load({f"TALANOA_{name}": value for name, value in (given | changes).items()}, {})


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` in a loop and a thread of its own, so that no test's loop is disturbed."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def make_schema(settings: Settings) -> None:
    """Write all tables into an empty database, from the models as they are.

    tests/node/test_schema.py shows that the migrations make the same.
    """
    context = await database.open_database(settings, MODULES, everywhere=False)
    try:
        with database.using(context):
            await context.generate_schemas()
            async with database.atomic():
                await make_index(None, editor())
    finally:
        await database.close_database(context)


def postgresql_binaries() -> Path | None:
    """Return the folder with initdb and postgres, None if they aren't installed."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    versions = sorted(_BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


def require_postgresql() -> Path:
    """Return the folder of the binaries or skip the test; as root in CI fail instead."""
    found = postgresql_binaries()
    if found is not None:
        return found
    if os.environ.get("CI") and os.geteuid() == 0:
        pytest.fail("PostgreSQL is not installed; as root in CI its tests must run")
    pytest.skip("PostgreSQL is not installed")


def _unprivileged() -> dict[str, Any]:
    """Return how to start a process that isn't root, since PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Cluster:
    """A PostgreSQL server on a socket in a folder of its own."""

    def __init__(self, binaries: Path, *, durable: bool = False) -> None:
        self._binaries = binaries
        self._durable = durable
        self._identity = _unprivileged()
        self.folder = Path(tempfile.mkdtemp(prefix="talanoa-pg-"))
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, name: str) -> str:
        """Return the address of database `name` as in DATABASE_URL."""
        return f"postgres://talanoa@/{name}?host={self.folder}"

    def start(self) -> None:
        """Make the cluster and wait until the server answers."""
        if self._identity:
            os.chown(self.folder, self._identity["user"], self._identity["group"])
        self._run("initdb", "-D", "data", "-U", "talanoa", "-A", "trust", "-E", "UTF8", "-N",
                  "--locale=C.UTF-8")  # fmt: skip
        self.launch()

    def _run(self, name: str, *arguments: str) -> None:
        command = [str(self._binaries / name), *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, **self._identity)
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr.decode()}")

    def launch(self) -> None:
        """Start the server of a made cluster and wait until it answers."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self.folder),
                   "fsync": "on" if self._durable else "off",
                   "full_page_writes": "on" if self._durable else "off", "shared_buffers": "32MB",
                   "max_connections": "100", "logging_collector": "off"}  # fmt: skip
        command = [str(self._binaries / "postgres"), "-D", "data"]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self._identity)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if run_apart(self._answers()):
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")

    async def _answers(self) -> bool:
        try:
            connection = await self._connect()
        except (OSError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(host=str(self.folder), user="talanoa", database="postgres")

    async def command(self, statement: str) -> None:
        """Run one statement as the owner of the cluster."""
        connection = await self._connect()
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def empty_database(self) -> str:
        """Make a database without tables; return its name."""
        name = f"empty_{next(self._numbers)}"
        await self.command(f'CREATE DATABASE "{name}"')
        return name

    async def fresh_database(self) -> str:
        """Make a copy of the template; return its name."""
        name = f"test_{next(self._numbers)}"
        await self.command(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
        return name

    async def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        await self.command(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def prepare(self, data_dir: Path) -> None:
        """Make the template from which `fresh_database` copies."""
        run_apart(self.command(f"CREATE DATABASE {TEMPLATE}"))
        run_apart(make_schema(settings_for(data_dir, DATABASE_URL=self.url(TEMPLATE))))

    def end_server(self) -> None:
        """End the server at once, as a crash does."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(_START_SECONDS)

    def kill_server(self) -> None:
        """End the server and all its children with SIGKILL; nothing of them is left that could answer."""
        if self._process is None or self._process.poll() is not None:
            return
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for pid in (self._process.pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(_START_SECONDS)

    def stop(self) -> None:
        """End the server and remove its folder."""
        self.end_server()
        shutil.rmtree(self.folder, ignore_errors=True)
