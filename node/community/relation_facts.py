"""Facts about actors among themselves: blocks, moves, and what they pin. All of them are told to other servers."""

from collections.abc import Mapping
from dataclasses import dataclass

from node.community.fact import Fact


@dataclass(frozen=True, slots=True)
class ActorBlocked(Fact):
    """One of ours blocks a foreign actor and wants their server to know; `activity_uri` is the Block."""

    actor_id: int
    target_id: int
    activity_uri: str


@dataclass(frozen=True, slots=True)
class ActorUnblocked(Fact):
    """One of ours ended a block that had been told."""

    actor_id: int
    target_id: int
    activity_uri: str


@dataclass(frozen=True, slots=True)
class ActorMoved(Fact):
    """One of ours goes on under another account."""

    actor_id: int


@dataclass(frozen=True, slots=True)
class ObjectPinned(Fact):
    actor_id: int
    object_uri: str


@dataclass(frozen=True, slots=True)
class ObjectUnpinned(Fact):
    actor_id: int
    object_uri: str


RELATION_FACTS: tuple[type[Fact], ...] = (ActorBlocked, ActorUnblocked, ActorMoved, ObjectPinned, ObjectUnpinned)
RELATION_CONSUMERS: Mapping[type[Fact], tuple[str, ...]] = dict.fromkeys(RELATION_FACTS, ("federate",))
