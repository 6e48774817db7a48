"""What is to be told: an activity of ours and the people it is for, before anybody's inbox is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from node.models import Actor, Visibility


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an activity is for.

    Args:
        followers_of: the local actors whose followers get it.
        named: foreign actors who get it in person.
        reached_by: an object; every inbox that was given it gets this too.
        partners: every partner node gets it.
        acquainted: everybody who follows or is followed by this actor.
    """

    followers_of: tuple[Actor, ...] = ()
    named: tuple[Actor, ...] = ()
    reached_by: str | None = None
    partners: bool = False
    acquainted: Actor | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """One activity to publish.

    Args:
        activity: JSON with context, without proof.
        object_uri: what it is about; with `ordering_key` empty also the key that keeps its order.
    """

    sender: Actor
    activity: Mapping[str, object]
    object_uri: str
    visibility: Visibility
    audience: Audience = field(default_factory=Audience)
    in_outbox: bool = False
    ordering_key: str = ""

    @property
    def order(self) -> str:
        """The key under which deliveries to one inbox keep their order."""
        return self.ordering_key or self.object_uri
