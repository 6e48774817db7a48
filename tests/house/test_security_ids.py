"""SECURITY.md names for each id the tests that cover it, and the tests name no id that it doesn't."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ((?:V-[A-Z]|[TRFA]-)\d{2,3}) \| .* \| (.*) \|$", re.MULTILINE)
ID = re.compile(r"\b(V-[A-Z]\d\d|[TRFA]-\d{2,3})\b")
ROWS = dict(ROW.findall((ROOT / "SECURITY.md").read_text()))
COVERED = [(identifier, path) for identifier, cell in ROWS.items() for path in re.findall(r"`([^`]+\.py)`", cell)]


def _names(text: str, identifier: str) -> bool:
    """Tell whether a file names an id in words or at the end of a test's name: V-M15, _v_m15, _vm15, _t52."""
    short = identifier.lower()
    spelt = {identifier, f"_{short.replace('-', '_')}", f"_{short.replace('-', '')}"}
    return any(re.search(rf"{re.escape(each)}(?![0-9])", text) for each in spelt)


def _tests() -> list[Path]:
    return [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]


@pytest.mark.parametrize(("identifier", "path"), COVERED)
def test_a_test_that_is_said_to_cover_an_id_names_it(identifier: str, path: str) -> None:
    assert _names((ROOT / "tests" / path).read_text(), identifier)


def test_every_id_that_a_test_names_has_a_row() -> None:
    named = {identifier for path in _tests() for identifier in ID.findall(path.read_text())}

    assert named - ROWS.keys() == set()


def test_the_list_is_long_enough_to_mean_something() -> None:
    assert len(COVERED) > 100
