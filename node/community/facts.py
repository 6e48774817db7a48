"""Facts: what became true here, in the past tense. Each is written to the journal with the change itself.

Ids are row ids unless a field says uri. `CONSUMERS` names the kinds of jobs that follow from a fact; a fact that
nobody consumes gets no job. `GOVERNANCE` names the facts that belong into the hash-chained audit log.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from node.community.desk_facts import DESK_CONSUMERS, DESK_FACTS, DESK_GOVERNANCE
from node.community.fact import Fact
from node.community.relation_facts import RELATION_CONSUMERS, RELATION_FACTS
from node.community.talk_facts import TALK_CONSUMERS, TALK_FACTS

__all__ = ["Fact"]


@dataclass(frozen=True, slots=True)
class MemberJoined(Fact):
    member_id: int


@dataclass(frozen=True, slots=True)
class RoleChanged(Fact):
    member_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MemberStateChanged(Fact):
    member_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class NodeProfileChanged(Fact):
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProfileChanged(Fact):
    """A local actor's profile changed."""

    actor_id: int


@dataclass(frozen=True, slots=True)
class ActorLeft(Fact):
    """A local actor is gone for good."""

    actor_id: int


@dataclass(frozen=True, slots=True)
class PostPublished(Fact):
    post_id: int


@dataclass(frozen=True, slots=True)
class PostEdited(Fact):
    post_id: int


@dataclass(frozen=True, slots=True)
class PostWithdrawn(Fact):
    post_id: int


@dataclass(frozen=True, slots=True)
class PracticePublished(Fact):
    practice_id: int
    version: int


@dataclass(frozen=True, slots=True)
class PracticeRevised(Fact):
    practice_id: int
    version: int


@dataclass(frozen=True, slots=True)
class PracticeWithdrawn(Fact):
    practice_id: int


@dataclass(frozen=True, slots=True)
class AdmissionDecided(Fact):
    """An editor decided about a record or an event of another node."""

    uri: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EventPublished(Fact):
    event_id: int


@dataclass(frozen=True, slots=True)
class EventChanged(Fact):
    event_id: int
    sequence: int


@dataclass(frozen=True, slots=True)
class EventWithdrawn(Fact):
    event_id: int


@dataclass(frozen=True, slots=True)
class FollowAsked(Fact):
    """One of ours wants to follow a foreign actor."""

    follow_id: int


@dataclass(frozen=True, slots=True)
class FollowAccepted(Fact):
    """One of ours accepted a follower; `activity_uri` is the Follow that is answered."""

    follow_id: int
    activity_uri: str


@dataclass(frozen=True, slots=True)
class FollowRefused(Fact):
    """One of ours refused or removed a follower."""

    follower_id: int
    target_id: int
    activity_uri: str


@dataclass(frozen=True, slots=True)
class FollowEnded(Fact):
    """One of ours no longer follows a foreign actor."""

    follower_id: int
    target_id: int
    activity_uri: str


@dataclass(frozen=True, slots=True)
class LikeGiven(Fact):
    like_id: int


@dataclass(frozen=True, slots=True)
class LikeTakenBack(Fact):
    actor_id: int
    object_uri: str
    activity_uri: str


@dataclass(frozen=True, slots=True)
class BoostGiven(Fact):
    boost_id: int


@dataclass(frozen=True, slots=True)
class BoostTakenBack(Fact):
    actor_id: int
    object_uri: str
    activity_uri: str


@dataclass(frozen=True, slots=True)
class PolicyChanged(Fact):
    """Entries were made or ended in one batch, or the mode changed."""

    batch: str
    version: int
    patterns: tuple[str, ...]
    before: str
    after: str
    reason_code: str
    undoes: str = ""
    """The batch that this one takes back, if it does."""


@dataclass(frozen=True, slots=True)
class ReportForwarded(Fact):
    """Somebody here reported a foreign actor and wants its own server to know."""

    report_id: int


CONSUMERS: Mapping[type[Fact], tuple[str, ...]] = {
    ProfileChanged: ("federate",),
    ActorLeft: ("federate",),
    PostPublished: ("federate",),
    PostEdited: ("federate",),
    PostWithdrawn: ("federate",),
    PracticePublished: ("federate",),
    PracticeRevised: ("federate",),
    PracticeWithdrawn: ("federate",),
    EventPublished: ("federate",),
    EventChanged: ("federate",),
    EventWithdrawn: ("federate",),
    FollowAsked: ("federate",),
    FollowAccepted: ("federate",),
    FollowRefused: ("federate",),
    FollowEnded: ("federate",),
    LikeGiven: ("federate",),
    LikeTakenBack: ("federate",),
    BoostGiven: ("federate",),
    BoostTakenBack: ("federate",),
    PolicyChanged: ("admission",),
    ReportForwarded: ("federate",),
    **RELATION_CONSUMERS,
    **TALK_CONSUMERS,
    **DESK_CONSUMERS,
}

GOVERNANCE: frozenset[type[Fact]] = frozenset(
    {RoleChanged, MemberStateChanged, NodeProfileChanged, PolicyChanged, *DESK_GOVERNANCE}
)

PERSONAL = frozenset({"member_id", "target_uri", "object_uri"})
"""Fields of governance facts that name a person; they can be erased without breaking the chain."""

FACTS: Mapping[str, type[Fact]] = {
    fact.__name__: fact
    for fact in (
        MemberJoined,
        RoleChanged,
        MemberStateChanged,
        NodeProfileChanged,
        ProfileChanged,
        ActorLeft,
        PostPublished,
        PostEdited,
        PostWithdrawn,
        PracticePublished,
        PracticeRevised,
        PracticeWithdrawn,
        AdmissionDecided,
        EventPublished,
        EventChanged,
        EventWithdrawn,
        FollowAsked,
        FollowAccepted,
        FollowRefused,
        FollowEnded,
        LikeGiven,
        LikeTakenBack,
        BoostGiven,
        BoostTakenBack,
        PolicyChanged,
        ReportForwarded,
        *RELATION_FACTS,
        *TALK_FACTS,
        *DESK_FACTS,
    )
}
