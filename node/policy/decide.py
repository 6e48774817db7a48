"""May this host do that? One total, pure function over a book of entries.

Precedence: what was decided here beats every list; within each, an exact host beats `*.` and of two `*.` the longer
wins; where entries of equal source speak about the same pattern, the most cautious one counts, so that block beats
allow; an entry that ran out doesn't count; with no entry the mode decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from node.models import Mode
from node.policy.grants import PRESETS, Grants

UNKNOWN_IN_OPEN = "T3"
"""Until held first contacts exist, unknown hosts of an open node count as guests."""
UNKNOWN_IN_CLOSED = "T0"
LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Entry:
    """One standing entry of the book.

    Args:
        pattern: an exact host, or `*.` and a host (which matches every host below it, not itself).
        expires_at: aware UTC; None for ever.
    """

    id: int
    pattern: str
    preset: str
    grants: Grants
    source: str = LOCAL
    reason_code: str = "other"
    reason: str = ""
    created_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that a decision depends on, as of one version."""

    version: int
    mode: Mode
    own_host: str
    entries: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    """By pattern."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a host may do, and why.

    Args:
        preset: T0 to T5 or `custom`.
        because: `own`, `entry`, or `mode`.
        entry: the entry that decided, if one did.
    """

    host: str
    grants: Grants
    preset: str
    because: str
    entry: Entry | None
    mode: Mode

    @property
    def is_admitted(self) -> bool:
        """Tell whether we exchange anything at all with this host."""
        return not self.grants.is_nothing


def book_of(entries: Iterable[Entry], *, version: int, mode: Mode, own_host: str) -> Book:
    """Return a book of `entries`, indexed by pattern."""
    index: dict[str, list[Entry]] = {}
    for entry in entries:
        index.setdefault(entry.pattern, []).append(entry)
    return Book(version, mode, own_host, {pattern: tuple(found) for pattern, found in index.items()})


def decide(host: str, book: Book, *, now: datetime) -> Decision:
    """Return what `host` may do.

    Args:
        host: canonical, as `federation.names` gives it.
        now: aware UTC; entries that expired by then don't count.
    """
    if host == book.own_host:
        return Decision(host, PRESETS["T5"], "T5", "own", None, book.mode)
    entry = _deciding(host, book, now)
    if entry is not None:
        return Decision(host, entry.grants, entry.preset, "entry", entry, book.mode)
    preset = UNKNOWN_IN_OPEN if book.mode is Mode.OPEN else UNKNOWN_IN_CLOSED
    return Decision(host, PRESETS[preset], preset, "mode", None, book.mode)


def is_timed(host: str, book: Book) -> bool:
    """Tell whether an entry about `host` runs out some day, so that the same question may get another answer."""
    about = (entry for pattern in patterns_about(host) for entry in book.entries.get(pattern, ()))
    return any(entry.expires_at is not None for entry in about)


def matches(pattern: str, host: str) -> bool:
    """Tell whether an entry for `pattern` speaks about `host`."""
    return pattern in patterns_about(host)


@lru_cache(maxsize=4096)
def patterns_about(host: str) -> tuple[str, ...]:
    """Return the patterns that speak about `host`, the nearest first; the same hosts are asked for again and again."""
    labels = host.split(".")
    return (host, *("*." + ".".join(labels[start:]) for start in range(1, len(labels))))


def _deciding(host: str, book: Book, now: datetime) -> Entry | None:
    found = [
        entry for pattern in patterns_about(host) for entry in book.entries.get(pattern, ()) if _stands(entry, now)
    ]
    if not found:
        return None
    ours = [entry for entry in found if entry.source == LOCAL] or found
    nearest = [entry for entry in ours if entry.pattern == ours[0].pattern]
    return min(nearest, key=_caution)


def _stands(entry: Entry, now: datetime) -> bool:
    return entry.expires_at is None or entry.expires_at > now


def _caution(entry: Entry) -> tuple[bool, int, int]:
    return not entry.grants.is_nothing, entry.grants.weight, -entry.id
