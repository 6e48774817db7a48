"""Pages of lists: twenty items, and a mark where the next page begins. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

PAGE_SIZE = 20
Item = TypeVar("Item")
Other = TypeVar("Other")
_MARK = re.compile(r"(\d{1,18})-(\d{1,2})-(\d{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of a list.

    Args:
        next: give it back as `before` to get the following page; None at the end.
    """

    items: tuple[Item, ...]
    next: str | None = None

    def __len__(self) -> int:
        return len(self.items)

    def map(self, change: Callable[[Item], Other]) -> "Page[Other]":
        """Return the same page of other items."""
        return Page(tuple(change(item) for item in self.items), self.next)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a list that is sorted by time, then rank, then row, all descending.

    Args:
        rank: tells apart the tables that one list is made of.
    """

    at: datetime
    rank: int
    row: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.rank}-{self.row}"


def mark_from(text: str | None) -> Mark | None:
    """Return the mark in an address, None if there is none or it's none of ours."""
    found = _MARK.fullmatch(text or "")
    if found is None:
        return None
    try:
        at = _EPOCH + timedelta(microseconds=int(found[1]))
    except OverflowError:
        return None
    return Mark(at, int(found[2]), int(found[3]))


def first_page(ranked: Sequence[tuple[Mark, Item]], most: int = PAGE_SIZE) -> Page[Item]:
    """Return the page of `most` that begins with the newest; `ranked` holds one more than that if there are more."""
    newest = sorted(ranked, key=lambda pair: pair[0], reverse=True)
    shown = newest[:most]
    following = str(shown[-1][0]) if len(newest) > most else None
    return Page(tuple(item for _mark, item in shown), following)


def row_mark(text: str | None) -> int | None:
    """Return the row id in the address of a list that is sorted by row id alone."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else None
