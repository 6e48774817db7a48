"""JSON from strangers: bytes to an object, or Malformed. Pure: no clock, no network, no database."""

import json
from collections import Counter
from decimal import Decimal
from typing import NoReturn

import orjson

from federation.errors import Malformed

DEEPEST = 32
_SAFE_INTEGER = 2**53 - 1

Document = dict[str, object]


def loads_object(raw: bytes) -> Document:
    """Return the JSON object in `raw`; of a doubled key the last value.

    Args:
        raw: UTF-8 as received, already capped in size.

    Raises:
        Malformed: not JSON, not an object, over 32 levels deep, or text with NUL or half a surrogate pair.

    Spec: RFC 8259.
    """
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise Malformed("the JSON is not an object")
    if raw.count(b"{") + raw.count(b"[") > DEEPEST:
        _require_shallow(found)
    if b"\\u0000" in raw:
        _require_no_nul(found)
    return found


def loads_object_strictly(raw: bytes) -> Document:
    """Return the object in `raw` if every reader must read it alike.

    For proofs, which are computed from what was read: doubled keys, integers beyond 2**53 - 1 and
    floats with more digits than a double holds are refused.

    Raises:
        Malformed: as `loads_object`, or ambiguous.

    Spec: RFC 8785 §3.1; RFC 7493 §2.
    """
    loads_object(raw)  # bounds the depth before the next line recurses
    try:
        found: Document = _STRICT.decode(raw.decode())
    except ValueError as error:
        raise Malformed(f"not JSON: {error}") from error
    return found


def _children(node: object) -> list[object]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _require_shallow(root: Document) -> None:
    level: list[object] = [root]
    for _ in range(DEEPEST):
        level = [child for node in level for child in _children(node) if isinstance(child, dict | list)]
        if not level:
            return
    raise Malformed(f"nested deeper than {DEEPEST}")


def _require_no_nul(root: Document) -> None:
    level: list[object] = [root]
    while level:
        for node in level:
            keys = node if isinstance(node, dict) else ()
            if any("\0" in key for key in keys) or (isinstance(node, str) and "\0" in node):
                raise Malformed("NUL in a string")
        level = [child for node in level for child in _children(node)]


def _unique(pairs: list[tuple[str, object]]) -> Document:
    doubled = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
    if doubled:
        raise Malformed(f"key {doubled[0][:40]!r} occurs twice")
    return dict(pairs)


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > _SAFE_INTEGER:
        raise Malformed("an integer that not every reader can hold")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if len(digits) > 40 or Decimal(digits) != Decimal(repr(value)):
        raise Malformed("a number with more digits than a double holds")
    return value


def _constant(name: str) -> NoReturn:
    raise Malformed(f"{name} is not JSON")


_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_int=_integer, parse_float=_float, parse_constant=_constant)
