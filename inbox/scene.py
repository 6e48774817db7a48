"""What a handler is given beside the activity, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from federation.errors import Unauthorised
from federation.vocabulary.types import Activity, ParsedObject
from node.models import Actor
from node.policy.decide import Decision
from node.text.sanitise import CleanHtml


@dataclass(frozen=True, slots=True)
class Embedded:
    """The object in an activity, as its bytes say.

    Args:
        content: of a post, cleaned.
    """

    told: ParsedObject
    content: CleanHtml | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """The proven speaker and the moment.

    Args:
        speaker: the row of the actor whose word this is.
        decision: what the speaker's host may do.
        decide: tells what another host may do; for things whose author lives elsewhere.
        inboxes: paths of our inboxes it came to.
        fetched: objects that were read from their origin beforehand, by URI.
        embedded: the object that the activity carries, parsed and cleaned beforehand.
    """

    speaker: Actor
    decision: Decision
    decide: Callable[[str], Decision]
    now: datetime
    relaxed: bool
    inboxes: tuple[str, ...] = ()
    fetched: Mapping[str, ParsedObject] = field(default_factory=dict)
    embedded: Embedded | None = None

    def of(self, author: Actor) -> "Scene":
        """Return this scene with what the host of `author` may do: whoever brings a thing lends it nothing."""
        return replace(self, decision=self.decide(author.host))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an activity: applied, or ignored for a reason that an admin can read."""

    applied: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """An activity and its scene.

    Args:
        number: that of its row.
    """

    activity: Activity
    scene: Scene
    number: int = 0


@dataclass(frozen=True, slots=True)
class Footprint:
    """What an activity reads and what it changes, by URIs or other names: it waits for whoever changed what it touches.

    Args:
        reads: its outcome depends on these.
        changes: things that are different afterwards.
    """

    reads: frozenset[str]
    changes: frozenset[str]


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
