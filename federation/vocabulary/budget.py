"""Keep what we send within the size and depth that every known server reads. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import takewhile

import orjson

from federation.errors import Malformed
from federation.vocabulary.context import Json

TARGET_BYTES = 48 * 1024
HARD_BYTES = 64 * 1024
DEEPEST = 7
_ROUNDS = 24

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>")
_VOID = frozenset({"br", "hr", "img", "wbr"})


def fit(document: Json) -> Json:
    """Return `document`, its text shortened so that the whole stays within 48 KiB.

    Args:
        document: an object, or an activity that embeds one.

    Returns:
        The same, or a copy without `source` and, if that is not enough, with `content` cut after a whole
        paragraph and a link to `url` at its end.

    Raises:
        Malformed: deeper than 7, or over 64 KiB even without its text.

    Misskey reads 64 KiB, Pixelfed 8 levels.
    """
    if depth_of(document, DEEPEST) > DEEPEST:
        raise Malformed(f"what we send is nested deeper than {DEEPEST}")
    inner = document.get("object")
    if len(orjson.dumps(document)) <= TARGET_BYTES:
        return document
    if not isinstance(inner, dict) or "content" not in inner:
        return _require_small(_shortened(document, document, None))
    return _require_small(_shortened(inner, document, "object"))


def _shortened(text: Json, whole: Json, member: str | None) -> Json:
    def placed(part: Json) -> Json:
        return part if member is None else {**whole, member: part}

    text = {name: value for name, value in text.items() if name != "source"}
    content = text.get("content")
    if len(orjson.dumps(placed(text))) <= TARGET_BYTES or not isinstance(content, str):
        return placed(text)
    room = TARGET_BYTES
    for _ in range(_ROUNDS):
        candidate = placed(_with_content(text, cut_html(content, room), str(text.get("url", ""))))
        if len(orjson.dumps(candidate)) <= TARGET_BYTES:
            return candidate
        room = room * 3 // 4
    return placed(_with_content(text, "", str(text.get("url", ""))))


def _with_content(text: Json, content: str, url: str) -> Json:
    link = f'<p><a href="{escape(url)}">{escape(url)}</a></p>' if url else ""
    whole = content + link
    maps = text.get("contentMap")
    languages = list(maps) if isinstance(maps, Mapping) else []
    return {**text, "content": whole} | ({"contentMap": {languages[0]: whole}} if languages else {})


def _require_small(document: Json) -> Json:
    if len(orjson.dumps(document)) > HARD_BYTES:
        raise Malformed("what we send is over 64 KiB even without its text")
    return document


def cut_html(html: str, characters: int) -> str:
    """Return the longest beginning of clean HTML that ends between two outermost elements.

    Args:
        characters: at most that many. If the first element is longer, its bare text is cut.
    """
    if len(html) <= characters:
        return html
    cut = max(takewhile(lambda end: end <= characters, _outer_ends(html)), default=0)
    if cut:
        return html[:cut]
    plain = _TAG.sub("", html)[: max(0, characters - len("<p></p>"))]
    return f"<p>{re.sub('&[^;]{0,10}$', '', plain)}</p>"


def _outer_ends(html: str) -> Iterator[int]:
    open_tags = 0
    for found in _TAG.finditer(html):
        if found[2].lower() in _VOID:
            continue
        open_tags += -1 if found[1] else 1
        if open_tags == 0:
            yield found.end()


def depth_of(document: object, most: int) -> int:
    """Return how deep objects and lists are nested, a flat one counting 1; `most` + 1 for anything deeper."""
    level, depth = _containers([document]), 0
    while level and depth <= most:
        depth += 1
        level = [inner for each in level for inner in _containers(each.values() if isinstance(each, dict) else each)]
    return depth


def _containers(values: Iterable[object]) -> list[dict[str, object] | list[object]]:
    return [each for each in values if isinstance(each, dict | list)]
