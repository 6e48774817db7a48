"""Starting and stopping a node, as an operator sees it: what is refused, in which words, and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import pytest

from node.database import close_database, open_database
from node.errors import Conflict, NotFound, Unavailable
from node.models import Actor, ActorKey, Member, Mode, PolicyState
from node.schema import migrate
from node.serving.foundation import tell_welcome
from node.serving.running import MODULES, Part, first_start, opened, run
from node.settings import load
from tests.databases import settings_for
from web.server import CannotListen

SECONDS = 60
ENDS_CLEANLY = 0


def environ(folder: Path, **changes: str) -> dict[str, str]:
    given = {
        "PUBLIC_URL": "http://localhost:8080",
        "DEVELOPMENT": "true",
        "DATA_DIR": str(folder),
        "LISTEN": "127.0.0.1:0",
        "DRAIN_SECONDS": "10",
    }
    return {f"TALANOA_{name}": value for name, value in (given | changes).items()}


def talanoa(arguments: list[str], given: Mapping[str, str]) -> subprocess.Popen[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "node", *arguments],
        env={**kept, **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    said, complained = process.communicate(timeout=SECONDS)
    return process.returncode, said, complained


def until(stream: IO[str] | None, wanted: str) -> str:
    assert stream is not None
    for line in stream:
        if re.search(wanted, line):
            return line
    raise AssertionError(f"the process ended without {wanted}")


def silent(_: str) -> None:
    """Say nothing."""


async def test_what_was_not_founded_does_not_run(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)

    for part in (Part.ALL, Part.WEB, Part.WORK):
        with pytest.raises(NotFound, match=r"^This node has not been set up yet: run `talanoa init`\.$"):
            await run(settings, part, tell=silent)


@pytest.mark.parametrize("part", [Part.WEB, Part.WORK])
async def test_web_and_work_do_not_touch_older_tables(tmp_path: Path, part: Part) -> None:
    settings = settings_for(tmp_path)

    with pytest.raises(Unavailable) as refused:
        await run(settings, part, tell=silent)

    assert str(refused.value).startswith("The tables are older than this version (0001_initial, 0002_search")
    assert str(refused.value).endswith("): run `talanoa migrate` first.")


async def test_the_first_start_may_be_repeated(tmp_path: Path) -> None:
    """Settled: the setting seeds the first start, then the row decides; nothing is made twice."""
    lines: list[str] = []
    starts = []
    for mode in ("closed", "open"):
        settings = load(environ(tmp_path, FEDERATION_MODE=mode), {})
        settings, url = await first_start(settings, tell=lines.append)
        await open_database(settings, MODULES)
        try:
            rows = (
                await Actor.all().order_by("id").values_list("local_name", flat=True),
                await ActorKey.all().order_by("id").values_list("public", flat=True),
                await Member.all().values_list("id", "role"),
                await PolicyState.all().values_list("version", "mode"),
            )
        finally:
            await close_database()
        starts.append((settings.secret_key, rows))
        assert url.startswith("http://localhost:8080/sign-in/link/")

    assert starts[0] == starts[1]
    assert starts[0][1][0] == ["actor", "network", "posts", "events", "practices", "steward_1"]
    assert len(starts[0][1][1]) == 12 and starts[0][1][3] == [(1, Mode.CLOSED)]
    assert lines[-1] == "The tables are up to date."


async def test_a_node_does_not_move(tmp_path: Path) -> None:
    first = load(environ(tmp_path), {})
    await first_start(first, tell=silent)
    moved = load(environ(tmp_path, PUBLIC_URL="http://localhost:9090"), {})
    said = (
        r"^This node's ids begin with http://localhost:8080; that can't change\. "
        r"Set TALANOA_PUBLIC_URL=http://localhost:8080, or use another database\.$"
    )

    with pytest.raises(Conflict, match=said):
        await first_start(moved, tell=silent)
    with pytest.raises(Conflict, match=said):
        await run(moved, Part.WEB, tell=silent)


async def test_an_open_node_knows_its_policy(tmp_path: Path) -> None:
    """R-18: nothing is asked before the book was read."""
    settings, _ = await first_start(load(environ(tmp_path), {}), tell=silent)

    async with opened(settings) as node:
        assert (node.registry.book.version, node.registry.is_closed, node.base) == (1, False, "http://localhost:8080")


async def test_a_taken_address_is_told_and_everything_is_closed(tmp_path: Path) -> None:
    settings, _ = await first_start(load(environ(tmp_path), {}), tell=silent)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = load(environ(tmp_path, LISTEN=f"127.0.0.1:{port}"), {})

        with pytest.raises(CannotListen, match=str(port)):
            await run(settings, Part.ALL, tell=silent)

    await migrate(settings, MODULES)


def test_the_welcome_says_where_and_how(tmp_path: Path) -> None:
    lines: list[str] = []

    tell_welcome(settings_for(tmp_path), "https://home.example/sign-in/link/secret", lines.append)

    text = "\n".join(lines)
    assert "https://home.example/sign-in/link/secret" in text and "Ctrl-C" in text


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_node_is_founded_serves_and_ends_in_order(tmp_path: Path, sign: signal.Signals) -> None:
    """Ctrl-C and SIGTERM: no trace, exit status 0, the database whole."""
    process = talanoa(["run", "--first-start"], environ(tmp_path))
    until(process.stdout, r"/sign-in/link/")
    until(process.stdout, r"Listening on 127\.0\.0\.1:\d+ for http://localhost:8080")

    process.send_signal(sign)
    status, _, complained = ended(process)

    assert (status, "Traceback" in complained) == (ENDS_CLEANLY, False), complained
    assert not (tmp_path / "talanoa.db-wal").exists() or (tmp_path / "talanoa.db-wal").stat().st_size == 0


def test_an_operator_reads_one_sentence(tmp_path: Path) -> None:
    for arguments, given, sentence in (
        (["web"], environ(tmp_path), "run `talanoa migrate` first"),
        (["run"], environ(tmp_path / "new"), "run `talanoa init`"),
        (["work"], environ(tmp_path, FEDERATION_MODE="consent"), "can't be 'consent' yet"),
    ):
        status, _, complained = ended(talanoa(arguments, given))

        assert (status, "Traceback" in complained) == (1, False), complained
        assert sentence in complained
