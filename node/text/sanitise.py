"""The one door for HTML: whatever a page prints unescaped came through here.

First the caps, because bleach is quadratic on nested tags; then nh3, then
bleach in a thread, unless the text is recognised as what bleach would write.
A text over the caps is shown as escaped words.
"""

import asyncio
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import bleach
import nh3

from node.text.allowed import (
    ATTRIBUTES,
    HEADINGS,
    LINK_REL,
    SCHEMES,
    Subset,
    kept_value,
)
from node.text.canonical import canonical

MOST_BYTES = 64 * 1024
MOST_TAGS = 2000
DEEPEST = 60
MOST_MARKS = 4000
LONGEST_ESCAPED = 4000
MOST_PASSES = 4
LONGEST_KEPT, MOST_KEPT = 2_000, 1_000
"""Characters of a text, and texts, that `again` remembers."""
GONE_WITH_CONTENT = frozenset({"script", "style", "iframe", "object", "template", "noscript", "title"})

_TAG = re.compile(r"<[a-zA-Z/]")
_WHOLE_TAG = re.compile(r"<[^<>]*>")
_ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_HEADING = re.compile(r"<(/?)h[1-6](?: [^<>]*)?>")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202d\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Control signs, what is no sign, and the two that turn the direction of words whatever script they are in."""
_LINK = re.compile(r'<a (?=[^<>]*href=")')
_VOID = frozenset({"br", "hr", "img"})


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """HTML that went through the sanitiser, the only kind pages print unescaped.

    Attributes:
        html: the markup.
        is_reduced: it was over the caps and is shown as escaped words; a page
            adds a link to the original.
    """

    html: str
    is_reduced: bool = False

    def __html__(self) -> str:
        """Let a template with autoescape print it as it is."""
        return self.html

    def __bool__(self) -> bool:
        return bool(self.html)


EMPTY = CleanHtml("")


async def clean(markup: str, subset: Subset = Subset.NOTE) -> CleanHtml:
    """Return ``markup`` with nothing in it but what ``subset`` allows.

    Args:
        markup: HTML from anywhere.
        subset: what the text may carry; notes have no headings.

    Spec: security T-40, T-41.
    """
    safe = _bounded(markup, subset)
    if safe is None:
        return _escaped(markup)
    if "<" not in safe and "&" not in safe:
        return CleanHtml(safe)
    known = canonical(safe, subset)
    if known is not None:
        return CleanHtml(known)
    return CleanHtml(await asyncio.to_thread(_second_opinion, safe, subset))


def again(stored: str, subset: Subset = Subset.ILLUSTRATED) -> CleanHtml:
    """Return stored clean HTML for printing, checked once more by the fast sanitiser.

    Args:
        stored: the ``html`` of a CleanHtml, as kept in a row.
        subset: the widest the place of printing takes.
    """
    return _again_short(stored, subset) if len(stored) <= LONGEST_KEPT else _again(stored, subset)


@lru_cache(maxsize=MOST_KEPT)
def _again_short(stored: str, subset: Subset) -> CleanHtml:
    """Do the same; lists and feeds show the same texts again and again."""
    return _again(stored, subset)


def _again(stored: str, subset: Subset) -> CleanHtml:
    safe = _bounded(stored, subset)
    if safe is None:
        return _escaped(stored)
    return CleanHtml(_LINK.sub(f'<a rel="{LINK_REL}" ', safe))


def _bounded(markup: str, subset: Subset) -> str | None:
    """Return what nh3 leaves, settled and within the caps, or None."""
    text = _UNSEEN.sub("", markup)
    if not _is_small(text):
        return None
    for _ in range(MOST_PASSES):
        safe = _lower_headings(_fast(subset).clean(text), subset)
        if not _is_small(safe) or not _is_shallow(safe):
            return None
        if safe == text:
            return safe
        text = safe
    return None


def _is_small(text: str) -> bool:
    return (
        len(text) <= MOST_BYTES
        and text.count("<") + text.count("&") <= MOST_MARKS
        and len(text.encode()) <= MOST_BYTES
        and sum(1 for _ in _TAG.finditer(text)) <= MOST_TAGS
    )


def _is_shallow(canonical: str) -> bool:
    """Measure the nesting of nh3's output, where every element is closed."""
    depth = 0
    for closing, name in _ELEMENT.findall(canonical):
        if name not in _VOID:
            depth += -1 if closing else 1
        if depth > DEEPEST:
            return False
    return True


def _lower_headings(canonical: str, subset: Subset) -> str:
    if subset is Subset.NOTE:
        return _HEADING.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", canonical)
    levels = {"h1": "h2", "h5": "h4", "h6": "h4"}
    return _ELEMENT.sub(lambda tag: f"<{tag[1]}{levels.get(tag[2], tag[2])}", canonical)


@cache
def _fast(subset: Subset) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(subset.tags | HEADINGS),
        clean_content_tags=set(GONE_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=kept_value,
        link_rel=None,
        url_schemes=set(SCHEMES),
        url_relative="deny",
    )


def _with_relations(source: Iterable[dict[str, object]]) -> Iterator[dict[str, object]]:
    """Say of every link that its target is not our recommendation."""
    for token in source:
        data = token.get("data")
        if token.get("name") == "a" and isinstance(data, dict) and (None, "href") in data:
            data[(None, "rel")] = LINK_REL
        yield token


def _keep_attribute(tag: str, name: str, value: str) -> bool:
    listed = name in ATTRIBUTES.get(tag, frozenset()) or name in ATTRIBUTES["*"]
    return listed and kept_value(tag, name, value) == value


def _second_opinion(safe: str, subset: Subset) -> str:
    cleaner = bleach.Cleaner(
        tags=subset.tags,
        attributes=_keep_attribute,
        protocols=SCHEMES,
        strip=True,
        filters=[_with_relations],  # type: ignore[list-item]  # the stubs want a class, a generator does
    )
    return cleaner.clean(safe)


def _escaped(markup: str) -> CleanHtml:
    """Show words instead of markup; linear whatever comes."""
    words = html.unescape(_WHOLE_TAG.sub("", _UNSEEN.sub("", markup[:MOST_BYTES])))
    return CleanHtml(f"<p>{html.escape(words[:LONGEST_ESCAPED], quote=False)}</p>", is_reduced=True)


__all__ = ["EMPTY", "CleanHtml", "Subset", "again", "clean"]
