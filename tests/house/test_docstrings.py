"""Every module says what it is for; every public function says what it does, in one imperative sentence."""

import ast
from collections.abc import Iterator

from tests.house.source import Function, Module, modules


def undocumented(module: Module) -> Iterator[str]:
    """Return the public functions and methods without a docstring; the names of facts speak for themselves."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ClassDef | ast.Module):
            continue
        for child in node.body:
            if isinstance(child, Function) and _is_public(child) and not ast.get_docstring(child):
                yield f"{module.name}:{child.name}"


def _is_public(node: Function) -> bool:
    is_overload = any(isinstance(each, ast.Name) and each.id == "overload" for each in node.decorator_list)
    return not node.name.startswith("_") and not is_overload


def test_the_search_sees_a_function_that_says_nothing() -> None:
    text = '"""A module."""\nclass Thing:\n    """Is."""\n    def act(self): ...\ndef _own(): ...\n'

    assert [*undocumented(Module("m.py", text, ast.parse(text)))] == ["m.py:act"]


def test_the_first_line_of_a_module_says_what_it_is_for() -> None:
    silent = [
        each.name
        for each in (*modules(), *modules(tests=True))
        if each.text.strip() and not (ast.get_docstring(each.tree) or "").split("\n")[0].strip()
    ]

    assert silent == []


def test_every_public_function_has_a_docstring() -> None:
    assert [name for each in modules() for name in undocumented(each)] == []
