"""A batch is cut wherever the order counts, and nowhere else. R-03."""

from collections.abc import Mapping

import pytest

from inbox.scene import Footprint
from inbox.waves import waves


def cut(*touched: str) -> list[list[str]]:
    """Cut things named `reads>changes`; one without an arrow stands alone."""
    found: Mapping[str, Footprint | None] = {
        each: Footprint(frozenset(each.split(">")[0]), frozenset(each.split(">")[1])) if ">" in each else None
        for each in touched
    }
    return [list(wave) for wave in waves(touched, found.__getitem__)]


@pytest.mark.parametrize(
    ("touched", "expected"),
    [
        ((), []),
        (("a>b", "b>c"), [["a>b"], ["b>c"]]),
        (("b>c", "a>b"), [["b>c"], ["a>b"]]),
        (("a>b", "c>b"), [["a>b"], ["c>b"]]),
        (("a>b", "alone", "a>c"), [["a>b"], ["alone"], ["a>c"]]),
        (("alone", "other"), [["alone"], ["other"]]),
        (("a>b", "a>c", "a>", "c>"), [["a>b", "a>c", "a>"], ["c>"]]),
        (("a>b", "b>c", "a>d"), [["a>b"], ["b>c", "a>d"]]),
    ],
)
def test_whatever_touches_what_was_changed_comes_later(touched: tuple[str, ...], expected: list[list[str]]) -> None:
    assert cut(*touched) == expected
