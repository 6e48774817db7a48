"""Activities of ours as plain JSON with context. `to` and `cc` are always lists; nothing is null. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from federation.addressing import PUBLIC
from federation.vocabulary.context import Json, with_context, without_context
from federation.vocabulary.pieces import Envelope, filled, moment

FLAG_CHARACTERS = 5_000


def _activity(envelope: Envelope, kind: str, members: Mapping[str, object]) -> Json:
    return with_context(
        {
            "id": envelope.id,
            "type": kind,
            "actor": envelope.actor,
            "published": moment(envelope.published),
            "to": list(envelope.to),
            "cc": list(envelope.cc),
            **filled(members),
        }
    )


def _about(activity_id: str, kind: str, thing: Mapping[str, object], published: datetime) -> Json:
    """Return an activity by the owner of `thing`, addressed exactly as the thing is: strict readers compare."""
    return with_context(
        {
            "id": activity_id,
            "type": kind,
            "actor": thing["attributedTo"],
            "published": moment(published),
            "to": thing["to"],
            "cc": thing["cc"],
            **filled({"audience": thing.get("audience"), "context": thing.get("context")}),
            "object": without_context(thing),
        }
    )


def create(activity_id: str, thing: Mapping[str, object], *, published: datetime) -> Json:
    """Return Create with the whole object, its actor and addressing taken from the object.

    Spec: ActivityPub §6.2.
    """
    return _about(activity_id, "Create", thing, published)


def update(activity_id: str, thing: Mapping[str, object], *, published: datetime) -> Json:
    """Return Update with the whole object, whose `updated` must have grown. Spec: ActivityPub §6.3."""
    return _about(activity_id, "Update", thing, published)


def update_actor(activity_id: str, actor: Mapping[str, object], *, published: datetime) -> Json:
    """Return Update with the whole actor document, to everybody."""
    envelope = Envelope(activity_id, str(actor["id"]), (PUBLIC,), (str(actor["followers"]),), published)
    return _activity(envelope, "Update", {"object": without_context(actor)})


def tombstone(object_id: str, former_type: str, deleted: datetime) -> Json:
    """Return what stands in the place of something deleted, without context."""
    return {"id": object_id, "type": "Tombstone", "formerType": former_type, "deleted": moment(deleted)}


def delete(envelope: Envelope, object_id: str, former_type: str) -> Json:
    """Return Delete with a Tombstone; Gancio removes an event only if `formerType` says so.

    Spec: ActivityPub §6.4.
    """
    return _activity(envelope, "Delete", {"object": tombstone(object_id, former_type, envelope.published)})


def delete_actor(activity_id: str, actor: str, *, published: datetime) -> Json:
    """Return Delete of the actor itself, its object the bare id."""
    return _activity(Envelope(activity_id, actor, (PUBLIC,), (), published), "Delete", {"object": actor})


def announce(envelope: Envelope, object_id: str) -> Json:
    """Return Announce of an object by its id."""
    return _activity(envelope, "Announce", {"object": object_id})


def announce_activity(envelope: Envelope, activity: Mapping[str, object]) -> Json:
    """Return Announce of a whole activity, for forums. Spec: FEP-1b12."""
    return _activity(envelope, "Announce", {"object": without_context(activity)})


def like(envelope: Envelope, object_id: str) -> Json:
    """Return Like of an object by its id."""
    return _activity(envelope, "Like", {"object": object_id})


def vote(envelope: Envelope, vote_id: str, label: str, question: str) -> Json:
    """Return Create of a vote: a Note with nothing but the name of the option, to the author of the poll alone."""
    note = {
        "id": vote_id,
        "type": "Note",
        "attributedTo": envelope.actor,
        "name": label,
        "inReplyTo": question,
        "published": moment(envelope.published),
        "to": list(envelope.to),
        "cc": [],
    }
    return _activity(envelope, "Create", {"object": note})


def follow(envelope: Envelope, target: str) -> Json:
    """Return Follow of an actor."""
    return _activity(envelope, "Follow", {"object": target})


def accept(envelope: Envelope, original: Mapping[str, object], *, result: str | None = None) -> Json:
    """Return Accept of a Follow or Join, which is embedded: many servers match by its members, not by its id."""
    return _activity(envelope, "Accept", {"object": embedded(original), "result": result})


def quote_request(envelope: Envelope, quoted: str, quoting: Mapping[str, object]) -> Json:
    """Return QuoteRequest with the quoting post inside, to the author of the quoted one. Spec: FEP-044f."""
    return _activity(envelope, "QuoteRequest", {"object": quoted, "instrument": without_context(quoting)})


def quote_authorization(stamp: str, author: str, *, quoting: str, quoted: str) -> Json:
    """Return the stamp by which `author` lets a post be quoted, without context. Spec: FEP-044f."""
    return {
        "id": stamp,
        "type": "QuoteAuthorization",
        "attributedTo": author,
        "interactingObject": quoting,
        "interactionTarget": quoted,
    }


def reject(envelope: Envelope, original: Mapping[str, object]) -> Json:
    """Return Reject of a Follow or Join; after an Accept it removes the follower."""
    return _activity(envelope, "Reject", {"object": embedded(original)})


def ignore(envelope: Envelope, original_id: str) -> Json:
    """Return Ignore of a Join that we do not support. Spec: FEP-8a8e."""
    return _activity(envelope, "Ignore", {"object": original_id})


def undo(envelope: Envelope, original: Mapping[str, object]) -> Json:
    """Return Undo of an earlier activity of ours, which is embedded."""
    return _activity(envelope, "Undo", {"object": embedded(original)})


def move(envelope: Envelope, target: str) -> Json:
    """Return Move of the actor to `target`, which must name it in `alsoKnownAs`."""
    return _activity(envelope, "Move", {"object": envelope.actor, "target": target})


def flag(envelope: Envelope, reported: Sequence[str], reason: str) -> Json:
    """Return Flag by the node: the account first, then its objects."""
    return _activity(envelope, "Flag", {"object": list(reported), "content": reason[:FLAG_CHARACTERS]})


def block(envelope: Envelope, target: str) -> Json:
    """Return Block of an actor."""
    return _activity(envelope, "Block", {"object": target})


def add(envelope: Envelope, object_id: str, collection: str) -> Json:
    """Return Add to a collection of the actor, such as `featured`."""
    return _activity(envelope, "Add", {"object": object_id, "target": collection})


def remove(envelope: Envelope, object_id: str, collection: str) -> Json:
    """Return Remove from a collection of the actor."""
    return _activity(envelope, "Remove", {"object": object_id, "target": collection})


def join(envelope: Envelope, event_id: str, message: str = "") -> Json:
    """Return Join of an event, to its organizer."""
    return _activity(envelope, "Join", {"object": event_id, "participationMessage": message})


def leave(envelope: Envelope, event_id: str) -> Json:
    """Return Leave of an event."""
    return _activity(envelope, "Leave", {"object": event_id})


def embedded(original: Mapping[str, object]) -> Json:
    """Return the members by which others recognise an activity; its object as id wherever it has one."""
    return filled({name: _identified(original.get(name)) for name in ("id", "type", "actor", "object", "instrument")})


def _identified(value: object) -> object:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value["id"] if isinstance(value, Mapping) and "id" in value else value
