"""What others did with some objects, counted in a few queries for all of them."""

from collections.abc import Iterable
from typing import cast

from node.community import signs
from node.community.views import Reactions
from node.community.visibility import OPEN, Viewer
from node.database import few_sizes, marks, rows
from node.models import ActorState

_LIKES, _BOOSTS, _REPLIES, _SIGNS = "likes", "boosts", "replies", "signs"
_COUNTS = f"""
SELECT '{_LIKES}' AS kind, object_uri AS uri, '' AS content, COUNT(*) AS number
FROM liking WHERE object_uri IN ({{some}}) GROUP BY object_uri
UNION ALL SELECT '{_BOOSTS}', object_uri, '', COUNT(*)
FROM boost WHERE object_uri IN ({{some}}) GROUP BY object_uri
UNION ALL SELECT '{_REPLIES}', in_reply_to_uri, '', COUNT(*)
FROM post WHERE in_reply_to_uri IN ({{some}}) AND withdrawn_at IS NULL AND visibility IN ({{open_ones}})
GROUP BY in_reply_to_uri
UNION ALL SELECT '{_SIGNS}', reaction.object_uri, reaction.content, COUNT(*)
FROM reaction JOIN actor ON actor.id = reaction.actor_id
WHERE reaction.object_uri IN ({{some}}) AND actor.state = ? GROUP BY reaction.object_uri, reaction.content
"""  # noqa: S608 - only our own words and marks
_OWN = f"""
SELECT '{_LIKES}' AS kind, object_uri AS uri FROM liking WHERE actor_id = ? AND object_uri IN ({{some}})
UNION ALL SELECT '{_BOOSTS}', object_uri FROM boost WHERE actor_id = ? AND object_uri IN ({{some}})
"""  # noqa: S608 - only our own words and marks


async def reactions_to(uris: Iterable[str], viewer: Viewer) -> dict[str, Reactions]:
    """Return answers, likes and boosts of objects by URI, with what the viewer did."""
    wanted = list(dict.fromkeys(uris))
    if not wanted:
        return {}
    counts, given = await _counted(wanted)
    own = await _own(wanted, viewer)
    return {
        uri: Reactions(
            counts.get((_REPLIES, uri), 0),
            counts.get((_LIKES, uri), 0),
            counts.get((_BOOSTS, uri), 0),
            liked=(_LIKES, uri) in own,
            boosted=(_BOOSTS, uri) in own,
            signs=tuple(signs.most_frequent(given.get(uri, []))),
        )
        for uri in wanted
    }


async def _counted(uris: list[str]) -> tuple[dict[tuple[str, str], int], dict[str, list[tuple[str, int]]]]:
    """Return the numbers by kind and URI, and the signs with how many gave each, in one statement."""
    counts: dict[tuple[str, str], int] = {}
    given: dict[str, list[tuple[str, int]]] = {}
    some = few_sizes(uris)
    open_ones = sorted(OPEN)
    sql = _COUNTS.format(some=marks(len(some)), open_ones=marks(len(open_ones)))
    for row in await rows(sql, [*some, *some, *some, *open_ones, *some, ActorState.ACTIVE]):
        kind, uri, number = str(row["kind"]), str(row["uri"]), cast(int, row["number"])
        if kind == _SIGNS:
            given.setdefault(uri, []).append((str(row["content"]), number))
        else:
            counts[kind, uri] = number
    return counts, given


async def _own(uris: list[str], viewer: Viewer) -> frozenset[tuple[str, str]]:
    """Return what the viewer did, by kind and URI."""
    if viewer.actor_id is None:
        return frozenset()
    some = few_sizes(uris)
    found = await rows(_OWN.format(some=marks(len(some))), [viewer.actor_id, *some, viewer.actor_id, *some])
    return frozenset((str(row["kind"]), str(row["uri"])) for row in found)


async def hashtags_on(uris: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the hashtags of objects by URI."""
    some = few_sizes(uris)
    if not some:
        return {}
    sql = f"SELECT object_uri, name FROM hashtag WHERE object_uri IN ({marks(len(some))}) ORDER BY id"  # noqa: S608
    found: dict[str, list[str]] = {}
    for row in await rows(sql, some):
        found.setdefault(str(row["object_uri"]), []).append(str(row["name"]))
    return {uri: tuple(names) for uri, names in found.items()}
