"""The documents tell the truth: commands exist, tables equal the code, links lead somewhere."""

import hashlib
import re
import tomllib

import pytest

from node.settings import documentation
from tests.house.source import ROOT, named, project_files

DOCUMENTS = (
    "README.md",
    "ARCHITECTURE.md",
    "FEDERATION.md",
    "DECISIONS.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "deploy/README.md",
)
AGPL_SHA256 = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"
TEXTS = (".py", ".md", ".toml", ".html", ".css", ".sh", ".yaml", ".po", ".service", "")
TARGETS = ("env", "run", "demo", "two-nodes", "check", "test", "faults", "bench", "messages", "lock")


def read(name: str) -> str:
    """Return the text of a document."""
    return (ROOT / name).read_text(encoding="utf-8")


def shell_lines(text: str) -> list[str]:
    """Return the commands in the fenced shell blocks of a document."""
    blocks = re.findall(r"```(?:sh|shell|console|bash)?\n(.*?)```", text, re.S)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line and line[0] != "#"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_there_and_says_something(name: str) -> None:
    assert len(read(name).split()) > 100 or name == "CHANGELOG.md"


def test_the_first_two_commands_of_the_readme_are_run_and_test() -> None:
    assert shell_lines(read("README.md"))[:2] == ["make run", "make test"]


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.M))
    asked = {target for name in DOCUMENTS for target in re.findall(r"(?:^|`)make ([a-z][a-z-]*)", read(name), re.M)}

    assert set(TARGETS) <= targets
    assert asked <= targets


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{name}: {link}"
        for name in DOCUMENTS
        for link in re.findall(r"\]\(([^)#: ]+)(?:#[^)]*)?\)", read(name))
        if not (ROOT / name).parent.joinpath(link).exists()
    ]

    assert broken == []


def test_the_changelog_has_a_place_for_what_comes() -> None:
    first = re.search(r"^## \[?(.*?)\]?$", read("CHANGELOG.md"), re.M)

    assert first is not None
    assert first[1] == "Unreleased"


def test_the_example_environment_names_only_settings_that_exist() -> None:
    known = {row.name for row in documentation()}
    used = {
        setting
        for name in ("deploy/env.example", "deploy/compose.yaml", "deploy/README.md")
        for setting in re.findall(r"\bTALANOA_[A-Z_]+", read(name))
    }

    assert used - known - {"TALANOA_CONFIG"} == set()


def test_the_licence_is_the_agpl_word_for_word() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]

    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == AGPL_SHA256
    assert project["license"] == "AGPL-3.0-or-later"
    assert "AGPL-3.0-or-later" in read("README.md")


def test_the_project_speaks_of_itself_alone() -> None:
    """Nothing points to papers or places that whoever has only this project can't open."""
    outside = re.compile(
        r"/work/|\.\./shared|\b(?i:settled|architecture|interop|domain|stack|style)(?:\.md)? \d"
        r"|\b(?:settled|interop|stack|domain|style|architecture|security)\.md\b"
    )
    found = [
        f"{named(path)}:{number}"
        for path in project_files()
        if path.suffix in TEXTS and named(path) not in ("LICENSE", ".ci/run", "tests/house/test_documents.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if outside.search(line)
    ]

    assert found == []
