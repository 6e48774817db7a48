"""A proof covers every property that we act on: change any of them, anywhere, and it fails. V-M34, A-17."""

import ast
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import orjson
import pytest

from federation.errors import Unauthenticated
from federation.signatures import add_proof, check_proof
from tests.federation.signatures.peer import ACTOR, NOW, our_ed25519
from tests.house.source import ROOT

AS2 = "https://www.w3.org/ns/activitystreams"
PARSERS = ("parse*.py", "fields.py", "heads.py")


@cache
def properties_read() -> list[str]:
    """Return every word in the parsers that could be the name of a property of a foreign document."""
    paths = (path for pattern in PARSERS for path in (ROOT / "federation/vocabulary").glob(pattern))
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return sorted(word for word in words if word.lstrip("_@").isalnum() and word not in ("proof", "signature"))


@cache
def signed() -> dict[str, Any]:
    """Return a proven Create of a Note that carries every property, itself and in its object and tags."""
    every: dict[str, Any] = {name: f"https://elsewhere.example/{name}" for name in properties_read()}
    tag: dict[str, Any] = {"name": "@anna", "type": "Mention", "href": ACTOR}
    note = every | {"id": f"{ACTOR}/notes/1", "type": "Note", "attributedTo": ACTOR, "tag": [tag]}
    create = every | {"@context": [AS2, {"toot": "http://joinmastodon.org/ns#"}], "id": f"{ACTOR}/1", "type": "Create"}
    create |= {"actor": ACTOR, "object": note}
    return add_proof(create, our_ed25519(), now=NOW)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every member of a document, but for the proof."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inside:
        if (*path, name) != ("proof",):
            yield (*path, name)
            yield from places(each, (*path, name))


def holder(document: Any, path: tuple[Any, ...]) -> Any:
    for name in path[:-1]:
        document = document[name]
    return document


def holds(document: dict[str, Any]) -> bool:
    try:
        check_proof(orjson.dumps(document), our_ed25519().public, now=NOW)
    except Unauthenticated:
        return False
    return True


def test_the_search_finds_what_is_read() -> None:
    assert {"actor", "inReplyTo", "attributedTo", "to", "cc", "content", "quote", "updated", "href"} <= set(
        properties_read()
    )


def test_no_member_of_a_proven_document_can_be_changed_taken_out_or_replaced_v_m34() -> None:
    document = signed()
    assert holds(document)
    ways = list(places(document))

    kept = []
    for path in ways:
        for change in ("another", "removed", "null"):
            forged = deepcopy(document)
            inside = holder(forged, path)
            if change == "removed":
                del inside[path[-1]]
            else:
                inside[path[-1]] = None if change == "null" else "https://evil.example/another"
            if holds(forged):
                kept.append((path, change))

    assert kept == []
    assert len(ways) > 2 * len(properties_read())


@pytest.mark.parametrize("where", [(), ("object",), ("object", "tag", 0)], ids=str)
def test_no_property_can_be_added_to_a_proven_document_v_m34(where: tuple[Any, ...]) -> None:
    """Neither a new one nor one that we read under another spelling."""
    for name in ("new", "as:content", f"{AS2}#content", "Content", "@reverse", "@graph", "@included", "_misskey"):
        forged = deepcopy(signed())
        holder(forged, (*where, name))[name] = "https://evil.example/another"
        assert not holds(forged), name


def test_no_term_can_be_defined_anew_under_a_proof_v_m34() -> None:
    """A context in front, in between, or another one: the proof fails. One behind adds no meaning for us."""
    document = signed()
    contexts = document["@context"]
    anew = {"content": "https://evil.example/ns#hidden", "attributedTo": {"@id": "as:actor"}}

    for forged in ([anew, *contexts], [*contexts[:1], anew, *contexts[1:]], [anew], anew, AS2, [], None):
        assert not holds(document | {"@context": forged}), forged
    behind = orjson.dumps(document | {"@context": [*contexts, anew]})
    assert check_proof(behind, our_ed25519().public, now=NOW)["@context"] == contexts
