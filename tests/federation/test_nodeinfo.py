"""NodeInfo both ways (V-F08)."""

import orjson
import pytest

from federation.errors import Malformed, Refused
from federation.names import canonical_uri
from federation.nodeinfo import (
    ForeignNode,
    Node,
    Usage,
    content_type,
    index_document,
    index_url,
    node_document,
    parse_index,
    parse_node,
)

ASKED = canonical_uri("https://peer.example/.well-known/nodeinfo")
V20 = "http://nodeinfo.diaspora.software/ns/schema/2.0"
V21 = "http://nodeinfo.diaspora.software/ns/schema/2.1"


def index(*links: object) -> bytes:
    return orjson.dumps({"links": list(links)})


@pytest.mark.parametrize(
    "href",
    [
        "http://127.0.0.1/nodeinfo",
        "https://other.example/nodeinfo/2.0",
        "https://169.254.169.254/nodeinfo/2.0",
        "data:application/json,{}",
        "file:///etc/passwd",
        "/nodeinfo/2.0",
        None,
        ["https://peer.example/nodeinfo/2.0"],
    ],
)
def test_a_link_to_anywhere_else_is_not_followed(href: object) -> None:
    with pytest.raises((Malformed, Refused)):
        parse_index(index({"rel": V20, "href": href}), asked=ASKED)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b'{"links": {}}', index(), index(5, None), index({"rel": "x", "href": "y"})]
)
def test_an_index_without_links_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_index(raw, asked=ASKED)


def test_the_newest_version_is_chosen() -> None:
    raw = index(
        {"rel": V20, "href": "https://peer.example/nodeinfo/2.0"},
        {"rel": V21, "href": "https://peer.example/nodeinfo/2.1"},
    )

    assert parse_index(raw, asked=ASKED) == canonical_uri("https://peer.example/nodeinfo/2.1")


@pytest.mark.parametrize(
    "software",
    [None, {}, "mastodon", {"name": "mastodon"}, {"name": 1, "version": "2"}, {"name": "<b>", "version": "1"}],
)
def test_a_document_without_software_is_malformed(software: object) -> None:
    with pytest.raises(Malformed):
        parse_node(orjson.dumps({"software": software}))


def test_software_is_read_in_bounds() -> None:
    raw = orjson.dumps({"software": {"name": "GoToSocial", "version": "0.20\u202e" + "1" * 500}})

    assert parse_node(raw) == ForeignNode("gotosocial", "0.20" + "1" * 123)


def test_our_index_names_both_versions_and_the_application_in_the_order_that_gancio_needs() -> None:
    assert index_document("https://node.example") == {
        "links": [
            {"rel": V21, "href": "https://node.example/nodeinfo/2.1"},
            {"rel": V20, "href": "https://node.example/nodeinfo/2.0"},
            {
                "rel": "https://www.w3.org/ns/activitystreams#Application",
                "href": "https://node.example/actor",
            },
        ]
    }


NODE = Node(
    "0.1.0", usage=Usage(12, 9, 5, 340, 17), metadata={"nodeName": "Coast"}, repository="https://code.example/t"
)
REST = {
    "protocols": ["activitypub"],
    "services": {"inbound": [], "outbound": []},
    "openRegistrations": False,
    "usage": {
        "users": {"total": 12, "activeHalfyear": 9, "activeMonth": 5},
        "localPosts": 340,
        "localComments": 17,
    },
    "metadata": {"nodeName": "Coast"},
}


def test_version_2_1_names_the_repository() -> None:
    software = {"name": "talanoa", "version": "0.1.0", "repository": "https://code.example/t"}

    assert node_document(NODE, "2.1") == {"version": "2.1", "software": software} | REST


def test_version_2_0_has_no_member_that_its_schema_forbids() -> None:
    software = {"name": "talanoa", "version": "0.1.0"}

    assert node_document(NODE, "2.0") == {"version": "2.0", "software": software} | REST


def test_a_closed_node_tells_no_numbers() -> None:
    assert node_document(Node("0.1.0"), "2.0")["usage"] == {"users": {}}


def test_the_content_type_names_the_schema() -> None:
    assert content_type("2.1") == (
        'application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"; charset=utf-8'
    )


def test_the_index_is_asked_at_its_well_known_place() -> None:
    assert index_url("peer.example") == "https://peer.example/.well-known/nodeinfo"
