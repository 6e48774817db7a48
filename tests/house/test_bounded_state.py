"""What this process remembers by names that others choose has a bound: V-F10, T-102."""

import ast
from collections.abc import Callable

import pytest

from inbox import budget
from inbox.budget import Budget
from node.policy import registry
from node.policy.registry import Registry
from tests.clock import START
from tests.house.source import modules
from web import throttle
from web.throttle import Buckets

MANY = 50
OF_OUR_OWN = {"node/community/tables.py:_columns", "node/text/sanitise.py:_fast", "web/access.py:row_of"}
"""Asked for our models, our subsets of HTML and our routes alone."""


def unbounded(tree: ast.AST) -> list[str]:
    """Return the functions that keep an answer for every argument they were ever asked for."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and _asks(node) and any(map(_keeps_all, node.decorator_list)):
            found.append(node.name)
    return found


def _asks(node: ast.FunctionDef) -> bool:
    return bool(node.args.args or node.args.kwonlyargs or node.args.vararg or node.args.kwarg)


def _keeps_all(decorator: ast.expr) -> bool:
    if isinstance(decorator, ast.Call):
        sizes = [word.value for word in decorator.keywords if word.arg == "maxsize"] + decorator.args
        is_kept = isinstance(decorator.func, ast.Name) and decorator.func.id == "lru_cache"
        return is_kept and any(isinstance(size, ast.Constant) and size.value is None for size in sizes)
    return isinstance(decorator, ast.Name) and decorator.id == "cache"


def _spend(*, at: int) -> int:
    asked = Budget(rate=1, burst=1)
    for number in range(at):
        asked.spend(f"host{number}.example", is_named=False, at=number)
    return len(asked._levels)


def _decide(*, at: int) -> int:
    asked = Registry(own_host="home.example")
    for number in range(at):
        asked.decide(f"host{number}.example", now=START)
    return len(asked._decided)


def _admit(*, at: int) -> int:
    asked = Buckets(1, 5)
    for number in range(at):
        asked.take(f"192.0.2.{number}", at=number)
    return len(asked._levels)


@pytest.mark.parametrize(
    ("module", "bound", "fill"),
    [(budget, "MOST_HOSTS", _spend), (registry, "MOST_DECIDED", _decide), (throttle, "MOST_KEYS", _admit)],
    ids=["budgets of hosts", "decisions about hosts", "requests of addresses"],
)
def test_more_names_than_the_bound_take_no_more_room_v_f10_t_102(
    module: object, bound: str, fill: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 0 < getattr(module, bound) <= 20_000
    monkeypatch.setattr(module, bound, 10)

    assert 0 < fill(at=MANY) <= 10


def test_the_search_sees_a_function_that_forgets_nothing() -> None:
    text = (
        "@cache\ndef a(host): ...\n@lru_cache(maxsize=None)\ndef b(host): ...\n@lru_cache(maxsize=9)\ndef c(_): ...\n"
    )

    assert unbounded(ast.parse(text)) == ["a", "b"]


def test_no_function_keeps_an_answer_for_every_name_t_102() -> None:
    assert {f"{each.name}:{name}" for each in modules() for name in unbounded(each.tree)} == OF_OUR_OWN
