"""What is installed and what is reachable: nothing of tests, of git, of debugging. A-30, A-04, A-02."""

import re
import tomllib
from fnmatch import fnmatch

import pytest

from tests.house.source import PACKAGES, ROOT, modules, project_files
from web.access import ROUTES

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def packaged() -> list[str]:
    """Return what the package holds: files of the five packages of the kinds that are taken along."""
    kinds = [*PROJECT["tool"]["setuptools"]["package-data"]["*"], "*.py"]
    names = [path.relative_to(ROOT).as_posix() for path in project_files()]
    return [name for name in names if name.split("/")[0] in PACKAGES and any(fnmatch(name, each) for each in kinds)]


def test_the_package_is_the_five_packages_and_nothing_else_a30() -> None:
    include = PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]

    assert sorted(each.removesuffix("*") for each in include) == sorted(PACKAGES)
    assert not any(path.is_dir() and path.name.startswith("node") and path.name != "node" for path in ROOT.iterdir())


def test_no_test_no_fixture_and_nothing_of_git_is_in_the_package_a30() -> None:
    names = packaged()

    assert len(names) > 400
    assert [
        name for name in names if re.search(r"(^|/)(\.|test|conftest|fixture)|\.(pem|key|db|env|sqlite)$", name)
    ] == []


def test_the_image_copies_named_folders_and_not_the_whole_tree_a30() -> None:
    text = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")
    copied = {word for line in text.splitlines() if line.startswith("COPY ") for word in line.split()[1:-1]}

    assert copied == {"requirements.txt", "pyproject.toml", "README.md", "LICENSE", *PACKAGES}
    assert "--require-hashes" in text


def test_no_route_is_there_for_tests_or_for_who_looks_for_mistakes_a30() -> None:
    words = re.compile(r"debug|test|docs|swagger|openapi|graphql|console|\.git|\.env|phpinfo|actuator|profiler")

    assert [route.rule for route in ROUTES if words.search(route.rule)] == []


@pytest.mark.parametrize("name", ["json.loads", "json.load", "urllib.parse.urlsplit", "urllib.parse.urlparse"])
def test_there_is_one_reader_of_json_and_one_of_addresses_a04(name: str) -> None:
    """The linter refuses all others; here is that it does, and where it was told not to."""
    assert name in PROJECT["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
    sanctioned = {"json": {"federation/documents.py"}, "urll": {"federation/names.py"}}[name[:4]]
    told_not_to = {
        module.name for module in modules() if re.search(rf"{name.rsplit('.')[-1]}\b.*noqa: TID251", module.text)
    }

    assert told_not_to <= sanctioned


def test_markup_is_cleaned_in_one_place_a02() -> None:
    importing = re.compile(r"^\s*(?:import|from) (?:bleach|nh3)\b", re.MULTILINE)
    cleaners = {module.name for module in modules() if importing.search(module.text)}

    assert cleaners == {"node/text/plain.py", "node/text/sanitise.py"}
