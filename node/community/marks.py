"""What hangs on a text: the actors it names and its hashtags, found in Markdown and kept as rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from tortoise.expressions import Q

from node.community import addresses
from node.community.once import Columns
from node.community.tables import insert_missing
from node.models import Actor, ActorState, Hashtag, Mention
from node.text.allowed import Subset
from node.text.markdown import Handle, Known, find_mentions, hashtag_key, render

MOST_MENTIONS = 50
MOST_HASHTAGS = 50


@dataclass(frozen=True, slots=True)
class Written:
    """A text of a member, ready to be kept.

    Args:
        actor_ids: the actors it names, those we know.
        hashtags: as typed, without the sign.
    """

    source: str
    html: str
    actor_ids: tuple[int, ...]
    hashtags: tuple[str, ...]


async def written(source: str, *, author: Actor, subset: Subset = Subset.NOTE) -> Written:
    """Turn Markdown into clean HTML; names that nobody here has met stay plain text.

    Args:
        author: one of ours; a name without a host is looked for here.
    """
    known = await _known_actors(find_mentions(source), own_host=author.host)

    def resolve(handle: Handle) -> Known | None:
        actor = known.get(_key(handle, author.host))
        return None if actor is None else Known(actor.uri, actor.url or actor.uri, f"{actor.name}@{actor.host}")

    made = await render(source, resolve=resolve, tags_url=f"{addresses.base_of(author)}/tags/", subset=subset)
    ids = {actor.uri: actor.id for actor in known.values()}
    return Written(source, made.html.html, tuple(ids[mention.uri] for mention in made.mentions), made.hashtags)


async def set_mentions(uri: str, actor_ids: Iterable[int]) -> None:
    """Let these actors, and no others, be the ones an object names."""
    await Mention.filter(object_uri=uri).delete()
    await insert_missing(Mention, mention_rows(uri, actor_ids))


def mention_rows(uri: str, actor_ids: Iterable[int]) -> list[Columns]:
    """Return the rows for the actors that an object names."""
    wanted = list(dict.fromkeys(actor_ids))[:MOST_MENTIONS]
    return [{"object_uri": uri, "actor_id": actor_id} for actor_id in wanted]


async def set_hashtags(uri: str, names: Iterable[str]) -> None:
    """Let these hashtags, and no others, be those of an object."""
    await Hashtag.filter(object_uri=uri).delete()
    await insert_missing(Hashtag, hashtag_rows(uri, names))


def hashtag_rows(uri: str, names: Iterable[str]) -> list[Columns]:
    """Return the rows for the hashtags of an object."""
    keys = list(dict.fromkeys(hashtag_key(name.strip().lstrip("#"))[:100] for name in names))
    return [{"object_uri": uri, "name": key} for key in keys[:MOST_HASHTAGS] if key]


async def mentioned_in(uri: str) -> tuple[int, ...]:
    """Return the actors an object names."""
    return tuple(row.actor_id for row in await Mention.filter(object_uri=uri).order_by("id"))


async def _known_actors(handles: Iterable[Handle], *, own_host: str) -> dict[tuple[str, str], Actor]:
    keys = {_key(handle, own_host) for handle in handles}
    if not keys:
        return {}
    wanted = Q(*(Q(name__iexact=name, host=host) for name, host in keys), join_type=Q.OR)
    rows = await Actor.filter(wanted, state=ActorState.ACTIVE).order_by("is_local", "updated_at")
    return {(row.name.lower(), row.host): row for row in rows}


def _key(handle: Handle, own_host: str) -> tuple[str, str]:
    return handle.name.lower(), handle.host or own_host
