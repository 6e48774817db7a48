"""Actor documents of ours: Person, Group and the node's Application. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from federation.vocabulary.context import Json, with_context
from federation.vocabulary.pieces import Picture, filled, icon, moment

RFC_9421 = {"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421: HTTP Message Signatures"}
_REDUCED = ("@context", "id", "type", "preferredUsername", "inbox", "endpoints", "publicKey", "assertionMethod")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupExtras:
    """What only a Group has: URIs of its collections and whether only moderators may post."""

    moderators: str
    upcoming_events: str | None = None
    events: str | None = None
    posting_restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorInput:
    """What is said about an actor of ours.

    Args:
        type: Person, Group or Application.
        host: the host of its handle.
        summary_html: clean HTML.
        rsa_pem: SPKI PEM of `#main-key`.
        ed25519_multibase: `z6Mk...` of `#ed25519-key`, None before it exists.
        fields: name (plain) and value (clean HTML) of each profile row.
        node_name: what the server calls itself.
    """

    id: str
    type: str
    username: str
    host: str
    name: str
    summary_html: str
    url: str
    shared_inbox: str
    published: datetime
    rsa_pem: str
    ed25519_multibase: str | None
    node_name: str
    icon: Picture | None = None
    image: Picture | None = None
    manually_approves: bool = False
    discoverable: bool = True
    indexable: bool = True
    suspended: bool = False
    fields: Sequence[tuple[str, str]] = ()
    also_known_as: Sequence[str] = ()
    moved_to: str | None = None
    group: GroupExtras | None = None


def actor_document(actor: ActorInput) -> Json:
    """Return the full document of an actor, with context.

    Spec: ActivityPub §4.1; FEP-2c59; FEP-521a; FEP-844e.
    """
    return with_context({**_identity(actor), **_places(actor), **_flags(actor), **_keys(actor), **_group(actor)})


def reduced_actor(document: Json) -> Json:
    """Return what a stranger may read in closed mode: enough to check our signatures and to answer."""
    return {name: document[name] for name in _REDUCED if name in document}


def _identity(actor: ActorInput) -> Json:
    return {
        "id": actor.id,
        "type": actor.type,
        "preferredUsername": actor.username,
        "webfinger": f"{actor.username}@{actor.host}",
        "name": actor.name,
        "summary": actor.summary_html,
        "url": actor.url,
        "published": moment(actor.published),
        "attachment": [{"type": "PropertyValue", "name": name, "value": value} for name, value in actor.fields],
        "tag": [],
        "generator": {"type": "Application", "name": actor.node_name, "implements": [RFC_9421]},
        **filled({"icon": icon(actor.icon), "image": icon(actor.image)}),
    }


def _places(actor: ActorInput) -> Json:
    return {
        "inbox": f"{actor.id}/inbox",
        "outbox": f"{actor.id}/outbox",
        "followers": f"{actor.id}/followers",
        "following": f"{actor.id}/following",
        "featured": f"{actor.id}/featured",
        "endpoints": filled({"sharedInbox": actor.shared_inbox, "events": actor.group.events if actor.group else None}),
        **filled({"alsoKnownAs": list(actor.also_known_as), "movedTo": actor.moved_to}),
    }


def _flags(actor: ActorInput) -> Json:
    said: Json = {
        "manuallyApprovesFollowers": actor.manually_approves,
        "discoverable": actor.discoverable,
        "indexable": actor.indexable,
    }
    return said | {"suspended": True} if actor.suspended else said


def _keys(actor: ActorInput) -> Json:
    main = {"id": f"{actor.id}#main-key", "owner": actor.id, "publicKeyPem": actor.rsa_pem}
    if actor.ed25519_multibase is None:
        return {"publicKey": main}
    second = {
        "id": f"{actor.id}#ed25519-key",
        "type": "Multikey",
        "controller": actor.id,
        "publicKeyMultibase": actor.ed25519_multibase,
    }
    return {"publicKey": main, "assertionMethod": [second]}


def _group(actor: ActorInput) -> Json:
    if actor.group is None:
        return {}
    return filled(
        {
            "attributedTo": actor.group.moderators,
            "postingRestrictedToMods": actor.group.posting_restricted,
            "upcomingEvents": actor.group.upcoming_events,
        }
    )
