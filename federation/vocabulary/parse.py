"""From foreign bytes to typed values. After this no dict travels, except as `document`.

Refuses only what nobody can act on: broken JSON, an id or an owner that is no https URI. Pure.
"""

from federation.errors import Malformed
from federation.vocabulary import limits
from federation.vocabulary.fields import Fields, is_object, require_one_meaning, type_of
from federation.vocabulary.heads import parse_head
from federation.vocabulary.parse_actor import ACTOR_TYPES, parse_actor, parse_key
from federation.vocabulary.parse_collection import COLLECTION_TYPES, parse_collection, parse_tombstone
from federation.vocabulary.parse_event import parse_event
from federation.vocabulary.parse_note import NOTE_TYPES, parse_note
from federation.vocabulary.parse_practice import parse_practice
from federation.vocabulary.types import Activity, Document, ParsedObject, Unknown

__all__ = ["OBJECT_TYPES", "parse_activity", "parse_actor", "parse_key", "parse_object"]

OBJECT_TYPES = ACTOR_TYPES | COLLECTION_TYPES | NOTE_TYPES | {"Event", "Tombstone"}


def parse_activity(raw: bytes, *, relaxed: bool = False) -> Activity:
    """Read an activity as it was received.

    Args:
        raw: UTF-8 JSON.
        relaxed: development: http, ports and localhost in URIs.

    Returns:
        What was said. Type and object may be anything; whether actor and id belong together is not asked here.

    Raises:
        Malformed: broken JSON, or an id or actor that is no https URI (answer 400).

    Spec: ActivityPub §3; T-14, T-16, V-N01, V-S05.
    """
    head = parse_head(raw, relaxed=relaxed)
    fields = Fields(head.document, relaxed)
    to, cc = fields.addressing()
    objects = fields.references("object", limits.ITEMS)
    return Activity(
        id=head.id.text,
        type=head.type,
        actor=head.actor.text,
        object=objects[0] if objects else None,
        target=fields.reference("target"),
        to=to,
        cc=cc,
        published=fields.moment("published"),
        instrument=fields.reference("instrument"),
        result=fields.reference("result"),
        raw=raw,
        document=head.document,
        objects=objects,
        content=fields.text("content", limits.SUMMARY_CHARACTERS),
    )


def parse_object(document: Document, *, relaxed: bool = False) -> ParsedObject:
    """Read anything that is not an activity.

    Args:
        document: the JSON object, its depth already bounded.
        relaxed: as in `parse_activity`.

    Returns:
        Unknown for types we do not act on.

    Raises:
        Malformed: no type, or the id or owner of something we act on is no https URI.

    Spec: ActivityStreams vocabulary §2, §3; FEP-8a8e.
    """
    require_one_meaning(document)
    kind = type_of(document.get("type", document.get("@type")), OBJECT_TYPES)
    if not kind:
        raise Malformed("an object without type")
    if kind in ACTOR_TYPES:
        return parse_actor(document, relaxed=relaxed)
    fields = Fields(document, relaxed)
    if kind in COLLECTION_TYPES:
        return parse_collection(fields, kind)
    if kind == "Tombstone":
        return parse_tombstone(fields)
    if kind == "Event":
        return parse_event(fields)
    if kind in NOTE_TYPES:
        note = parse_note(fields, kind)
        practice = document.get("practice")
        return parse_practice(note, practice, relaxed=relaxed) if is_object(practice) else note
    return Unknown(fields.optional_id(), kind, document)
