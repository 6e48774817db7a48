"""What became of something that another server sent. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How it ended."""

    STORED = "stored"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Received:
    """The outcome, and for an operator why.

    Args:
        uri: the object; empty if there is none.
    """

    outcome: Outcome
    reason: str = ""
    uri: str = ""

    @property
    def changed(self) -> bool:
        """Whether anything here is different now."""
        return self.outcome in {Outcome.STORED, Outcome.UPDATED, Outcome.REMOVED}


def ignored(reason: str, uri: str = "") -> Received:
    """Return the outcome of something that changes nothing, and why."""
    return Received(Outcome.IGNORED, reason, uri)


def unchanged(reason: str, uri: str = "") -> Received:
    """Return the outcome of something that we have as it is."""
    return Received(Outcome.UNCHANGED, reason, uri)
