"""make two-nodes does not hide a failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.two_nodes import __main__ as program
from tests.two_nodes.nodes import WentWrong


@pytest.mark.parametrize("error", [WentWrong("nothing arrived"), AssertionError("something else arrived")])
def test_what_did_not_arrive_ends_with_one(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    @contextmanager
    def nobody(folder: Path) -> Iterator[tuple[Any, Any]]:
        yield SimpleNamespace(host="north.test"), SimpleNamespace(host="south.test")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(program, "two_nodes", nobody)
    monkeypatch.setattr(program, "prepare", fail)
    told: list[str] = []

    assert program.main(told.append) == 1
    assert str(error) in told[-1]
