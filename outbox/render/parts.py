"""Parts that several documents share: whom a thing is addressed to, its pictures, names and hashtags."""

from federation.addressing import Visibility as WireVisibility
from federation.addressing import addresses_for
from federation.vocabulary.pieces import NamedActor, Picture, Topic
from node.community import addresses, objects
from node.errors import NotFound
from node.models import Actor, Attachment, Hashtag, Mention, Visibility

OUTWARD = {
    Visibility.PUBLIC: WireVisibility.PUBLIC,
    Visibility.QUIET: WireVisibility.QUIET,
    Visibility.NETWORK: WireVisibility.NETWORK,
    Visibility.DIRECT: WireVisibility.DIRECT,
}
"""What leaves the node at all; members' and draft things have no wire form."""


def addressed(
    visibility: Visibility, author: Actor, *, mentions: tuple[str, ...] = (), groups: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `to` and `cc` of something of ours.

    Raises:
        NotFound: it does not leave the node.
    """
    outward = OUTWARD.get(visibility)
    if outward is None:
        raise NotFound(f"nothing that is {visibility} leaves the node")
    return addresses_for(
        outward,
        followers_uri=f"{author.uri}/followers",
        partners_uri=addresses.partners_uri(addresses.base_of(author)),
        mentions=mentions,
        groups=groups,
    )


async def pictures_of(uri: str) -> tuple[Picture, ...]:
    """Return the pictures beside an object of ours."""
    rows = await Attachment.filter(object_uri=uri).order_by("position", "id")
    return tuple(Picture(row.url, row.media_type, row.alt, row.width, row.height) for row in rows)


async def named_in(uri: str, in_reply_to: str | None = None) -> tuple[Actor, ...]:
    """Return the actors an object names, the author of what it answers first, each once."""
    answered = await objects.find(in_reply_to) if in_reply_to else None
    first = [answered.publisher] if answered is not None else []
    rows = await Mention.filter(object_uri=uri).order_by("id").select_related("actor")
    return tuple({actor.id: actor for actor in (*first, *(row.actor for row in rows))}.values())


def as_named(actors: tuple[Actor, ...]) -> tuple[NamedActor, ...]:
    """Return actors as `Mention` tags carry them."""
    return tuple(NamedActor(actor.uri, f"@{actor.name}@{actor.host}") for actor in actors)


async def topics_of(uri: str, base: str) -> tuple[Topic, ...]:
    """Return the hashtags of an object of ours."""
    rows = await Hashtag.filter(object_uri=uri).order_by("id")
    return tuple(Topic(row.name, f"{base}/tags/{row.name}") for row in rows)
