"""An actor of ours as the document that other servers read."""

from federation.vocabulary.actor import ActorInput, GroupExtras, actor_document
from federation.vocabulary.context import Json
from federation.vocabulary.pieces import Picture
from node.community import actor_keys, addresses, node_profile
from node.errors import NotFound
from node.models import Actor, ActorKind, KeyKind

SUFFIX_TYPES = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml"}


async def actor_json(actor: Actor) -> Json:
    """Return the full document of one of our actors, with context.

    Raises:
        NotFound: it has no key yet, so nobody could believe it.
    """
    keys = await actor_keys.public_keys(actor)
    if KeyKind.RSA not in keys:
        raise NotFound(f"{actor.uri} has no key yet")
    base = addresses.base_of(actor)
    profile = await node_profile.read()
    second = keys.get(KeyKind.ED25519)
    return actor_document(
        ActorInput(
            id=actor.uri,
            type=actor.kind.value,
            username=actor.name,
            host=actor.host,
            name=actor.display_name or actor.name,
            summary_html=actor.bio_html,
            url=actor.url or actor.uri,
            shared_inbox=f"{base}/ap/inbox",
            published=actor.published_at or actor.created_at,
            rsa_pem=keys[KeyKind.RSA].public,
            ed25519_multibase=second.public if second else None,
            node_name=profile.name if profile else actor.host,
            icon=_picture(actor.avatar_url, actor.display_name),
            image=_picture(actor.header_url, ""),
            manually_approves=actor.manually_approves,
            discoverable=actor.discoverable,
            indexable=actor.indexable,
            fields=tuple((row["name"], row["value"]) for row in actor.profile_fields),
            also_known_as=tuple(actor.also_known_as),
            moved_to=actor.moved_to,
            group=_extras(actor),
        )
    )


def _extras(actor: Actor) -> GroupExtras | None:
    if actor.kind is not ActorKind.GROUP:
        return None
    return GroupExtras(moderators=f"{actor.uri}/moderators", posting_restricted=False)


def _picture(url: str | None, alt: str) -> Picture | None:
    if not url:
        return None
    media_type = next((kind for suffix, kind in SUFFIX_TYPES.items() if url.endswith(suffix)), "image/webp")
    return Picture(url, media_type, alt)
