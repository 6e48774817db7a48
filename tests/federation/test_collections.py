"""Our collections page by page, and how far a foreign one is followed."""

import pytest

from federation.collections import Page, collection, collection_page, require_next_page, whole_collection
from federation.errors import Malformed, Refused

OUTBOX = "https://node.example/ap/u/anna/outbox"
THEIRS = "https://peer.example/users/bo/outbox"
CONTEXT = ["https://www.w3.org/ns/activitystreams"]


def test_a_page_never_has_more_than_twenty_items() -> None:
    with pytest.raises(ValueError, match="21 items"):
        collection_page(OUTBOX, Page(["x"] * 21, "a"), total=21)


@pytest.mark.parametrize(
    "following", ["https://evil.test/page", "http://peer.example/p", "/page", "https://127.0.0.1/p"]
)
def test_a_collection_does_not_lead_to_another_origin(following: str) -> None:
    with pytest.raises((Malformed, Refused)):
        require_next_page(following, collection_uri=THEIRS, pages_read=[])


def test_a_circle_of_pages_ends() -> None:
    with pytest.raises(Refused):
        require_next_page(f"{THEIRS}?page=1#again", collection_uri=THEIRS, pages_read=[f"{THEIRS}?page=1"])


def test_an_endless_collection_ends_after_ten_pages() -> None:
    """T-35 for pages."""
    read = [f"{THEIRS}?page={number}" for number in range(10)]
    with pytest.raises(Refused):
        require_next_page(f"{THEIRS}?page=10", collection_uri=THEIRS, pages_read=read)


def test_the_next_page_of_the_same_origin_is_read() -> None:
    found = require_next_page(f"{THEIRS}?page=2", collection_uri=THEIRS, pages_read=[f"{THEIRS}?page=1"])

    assert found == f"{THEIRS}?page=2"


def test_a_hidden_collection_shows_only_its_count() -> None:
    assert collection(OUTBOX, total=7, first_cursor=None) == {
        "@context": CONTEXT,
        "id": OUTBOX,
        "type": "OrderedCollection",
        "totalItems": 7,
    }


def test_a_collection_names_its_first_page() -> None:
    assert collection(OUTBOX, total=7, first_cursor="z9") == {
        "@context": CONTEXT,
        "id": OUTBOX,
        "type": "OrderedCollection",
        "totalItems": 7,
        "first": "https://node.example/ap/u/anna/outbox?page=z9",
    }


def test_a_page_in_the_middle_names_both_neighbours() -> None:
    assert collection_page(OUTBOX, Page(["https://node.example/ap/n/1"], "b", "c", "a"), total=3) == {
        "@context": CONTEXT,
        "id": f"{OUTBOX}?page=b",
        "type": "OrderedCollectionPage",
        "partOf": OUTBOX,
        "totalItems": 3,
        "orderedItems": ["https://node.example/ap/n/1"],
        "next": f"{OUTBOX}?page=c",
        "prev": f"{OUTBOX}?page=a",
    }


def test_the_last_page_has_no_next() -> None:
    assert "next" not in collection_page(OUTBOX, Page([], "b"), total=0)


def test_a_short_collection_carries_its_items() -> None:
    featured = "https://node.example/ap/g/practices/featured"

    assert whole_collection(featured, ["https://node.example/ap/n/1"]) == {
        "@context": CONTEXT,
        "id": featured,
        "type": "OrderedCollection",
        "totalItems": 1,
        "orderedItems": ["https://node.example/ap/n/1"],
    }
