"""Words that never stand in our code, each with its reason; the few sanctioned places are listed."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import Module, modules

EVERYTHING = frozenset(
    {
        "inbox/worker.py",
        "inbox/store.py",
        "inbox/together.py",
        "outbox/worker.py",
        "outbox/ledger.py",
        "node/jobs.py",
        "node/serving/loops.py",
        "web/errors.py",
    }
)
"""The only places that may catch every exception: workers, their loops, what answers who waits for a shared write or a
shared look into the database."""
FORBIDDEN = [
    ("certificates are always verified", r"verify\s*=\s*False|CERT_NONE|check_hostname\s*=\s*False", ()),
    ("pickle runs what it reads", r"\bimport pickle\b|\bpickle\.loads?\b|\bimport (?:marshal|shelve)\b", ()),
    ("YAML can build objects", r"\byaml\.load\b", ()),
    ("archives are unpacked file by file", r"\bextractall\b|\bunpack_archive\b", ()),
    ("no shell sees our words", r"shell\s*=\s*True|\bos\.(?:system|popen)\b", ()),
    ("nothing foreign is run", r"(?<![\w.])(?:eval|exec)\(", ()),
    ("chance that can be guessed", r"\bimport random\b|\bfrom random\b", ("node/serving/assembly.py",)),
    (
        "one opener of transactions",
        r"async with in_transaction\(|\bget_or_create\(|\bupdate_or_create\(",
        ("node/database.py",),
    ),
    ("one parser of addresses", r"\burl(?:split|parse)\(", ("federation/names.py",)),
    ("unfinished work", r"\bTO" r"DO\b|\bFIX" r"ME\b|\bXXX\b|\bNotImplemented" r"Error\b", ()),
    ("a weak hash", r"hashlib\.(?:md5|sha1)\b", ()),
    ("output goes to the log or through click", r"(?<![\w.])print\(", ()),
]
SKIPS = frozenset({"tests/databases.py", "tests/interop/corpus.py", "tests/proxies.py"})
"""Where a test may be skipped: PostgreSQL, Chromium and the corpus, and not as root in CI."""


def catching_everything(module: Module) -> Iterator[int]:
    """Return the lines of bare and all-catching handlers that don't raise again."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler) and _is_wide(node.type) and not _raises_again(node):
            yield node.lineno


def _is_wide(kind: ast.expr | None) -> bool:
    names = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(
        each is None or (isinstance(each, ast.Name) and each.id in ("Exception", "BaseException")) for each in names
    )


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for node in ast.walk(handler))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("try: ...\nexcept Exception: ...", [2]),
        ("try: ...\nexcept: ...", [2]),
        ("try: ...\nexcept (ValueError, Exception): ...", [2]),
        ("try: ...\nexcept BaseException:\n    raise", []),
        ("try: ...\nexcept ValueError: ...", []),
    ],
)
def test_the_search_sees_a_handler_that_catches_everything(text: str, lines: list[int]) -> None:
    assert [*catching_everything(Module("m.py", text, ast.parse(text)))] == lines


def test_only_the_workers_and_the_error_table_catch_everything() -> None:
    found = [
        f"{each.name}:{line}" for each in modules() if each.name not in EVERYTHING for line in catching_everything(each)
    ]

    assert found == []


@pytest.mark.parametrize(("reason", "pattern", "sanctioned"), FORBIDDEN, ids=[reason for reason, _, _ in FORBIDDEN])
def test_a_forbidden_pattern_stands_nowhere(reason: str, pattern: str, sanctioned: tuple[str, ...]) -> None:
    found = [
        f"{each.name}:{number}: {line.strip()}"
        for each in modules()
        if each.name not in sanctioned
        for number, line in enumerate(each.text.splitlines(), 1)
        if re.search(pattern, line)
    ]

    assert found == [], reason


def test_no_test_is_skipped_but_for_a_missing_program() -> None:
    pattern = re.compile(r"pytest\.(?:mark\.)?(?:skip|xfail|importorskip|skipif)\b(?!\.Exception)" r"|assert True\b")
    found = [
        f"{each.name}:{number}"
        for each in modules(tests=True)
        if each.name not in SKIPS and not each.name.startswith(("tests/browser/", "tests/house/"))
        for number, line in enumerate(each.text.splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == []


def test_no_test_sleeps() -> None:
    """What waits for real processes polls in a helper; a test of cancelling has to choose moments."""
    pattern = re.compile(r"(?:time|asyncio)\.sleep\((?!0\)|60\)|3600\))")
    real = ("tests/faults/", "tests/browser/", "tests/journeys/", "tests/house/", "tests/node/test_database")
    found = [
        f"{each.name}:{number}"
        for each in modules(tests=True)
        if "/test_" in each.name and not each.name.startswith(real)
        for number, line in enumerate(each.text.splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == []
