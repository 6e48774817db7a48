"""Our five plain package names belong to us in this environment, and the command is called talanoa."""

import importlib.util
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

from tests.house.source import PACKAGES, ROOT


def test_no_foreign_distribution_owns_one_of_our_names() -> None:
    owners = packages_distributions()

    assert {name: set(owners.get(name, ())) - {"talanoa"} for name in PACKAGES} == {name: set() for name in PACKAGES}


def test_our_names_are_imported_from_here() -> None:
    found = {name: importlib.util.find_spec(name) for name in PACKAGES}

    assert {name: Path(spec.origin or "").parent for name, spec in found.items() if spec} == {
        name: ROOT / name for name in PACKAGES
    }


def test_the_one_command_is_talanoa() -> None:
    commands = distribution("talanoa").entry_points.select(group="console_scripts")

    assert [(each.name, each.value) for each in commands] == [("talanoa", "node.__main__:main")]
