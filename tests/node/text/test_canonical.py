"""The recogniser says what bleach would write, or nothing; bleach stays the authority. T-40, T-41."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.text import sanitise
from node.text.allowed import LINK_REL, Subset
from node.text.canonical import canonical
from tests.node.text.test_sanitise import HOSTILE

LINK = '<a href="https://far.example/@berta?a=1&amp;b=2" class="u-url mention"'
EVERYDAY = [
    ("<p>Hello &amp; welcome</p>", "<p>Hello &amp; welcome</p>"),
    ("one<br>two", "one<br>two"),
    ("<p>a <em>b <b>c</b></em></p><p>1 &lt; 2&nbsp;</p>", "<p>a <em>b <b>c</b></em></p><p>1 &lt; 2&nbsp;</p>"),
    (f"<p>{LINK}>@berta</a></p>", f'<p>{LINK} rel="{LINK_REL}">@berta</a></p>'),
    ("<blockquote><p>x</p><ul><li>y<ol><li>z</li></ol></li></ul></blockquote>",) * 2,
]
INLINE = ["a", "b", "code", "del", "em", "i", "s", "span", "strong", "u"]
BLOCKS = ["p", "pre", "blockquote", "ul", "ol", "li", "ruby", "rt", "h2", "h3"]
SIGNS = ["a", " ", "\n", "ß", "\u2028", "\u200f", "\u0085", "\xa0", "'", '"', "&amp;", "&lt;", "&nbsp;", ";", "#", "p;"]
BROKEN = [
    "&quot;",
    "&#39;",
    "&",
    "&am",
    "<",
    ">",
    "\r",
    "\x00",
    "<p/>",
    "<P>",
    "<p >",
    "<b onclick=''>",
    "<hr>",
    "<img>",
    "<br>",
]
WITH_ATTRIBUTES = [
    '<a href="https://far.example/?a=1&amp;b">',
    '<a href="https://far.example/&lt;">',
    '<a href="javascript:x">',
    '<a class="mention">',
    '<a href="mailto:a@b.test" lang="en" lang="fr">',
    '<a href="https://a.test/" rel="me">',
    '<p lang="en" class="quote-inline">',
    '<p class="x">',
    '<span class="h-card" translate="no">',
    '<ol start="2">',
    '<li value="x">',
]
PIECES = [
    *(*SIGNS, *BROKEN, *WITH_ATTRIBUTES),
    *(f"<{name}>" for name in (*INLINE, *BLOCKS)),
    *(f"</{name}>" for name in (*INLINE, *BLOCKS)),
]
TEXT = st.lists(st.sampled_from(SIGNS), max_size=6).map("".join)


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = st.sampled_from([*INLINE, *BLOCKS])
    element = st.tuples(names, inner).map(lambda made: f"<{made[0]}>{made[1]}</{made[0]}>")
    link = inner.map(lambda text: f'<a href="https://far.example/?q=1&amp;r=2#x" class="mention">{text}</a>')
    return st.lists(st.one_of(TEXT, element, link, st.just("<br>")), max_size=4).map("".join)


NESTED = st.recursive(TEXT, _wrapped, max_leaves=12)


def bleached(markup: str, subset: Subset) -> str:
    """Return what the authority says."""
    return sanitise._second_opinion(markup, subset)


@pytest.mark.parametrize("markup", HOSTILE)
def test_nothing_hostile_is_recognised_unless_bleach_agrees(markup: str) -> None:
    for subset in Subset:
        assert canonical(markup, subset) in {None, bleached(markup, subset)}


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.sampled_from(Subset))
@settings(max_examples=300, deadline=None)
def test_whatever_is_recognised_is_what_bleach_writes(markup: str, subset: Subset) -> None:
    """Pieces in any order, mostly broken."""
    assert canonical(markup, subset) in {None, bleached(markup, subset)}


@given(NESTED, st.sampled_from(Subset))
@settings(max_examples=300, deadline=None)
def test_well_nested_text_is_recognised_only_as_bleach_writes_it(markup: str, subset: Subset) -> None:
    found = canonical(markup, subset)
    assert found in {None, bleached(markup, subset)}
    if found is not None:
        assert bleached(found, subset) == found, "cleaning twice changes nothing"


@pytest.mark.parametrize(("markup", "expected"), EVERYDAY)
def test_everyday_posts_are_recognised(markup: str, expected: str) -> None:
    assert canonical(markup, Subset.NOTE) == expected
    assert bleached(markup, Subset.NOTE) == expected
