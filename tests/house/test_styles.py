"""Stylesheet and templates: both writing directions, escaped by default, nothing inline."""

import gzip
import re

import pytest

from tests.house.source import ROOT, named

TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.*"))
SHEETS = sorted((ROOT / "web" / "static").rglob("*.css"))
SHEET_BYTES = 15_000
PHYSICAL = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border)-(?:left|right)[\w-]*|(?:left|right)\s*:"
    r"|border-(?:top|bottom)-(?:left|right)-radius|(?:text-align|float|clear)\s*:\s*(?:left|right))",
    re.M,
)
UNSAFE = re.compile(r"\|\s*safe\b|autoescape\s+(?:false|off)|Markup\(", re.I)
INLINE = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)", re.I)
SANCTIONED_SAFE = frozenset({"cleaned_html"})
"""Names of macros or filters that mark already cleaned HTML; see node.text."""


@pytest.mark.parametrize(
    "rule",
    [
        "a{margin-left:1px}",
        "a{ float: right }",
        "a{\n  left: 0;\n}",
        "a{border-top-left-radius:1px}",
        "a{text-align: left}",
    ],
)
def test_the_search_sees_a_physical_property(rule: str) -> None:
    assert PHYSICAL.search(rule)


def test_the_stylesheet_knows_no_left_and_right() -> None:
    found = {named(sheet): PHYSICAL.findall(sheet.read_text(encoding="utf-8")) for sheet in SHEETS}

    assert found == {name: [] for name in found}
    assert len(SHEETS) >= 1


def test_the_stylesheets_are_small() -> None:
    assert sum(len(gzip.compress(sheet.read_bytes(), 6)) for sheet in SHEETS) < SHEET_BYTES


def test_no_template_prints_unescaped_text() -> None:
    found = [f"{named(path)}: {hit}" for path in TEMPLATES for hit in UNSAFE.findall(path.read_text(encoding="utf-8"))]

    assert found == []


def test_no_template_has_inline_code_or_style() -> None:
    found = [f"{named(path)}: {hit}" for path in TEMPLATES for hit in INLINE.findall(path.read_text(encoding="utf-8"))]

    assert found == []
