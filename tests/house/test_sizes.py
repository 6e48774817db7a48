"""A folder is a floor, a file is a concept, a function is one sentence: measured."""

import ast

from tests.house.source import Function, modules

MODULE_LINES = 300
FUNCTION_LINES = 50
PARAMETERS = 5


def lines_of(function: Function) -> int:
    """Return the lines from `def` to the end, without the docstring."""
    first = function.body[0]
    has_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    text = (first.end_lineno or first.lineno) - first.lineno + 1 if has_text else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - text


def parameters_of(function: Function) -> int:
    """Return how many arguments a caller can give."""
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([each for each in given if each.arg not in ("self", "cls")])


def test_the_measure_sees_a_long_function() -> None:
    tree = ast.parse("def f(self, a, b, *, c):\n    '''Says.\n    more'''\n" + "    x = 1\n" * 60)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)

    assert (lines_of(function), parameters_of(function)) == (61, 3)


def test_no_module_is_longer_than_a_concept() -> None:
    found = {each.name: len(each.text.splitlines()) for each in (*modules(), *modules(tests=True))}

    assert {name: lines for name, lines in found.items() if lines > MODULE_LINES} == {}


def test_no_function_is_longer_than_a_page() -> None:
    found = {f"{each.name}:{function.name}": lines_of(function) for each in modules() for function in each.functions()}

    assert {name: lines for name, lines in found.items() if lines > FUNCTION_LINES} == {}


def test_no_function_takes_more_than_a_handful() -> None:
    found = {
        f"{each.name}:{function.name}": parameters_of(function)
        for each in modules()
        for function in each.functions()
        if not function.name.startswith("__")
    }

    assert {name: count for name, count in found.items() if count > PARAMETERS} == {}
