"""Polls as pages and other servers see them, many at once in a few queries."""

from collections.abc import Iterable, Mapping, Sequence

from tortoise.functions import Count

from node.community.once import Columns
from node.community.views import PollView
from node.community.visibility import Viewer
from node.database import marks, rows
from node.models import Poll, Post, Vote


async def polls_under(posts: Sequence[Post], viewer: Viewer) -> Mapping[str, PollView]:
    """Return the polls of posts by URI."""
    if not posts:
        return {}
    authors = {post.uri: post.author_id for post in posts}
    found = await Poll.filter(object_uri__in=list(authors))
    ours = [poll.object_uri for poll in found if poll.is_local]
    counts, voters = await _counts(ours), await _voters(ours)
    chosen = await _chosen(authors, viewer)

    def view(poll: Poll) -> PollView:
        uri = poll.object_uri
        told = counts.get(uri, {}) if poll.is_local else dict(enumerate(poll.counts))
        is_free = viewer.is_member and authors[uri] != viewer.actor_id and uri not in chosen
        return PollView(
            options=tuple((label, told.get(place, 0)) for place, label in enumerate(poll.options)),
            multiple=poll.multiple,
            voters=voters.get(uri, 0) if poll.is_local else poll.voters,
            ends_at=poll.ends_at,
            closed_at=poll.closed_at,
            chosen=chosen.get(uri, ()),
            may_vote=is_free and not (poll.is_local and poll.ends_at is None),
        )

    return {poll.object_uri: view(poll) for poll in found}


async def _counts(uris: list[str]) -> dict[str, dict[int, int]]:
    """Return votes by option of polls of ours."""
    found: dict[str, dict[int, int]] = {}
    if not uris:
        return found
    grouped = Vote.filter(object_uri__in=uris).annotate(number=Count("id")).group_by("object_uri", "option")
    for uri, option, number in await grouped.values_list("object_uri", "option", "number"):
        found.setdefault(str(uri), {})[int(option)] = int(number)
    return found


async def _voters(uris: list[str]) -> dict[str, int]:
    """Return how many voted; who chose several counts once."""
    if not uris:
        return {}
    where = f"object_uri IN ({marks(len(uris))})"
    sql = f"SELECT object_uri, COUNT(DISTINCT actor_id) AS voters FROM vote WHERE {where} GROUP BY object_uri"  # noqa: S608
    return {str(row["object_uri"]): int(str(row["voters"])) for row in await rows(sql, list(uris))}


async def _chosen(uris: Iterable[str], viewer: Viewer) -> dict[str, tuple[int, ...]]:
    if viewer.actor_id is None:
        return {}
    wanted: Columns = {"object_uri__in": list(uris), "actor_id": viewer.actor_id}
    found: dict[str, tuple[int, ...]] = {}
    for vote in await Vote.filter(**wanted).order_by("option"):
        found[vote.object_uri] = (*found.get(vote.object_uri, ()), vote.option)
    return found
