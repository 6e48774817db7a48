"""Facts of the moderation desk: reports, acts and their undoing. Listed with all others in facts.py."""

from collections.abc import Mapping
from dataclasses import dataclass

from node.community.fact import Fact


@dataclass(frozen=True, slots=True)
class PostRestored(Fact):
    """What a moderator had withdrawn stands again."""

    post_id: int


@dataclass(frozen=True, slots=True)
class PracticeRestored(Fact):
    practice_id: int


@dataclass(frozen=True, slots=True)
class EventRestored(Fact):
    event_id: int


@dataclass(frozen=True, slots=True)
class Moderated(Fact):
    """A moderator did something about an account or a thing."""

    act_id: int
    kind: str
    reason_code: str
    object_kind: str
    target_uri: str
    object_uri: str


@dataclass(frozen=True, slots=True)
class ModerationUndone(Fact):
    """A moderator took an act back."""

    act_id: int
    kind: str
    object_kind: str
    target_uri: str
    object_uri: str


@dataclass(frozen=True, slots=True)
class ReportDecided(Fact):
    """A moderator closed a report, or opened it again."""

    report_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ReporterAnswered(Fact):
    report_id: int


DESK_FACTS: tuple[type[Fact], ...] = (
    PostRestored,
    PracticeRestored,
    EventRestored,
    Moderated,
    ModerationUndone,
    ReportDecided,
    ReporterAnswered,
)
DESK_CONSUMERS: Mapping[type[Fact], tuple[str, ...]] = {
    PostRestored: ("federate",),
    PracticeRestored: ("federate",),
    EventRestored: ("federate",),
    Moderated: ("desk-letter",),
    ModerationUndone: ("desk-letter",),
    ReporterAnswered: ("desk-letter",),
}
DESK_GOVERNANCE = frozenset({Moderated, ModerationUndone, ReportDecided})
"""These belong into the audit log."""
