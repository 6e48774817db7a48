"""Ordered collections and their pages: how we show ours, and how far we follow a foreign one. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from federation.errors import Refused
from federation.names import canonical_uri, same_origin

PAGE_SIZE = 20
MOST_FOREIGN_PAGES = 10
CONTEXT = ("https://www.w3.org/ns/activitystreams",)

Json = Mapping[str, object]
Item = str | Json


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a collection.

    Args:
        items: ids or rendered objects, newest first, at most PAGE_SIZE.
        cursor: opaque text that names this page in its id.
        next_cursor: names the page with older items, None at the end.
        previous_cursor: names the page with newer items, None at the start.
    """

    items: Sequence[Item]
    cursor: str
    next_cursor: str | None = None
    previous_cursor: str | None = None


def collection(uri: str, *, total: int, first_cursor: str | None) -> Json:
    """Return an OrderedCollection that is read page by page.

    Args:
        total: real number of items.
        first_cursor: None if nobody may read the items, or there are none.

    Spec: ActivityStreams §2.4; ActivityPub §5.
    """
    head: dict[str, object] = _head(uri, "OrderedCollection") | {"totalItems": total}
    if first_cursor is not None:
        head["first"] = page_uri(uri, first_cursor)
    return head


def whole_collection(uri: str, items: Sequence[Item]) -> Json:
    """Return a short OrderedCollection with its items inside: `featured`, for Mastodon reads no pages there."""
    _require_short(items)
    return _head(uri, "OrderedCollection") | {"totalItems": len(items), "orderedItems": list(items)}


def entire_collection(uri: str, items: Sequence[Item]) -> Json:
    """Return an OrderedCollection with all its items, however many: what a digest was made of can't be in pages."""
    return _head(uri, "OrderedCollection") | {"totalItems": len(items), "orderedItems": list(items)}


def collection_page(uri: str, page: Page, *, total: int) -> Json:
    """Return one OrderedCollectionPage of the collection `uri`; `next` is absent at the end."""
    _require_short(page.items)
    found: dict[str, object] = _head(page_uri(uri, page.cursor), "OrderedCollectionPage") | {
        "partOf": uri,
        "totalItems": total,
        "orderedItems": list(page.items),
    }
    if page.next_cursor is not None:
        found["next"] = page_uri(uri, page.next_cursor)
    if page.previous_cursor is not None:
        found["prev"] = page_uri(uri, page.previous_cursor)
    return found


def page_uri(uri: str, cursor: str) -> str:
    """Return the id of a page."""
    return f"{uri}?page={cursor}"


def require_next_page(next_uri: str, *, collection_uri: str, pages_read: Sequence[str], relaxed: bool = False) -> str:
    """Return the next page of a foreign collection, if it should be read.

    Args:
        pages_read: canonical URLs of the pages so far, of which there may be ten.

    Raises:
        Malformed: no canonical URL.
        Refused: another origin, a page read before, or too many.
    """
    found = canonical_uri(next_uri, relaxed=relaxed)
    if not same_origin(found, canonical_uri(collection_uri, relaxed=relaxed)):
        raise Refused(f"a collection that continues on {found.authority}")
    if found.without_fragment in pages_read:
        raise Refused("a collection that runs in a circle")
    if len(pages_read) >= MOST_FOREIGN_PAGES:
        raise Refused(f"a collection of more than {MOST_FOREIGN_PAGES} pages")
    return found.without_fragment


def _head(uri: str, kind: str) -> dict[str, object]:
    return {"@context": list(CONTEXT), "id": uri, "type": kind}


def _require_short(items: Sequence[Item]) -> None:
    if len(items) > PAGE_SIZE:
        raise ValueError(f"{len(items)} items on a page for {PAGE_SIZE}")
