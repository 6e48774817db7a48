"""T-26: whatever stands in whatever member, only a ProtocolError may come out."""

from collections.abc import Iterator
from contextlib import suppress

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.errors import ProtocolError
from federation.vocabulary.parse import parse_activity, parse_actor, parse_key, parse_object
from tests.documents import NAMES, document

ODD: tuple[object, ...] = (
    None,
    0,
    -1,
    5,
    10**19,
    1e300,
    True,
    "",
    "1",
    "admin",
    "https://",
    "https://[::1]/x",
    "javascript:alert(1)",
    "\ud800",
    "a\x00b",
    "x" * 1_000_000,
    [],
    [[]],
    [[["x"], {}], None, 5],
    {},
    {"id": {"id": []}},
    {"@value": {"@value": 1}},
    {"type": ["Person", 5], "id": "https://x.example/1", "url": [{"href": {}}]},
    ["https://x.example/1", 5, None, {}, []],
)
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["https://x.example/1", "2026-01-01T00:00:00Z"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def _paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))


def _replaced(value: object, path: tuple[str | int, ...], new: object) -> object:
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, head: _replaced(value[head], rest, new)}
    assert isinstance(value, list)
    assert isinstance(head, int)
    return [*value[:head], _replaced(value[head], rest, new), *value[head + 1 :]]


def _read_every_way(wire: dict[str, object]) -> None:
    for read in (parse_object, parse_actor, parse_key):
        with suppress(ProtocolError):
            read(wire)
    with suppress(ProtocolError, orjson.JSONEncodeError):
        activity = parse_activity(orjson.dumps(wire))
        for each in activity.objects:
            parse_object(each.document or {})


@pytest.mark.parametrize("name", NAMES)
def test_no_mutation_of_a_document_breaks_the_parser(name: str) -> None:
    wire = document(name)

    for path in _paths(wire):
        if path[0] == "@context":
            continue
        for odd in ODD:
            changed = _replaced(wire, path, odd)
            assert isinstance(changed, dict)
            _read_every_way(changed)


@settings(max_examples=300, deadline=None)
@given(
    wire=st.dictionaries(
        st.sampled_from(
            ["id", "type", "actor", "object", "attributedTo", "to", "cc", "tag", "attachment", "url", "icon", "content",
             "contentMap", "startTime", "location", "timezone", "oneOf", "practice", "publicKey", "assertionMethod",
             "endpoints", "inbox", "items", "first", "published", "as:actor", "@id", "source", "replies", "generator"]
        ),
        _JSON,
    ),
    kind=st.sampled_from(["Note", "Event", "Article", "Question", "Person", "Collection", "Tombstone", "Create"]),
)  # fmt: skip
def test_no_invented_object_breaks_the_parser(wire: dict[str, object], kind: str) -> None:
    owned = {"id": "https://x.example/1", "attributedTo": "https://x.example/2", "actor": "https://x.example/2"}

    _read_every_way(wire)
    _read_every_way({**owned, **wire, "type": kind})
    _read_every_way({**wire, **owned, "type": kind})
