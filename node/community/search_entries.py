"""What search knows of an object, written in the transaction that changes the object."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from node.community.once import Columns
from node.community.tables import put_all
from node.models import SearchEntry, Visibility
from node.text.fold import fold

LONGEST_WORD = 80
LONGEST_TEXT = 60_000
_LISTED = frozenset({Visibility.PUBLIC, Visibility.NETWORK, Visibility.MEMBERS})


@dataclass(frozen=True, slots=True)
class Findable:
    """One object as search sees it.

    Args:
        kind: post, practice, event or actor.
        text: plain words, title included.
    """

    uri: str
    kind: str
    title: str
    text: str
    language: str
    visibility: Visibility
    at: datetime


async def enter(found: Findable) -> None:
    """Make an object findable, or keep what is findable in step with it.

    Quiet things, drafts and what was said to few are in no search: their entry goes.
    """
    await enter_all([found])


async def enter_all(found: Iterable[Findable]) -> None:
    """Make objects findable, as `enter` does."""
    everything = list(found)
    hidden = [each.uri for each in everything if each.visibility not in _LISTED]
    if hidden:
        await leave(*hidden)
    listed = [each for each in everything if each.visibility in _LISTED]
    await put_all(SearchEntry, [_row(each) for each in listed], key="object_uri")


def _row(found: Findable) -> Columns:
    return {
        "object_uri": found.uri,
        "kind": found.kind,
        "title": found.title[:500],
        "folded": folded_words(found.text),
        "language": found.language,
        "visibility": found.visibility,
        "published_at": found.at,
    }


async def leave(*uris: str) -> None:
    """Take objects out of search."""
    await SearchEntry.filter(object_uri__in=list(uris)).delete()


def folded_words(text: str) -> str:
    """Return the folded words of `text`, none longer than both databases can index."""
    return " ".join(short_words(fold(text[:LONGEST_TEXT]).split(" ")))


def short_words(words: Iterable[str]) -> Iterable[str]:
    """Cut each word to the length that is indexed."""
    return (word[:LONGEST_WORD] for word in words if word)
