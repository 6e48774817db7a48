"""Read foreign JSON: one object, bounded depth. Pure."""

from collections.abc import Iterable

import orjson

from federation.errors import Malformed
from federation.vocabulary.types import Document

DEPTH = 32


def loads_object(raw: bytes) -> Document:
    """Return the JSON object in `raw`.

    Raises:
        Malformed: not UTF-8 JSON, not an object, or nested deeper than 32. T-23, T-24.
    """
    try:
        document = orjson.loads(raw)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(document, dict):
        raise Malformed("not a JSON object")
    if depth_of(document) > DEPTH:
        raise Malformed(f"nested deeper than {DEPTH}")
    return document


def depth_of(document: object, most: int = DEPTH) -> int:
    """Return how deep objects and lists are nested, an empty one counts 1; `most` + 1 for anything deeper."""
    level, depth = _containers([document]), 0
    while level and depth <= most:
        depth += 1
        level = [inner for each in level for inner in _containers(each.values() if isinstance(each, dict) else each)]
    return depth


def _containers(values: Iterable[object]) -> list[dict[str, object] | list[object]]:
    return [each for each in values if isinstance(each, dict | list)]
