"""What a handler is given beside the activity, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from federation.errors import Unauthorised
from federation.vocabulary.types import ParsedObject
from node.models import Actor
from node.policy.decide import Decision


@dataclass(frozen=True, slots=True)
class Scene:
    """The proven speaker and the moment.

    Args:
        speaker: the row of the actor whose word this is.
        decision: what the speaker's host may do.
        decide: tells what another host may do; for things whose author lives elsewhere.
        inboxes: paths of our inboxes it came to.
        fetched: objects that were read from their origin beforehand, by URI.
    """

    speaker: Actor
    decision: Decision
    decide: Callable[[str], Decision]
    now: datetime
    relaxed: bool
    inboxes: tuple[str, ...] = ()
    fetched: Mapping[str, ParsedObject] = field(default_factory=dict)

    def of(self, author: Actor) -> "Scene":
        """Return this scene with what the host of `author` may do: whoever brings a thing lends it nothing."""
        return replace(self, decision=self.decide(author.host))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an activity: applied, or ignored for a reason that an admin can read."""

    applied: bool
    reason: str = ""


APPLIED = Outcome(applied=True)


def ignored(reason: str) -> Outcome:
    """Return that nothing was done, and why."""
    return Outcome(applied=False, reason=reason)


def require_object_uri(scene_object: str | None) -> str:
    """Return the URI of what an activity is about.

    Raises:
        Unauthorised: it names nothing that could be acted on.
    """
    if scene_object is None:
        raise Unauthorised("the activity names no object")
    return scene_object
