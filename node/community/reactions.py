"""What others did with some objects, counted in a few queries for all of them."""

from collections.abc import Iterable

from tortoise.functions import Count

from node.community import signs
from node.community.views import Reactions
from node.community.visibility import OPEN, Viewer
from node.models import Boost, Hashtag, Like, Post


async def reactions_to(uris: Iterable[str], viewer: Viewer) -> dict[str, Reactions]:
    """Return answers, likes and boosts of objects by URI, with what the viewer did."""
    wanted = list(uris)
    if not wanted:
        return {}
    likes, boosts = await _counted(Like, wanted), await _counted(Boost, wanted)
    replies = await _replies(wanted)
    given = await signs.counted(wanted)
    liked, boosted = await _own(Like, wanted, viewer), await _own(Boost, wanted, viewer)
    return {
        uri: Reactions(
            replies.get(uri, 0),
            likes.get(uri, 0),
            boosts.get(uri, 0),
            liked=uri in liked,
            boosted=uri in boosted,
            signs=tuple(given.get(uri, ())),
        )
        for uri in wanted
    }


async def _counted(model: type[Like] | type[Boost], uris: list[str]) -> dict[str, int]:
    found = model.filter(object_uri__in=uris).annotate(number=Count("id")).group_by("object_uri")
    return {str(uri): int(number) for uri, number in await found.values_list("object_uri", "number")}


async def _replies(uris: list[str]) -> dict[str, int]:
    open_replies = Post.filter(in_reply_to_uri__in=uris, withdrawn_at__isnull=True, visibility__in=list(OPEN))
    found = open_replies.annotate(number=Count("id")).group_by("in_reply_to_uri")
    return {str(uri): int(number) for uri, number in await found.values_list("in_reply_to_uri", "number")}


async def _own(model: type[Like] | type[Boost], uris: list[str], viewer: Viewer) -> frozenset[str]:
    if viewer.actor_id is None:
        return frozenset()
    rows = await model.filter(actor_id=viewer.actor_id, object_uri__in=uris)
    return frozenset(row.object_uri for row in rows)


async def hashtags_on(uris: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the hashtags of objects by URI."""
    found: dict[str, list[str]] = {}
    for row in await Hashtag.filter(object_uri__in=list(uris)).order_by("id"):
        found.setdefault(row.object_uri, []).append(row.name)
    return {uri: tuple(names) for uri, names in found.items()}
