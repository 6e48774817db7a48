"""What may be applied at once without anybody noticing: cut a batch wherever the order counts. Pure."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from inbox.scene import Footprint

T = TypeVar("T")


def waves(given: Iterable[T], footprint: Callable[[T], Footprint | None]) -> Iterator[list[T]]:
    """Return the same activities in the same order, cut into those that do not depend on each other.

    Args:
        footprint: what an activity touches; whatever has none stands alone.
    """
    wave: list[T] = []
    reads: set[str] = set()
    changes: set[str] = set()
    for each in given:
        found = footprint(each)
        if wave and (found is None or _meets(found, reads, changes)):
            yield wave
            wave, reads, changes = [], set(), set()
        if found is None:
            yield [each]
            continue
        wave.append(each)
        reads |= found.reads
        changes |= found.changes
    if wave:
        yield wave


def _meets(found: Footprint, reads: set[str], changes: set[str]) -> bool:
    """Tell whether what an activity touches was changed before it, or what it changes was read."""
    return not (changes.isdisjoint(found.reads | found.changes) and reads.isdisjoint(found.changes))
