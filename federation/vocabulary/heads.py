"""The outside of an activity: as much as the door has to know before it keeps one. Pure.

The rest is read by whoever acts on it; what this module refuses nobody can act on.
"""

from dataclasses import dataclass

from federation.documents import loads_object
from federation.errors import Malformed
from federation.names import Uri, canonical_uri
from federation.vocabulary.fields import Fields, is_object, require_one_meaning, type_of
from federation.vocabulary.reference import Document, Reference


@dataclass(frozen=True, slots=True)
class Head:
    """Who says what kind of thing; nothing here is proven yet.

    Args:
        type: "" if the sender wrote none that can be read.
        raw: the bytes as received.
        document: the same as JSON.
        relaxed: development: http, ports and localhost in URIs.
    """

    id: Uri
    type: str
    actor: Uri
    raw: bytes
    document: Document
    relaxed: bool

    @property
    def object(self) -> Reference | None:
        """Return the first thing that the activity is about, None if there is none; read anew each time."""
        return Fields(self.document, self.relaxed).reference("object")


def parse_head(raw: bytes, *, relaxed: bool = False) -> Head:
    """Read the outside of an activity as it was received.

    Args:
        raw: UTF-8 JSON.
        relaxed: development: http, ports and localhost in URIs.

    Returns:
        Who said it. Type and object may be anything; whether actor and id belong together is not asked here.

    Raises:
        Malformed: broken JSON, or an id or actor that is no https URI (answer 400).

    Spec: ActivityPub §3; T-14, T-16, V-N01, V-S05.
    """
    document = loads_object(raw)
    require_one_meaning(document)
    return Head(
        id=canonical_uri(document.get("id", document.get("@id")), relaxed=relaxed),
        type=type_of(document.get("type", document.get("@type"))),
        actor=_only_actor(document.get("actor"), relaxed=relaxed),
        raw=raw,
        document=document,
        relaxed=relaxed,
    )


def _only_actor(value: object, *, relaxed: bool) -> Uri:
    """Return the one actor: a URI, one embedded actor, or a list of exactly one. T-16."""
    if isinstance(value, list):
        if len(value) != 1:
            raise Malformed(f"{len(value)} actors instead of one")
        value = value[0]
    if is_object(value):
        value = value.get("id", value.get("@id"))
    return canonical_uri(value, relaxed=relaxed)
