"""A foreign actor document as a draft for the community. Pure."""

import orjson

from federation.errors import Malformed, Unauthenticated
from federation.keys import KeyKind as WireKeyKind
from federation.keys import PublicKey, load_multibase, load_public_pem
from federation.names import Handle, canonical_uri, host_of, parse_handle, same_origin
from federation.vocabulary.types import ActorDocument, KeyDocument
from node.community.foreign_actors import ForeignActor, ForeignKey, ProfileField
from node.models import ActorKind, KeyKind


def actor_draft(document: ActorDocument, *, relaxed: bool) -> ForeignActor:
    """Return what the community keeps of an actor.

    Args:
        document: parsed; its id has been compared with where it came from.

    Raises:
        Malformed: it has no usable name.
    """
    host = host_of(canonical_uri(document.id, relaxed=relaxed))
    return ForeignActor(
        uri=document.id,
        kind=ActorKind(document.type),
        name=_name(document, host),
        host=host,
        display_name=document.name,
        bio_html=document.summary_html,
        language=document.language or "",
        url=document.url,
        inbox_url=document.inbox,
        shared_inbox_url=document.shared_inbox,
        outbox_url=document.outbox,
        followers_uri=document.followers,
        following_uri=document.following,
        featured_uri=document.featured,
        avatar_url=document.icon_url,
        header_url=document.image_url,
        manually_approves=document.manually_approves,
        discoverable=document.discoverable,
        indexable=document.indexable,
        is_suspended=document.suspended,
        moved_to=document.moved_to,
        also_known_as=document.also_known_as,
        fields=tuple(ProfileField(field.name, field.value_html) for field in document.fields),
        keys=usable_keys(document, relaxed=relaxed),
        published_at=document.published,
        document=orjson.dumps(document.document).decode(),
    )


def usable_keys(document: ActorDocument, *, relaxed: bool) -> tuple[ForeignKey, ...]:
    """Return those keys of an actor that it owns, that live where it lives, and that can prove anything.

    A key elsewhere could never be found by its id, only keep that id from whoever it belongs to.
    """
    keys = []
    for key in document.keys:
        public = _load(key) if _is_own(key, document, relaxed=relaxed) else None
        if public is not None:
            text = public.pem if public.kind is WireKeyKind.RSA else public.multibase
            keys.append(ForeignKey(key.id, KeyKind(public.kind.value), text))
    return tuple(keys)


def _is_own(key: KeyDocument, document: ActorDocument, *, relaxed: bool) -> bool:
    if key.owner != document.id:
        return False
    try:
        return same_origin(canonical_uri(key.id, relaxed=relaxed), canonical_uri(document.id, relaxed=relaxed))
    except Malformed:
        return False


def _load(key: KeyDocument) -> PublicKey | None:
    try:
        if key.pem is not None:
            return load_public_pem(key.pem, id=key.id, owner=key.owner)
        return load_multibase(key.multibase, id=key.id, owner=key.owner)
    except Unauthenticated:
        return None


def _name(document: ActorDocument, host: str) -> str:
    if document.preferred_username:
        return document.preferred_username
    if document.webfinger:
        return _handle(document.webfinger).name
    raise Malformed(f"actor {document.id} on {host} has no preferredUsername")


def _handle(text: str) -> Handle:
    return parse_handle(text)
