"""Read collections, their pages, and tombstones. Pure."""

from federation.vocabulary import limits
from federation.vocabulary.fields import Fields, type_of
from federation.vocabulary.types import CollectionDocument, Tombstone

COLLECTION_TYPES = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})


def parse_collection(fields: Fields, kind: str) -> CollectionDocument:
    """Read a collection or a page; an anonymous one, as embedded in `replies`, is fine."""
    return CollectionDocument(
        id=fields.optional_id(),
        type=kind,
        attributed_to=fields.uri("attributedTo"),
        total_items=fields.number("totalItems"),
        first=fields.reference("first"),
        next=fields.uri("next"),
        part_of=fields.uri("partOf"),
        items=fields.references("orderedItems", limits.ITEMS) or fields.references("items", limits.ITEMS),
        document=fields.document,
    )


def parse_tombstone(fields: Fields) -> Tombstone:
    """Read what is left of something deleted.

    Raises:
        Malformed: no https id.
    """
    return Tombstone(
        id=fields.id().text,
        former_type=type_of(fields.get("formerType")) or None,
        deleted=fields.moment("deleted"),
        document=fields.document,
    )
