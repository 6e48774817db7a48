"""What the house tests look at: our own files, read and parsed once."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("federation", "node", "inbox", "outbox", "web")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file of ours."""

    name: str
    text: str
    tree: ast.Module

    def functions(self) -> Iterator[Function]:
        """Return all functions and methods, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node


@cache
def modules(*, tests: bool = False) -> tuple[Module, ...]:
    """Return the modules of the five packages, or those of the tests; migrations are not written by hand."""
    folders = ("tests",) if tests else PACKAGES
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(_module(path) for path in paths if "migrations" not in path.parts)


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file of the project: what git knows, or would take."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    return tuple(ROOT / name for name in sorted(listed) if name and (ROOT / name).is_file())


def named(path: Path) -> str:
    """Return the path as it is written in reports."""
    return path.relative_to(ROOT).as_posix()


def _module(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(named(path), text, ast.parse(text, filename=str(path)))
