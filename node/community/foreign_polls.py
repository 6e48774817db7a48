"""Polls on other servers: their options and counts as their server tells."""

from dataclasses import dataclass
from datetime import datetime

from node.community.once import Columns
from node.database import atomic
from node.models import Poll, Vote

MOST_OPTIONS = 50
LONGEST_OPTION = 500
MOST_VOTES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ForeignPoll:
    """A poll as its server sent it: label and votes of each option."""

    options: tuple[tuple[str, int], ...]
    multiple: bool
    ends_at: datetime | None
    closed_at: datetime | None
    voters: int


async def receive(uri: str, told: ForeignPoll, *, is_newer: bool) -> bool:
    """Keep the poll of a foreign post, or its counts as they are now; tell whether anything changed.

    Other options make another poll: what was voted here is forgotten with the old ones.

    Args:
        uri: a foreign post that we hold, whose author was proven to say so.
        is_newer: the post is new or was edited; else only counts are taken.
    """
    options = _options(told)
    if not options:
        return False
    labels, counts = list(options), list(options.values())
    fresh: Columns = {
        "counts": counts,
        "voters": min(told.voters, MOST_VOTES),
        "ends_at": told.ends_at,
        "closed_at": told.closed_at,
    }
    async with atomic():
        known = await Poll.get_or_none(object_uri=uri)
        if known is None:
            await Poll.create(object_uri=uri, options=labels, multiple=told.multiple, **fresh)
            return True
        is_same = (known.options, known.multiple) == (labels, told.multiple)
        if known.is_local or not (is_same or is_newer):
            return False
        if not is_same:
            await Vote.filter(object_uri=uri).delete()
        await Poll.filter(id=known.id).update(options=labels, multiple=told.multiple, **fresh)
    return True


def _options(told: ForeignPoll) -> dict[str, int]:
    """Return votes by label; a vote names its option by the label, so each stands once."""
    found: dict[str, int] = {}
    for label, votes in told.options:
        if label.strip() and len(found) < MOST_OPTIONS:
            found.setdefault(label[:LONGEST_OPTION], min(votes, MOST_VOTES))
    return found
