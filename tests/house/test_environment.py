"""What make says on a machine that can't build the environment, and that it leaves nothing half-made."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT

NAMES = ("python3", "python3.11", "python3.12", "python3.13", "python3.14")
OLD = '#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n'
WITHOUT_VENV = """#!/bin/sh
case "$*" in
*version_info*) exit 0 ;;
*venv*) mkdir -p "$3" && echo "ensurepip is not available" && exit 1 ;;
esac
exit 1
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Return a folder of programs with what a shell script needs, and no Python yet."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "rm", "mkdir", "cat"):
        (folder / name).symlink_to(Path("/bin") / name)
    (folder / "id").write_text("#!/bin/sh\necho 1000\n")
    (folder / "id").chmod(0o755)
    return folder


def build(programs: Path, venv: Path) -> subprocess.CompletedProcess[str]:
    """Run the builder with these programs alone."""
    return subprocess.run(
        [ROOT / "deploy" / "environment.sh", "requirements.txt"],
        env={"PATH": str(programs), "VENV": str(venv), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        check=False,
    )


def put(programs: Path, script: str) -> None:
    """Put a made-up Python under all its names."""
    for name in NAMES:
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)


def test_an_older_python_is_named_with_two_ways_out(programs: Path, tmp_path: Path) -> None:
    put(programs, OLD)

    done = build(programs, tmp_path / "venv")

    assert done.returncode == 1
    assert done.stderr == (
        "Talanoa needs Python 3.11 or newer and found Python 3.9.2: let uv bring one "
        '(uv python install 3.12, then make PYTHON="$(uv python find 3.12)") '
        "or run the container of deploy/compose.yaml.\n"
    )
    assert not (tmp_path / "venv").exists()


def test_a_machine_without_python_is_told_the_same(programs: Path, tmp_path: Path) -> None:
    done = build(programs, tmp_path / "venv")

    assert done.returncode == 1
    assert "found no Python 3:" in done.stderr


def test_a_missing_venv_module_is_named_to_who_may_not_install_it(programs: Path, tmp_path: Path) -> None:
    put(programs, WITHOUT_VENV)

    done = build(programs, tmp_path / "venv")

    assert done.returncode == 1
    assert done.stderr == (
        "This Python has no venv module: install it (Debian: sudo apt install python3-venv) and run make again.\n"
    )
    assert not (tmp_path / "venv").exists()
