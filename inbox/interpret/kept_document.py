"""What is kept of a foreign document: as it came, without the recipients that it hides. Pure."""

import orjson

from federation.vocabulary.types import Document

HIDDEN = frozenset({"bto", "bcc"})


def kept_document(document: Document) -> str:
    """Return the JSON of a document for its row.

    Spec: ActivityPub §6 (`bto` and `bcc` are for delivery alone); security T-103.
    """
    return orjson.dumps({name: value for name, value in document.items() if name not in HIDDEN}).decode()
