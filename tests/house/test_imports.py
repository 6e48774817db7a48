"""The staircase of ARCHITECTURE.md, and that its contracts catch what they are for."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.source import PACKAGES, ROOT

VIOLATIONS = [
    ("staircase", "federation/names.py", "import node.clock"),
    ("staircase", "inbox/receive.py", "import outbox.models"),
    ("staircase", "node/models/actor.py", "import node.community"),
    ("rooms", "node/attic.py", '"""A room that is on no plan."""'),
    ("web-framework", "inbox/receive.py", "import quart"),
    ("no-queries", "federation/http.py", "import tortoise"),
    ("no-queries", "web/context.py", "import tortoise"),
    ("community-language", "node/community/journal.py", "import federation.vocabulary"),
    ("pages-ask", "web/context.py", "import node.models"),
    ("no-cycles", "federation/errors.py", "import federation.names"),
]


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run the import contracts on the packages in `folder`."""
    program = Path(sys.executable).with_name("lint-imports")
    chosen = [f"--contract={name}" for name in contracts]
    return subprocess.run(
        [program, "--no-cache", "--no-logo", *chosen],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the packages and their contracts."""
    folder = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


@pytest.mark.parametrize(("contract", "path", "line"), VIOLATIONS)
def test_a_contract_catches_what_it_forbids(copy: Path, contract: str, path: str, line: str) -> None:
    file = copy / path
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        done = lint(copy, contract)
    finally:
        file.write_text(before, encoding="utf-8") if before is not None else file.unlink()

    assert done.returncode == 1
    assert "BROKEN" in done.stdout


def test_imports_only_go_down() -> None:
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_every_contract_is_there() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert [each["id"] for each in config["tool"]["importlinter"]["contracts"]] == [
        "staircase",
        "rooms",
        "web-framework",
        "no-queries",
        "community-language",
        "pages-ask",
        "no-cycles",
    ]
