"""Hand a foreign object, whose author is proven, to the verb of the community that keeps its kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from federation.vocabulary.types import EventDocument, NoteDocument, PracticeDocument
from inbox.interpret.event import event_draft
from inbox.interpret.hanging import hang_on
from inbox.interpret.post import post_draft
from inbox.interpret.practice import practice_draft
from inbox.scene import Outcome, Scene, ignored
from node.community import errands, foreign_events, foreign_posts, foreign_practices, objects
from node.community.errands import Errand
from node.community.foreign_posts import Arrival
from node.models import Actor
from node.policy.grants import Records

Readable = NoteDocument | EventDocument | PracticeDocument
DEEPEST = 10
"""So many answers above one that came in are read on our own account."""


async def keep_object(
    told: Readable, *, author: Actor, scene: Scene, is_solicited: bool = False, depth: int = 0
) -> Outcome:
    """Keep a post, event or practice record as it is now.

    A server whose records may not enter the library is still read: its events and records are then kept as posts.

    Args:
        told: its `attributed_to` is `author`.
        is_solicited: somebody here asked for it, or follows who passed it on.
        depth: how many answers lie between it and what came in.
    """
    if told.attributed_to != author.uri:
        return ignored("it belongs to somebody else")
    grant = scene.decision.grants.records
    match told:
        case PracticeDocument() if grant is not Records.NONE:
            draft = practice_draft(told, followers_uri=author.followers_uri, now=scene.now)
            kept = await foreign_practices.receive(draft, grant=grant, now=scene.now)
        case EventDocument() if grant is not Records.NONE:
            meeting = event_draft(told, followers_uri=author.followers_uri, now=scene.now)
            kept = await foreign_events.receive(meeting, grant=grant, now=scene.now)
        case PracticeDocument() | EventDocument():
            arrival = Telling(told.note, author, scene, is_solicited).arrival
            (kept,) = await foreign_posts.receive_all([arrival], now=scene.now)
        case NoteDocument():
            return (await keep_posts([Telling(told, author, scene, is_solicited, depth)]))[0]
    return Outcome(applied=kept.changed, reason=kept.reason)


@dataclass(frozen=True, slots=True)
class Telling:
    """A post, its proven author, and the circumstances; as in `keep_object`."""

    note: NoteDocument
    author: Actor
    scene: Scene
    is_solicited: bool = False
    depth: int = 0

    @property
    def arrival(self) -> Arrival:
        """What the community is told."""
        embedded = self.scene.embedded
        is_embedded = embedded is not None and embedded.told is self.note
        draft = post_draft(
            self.note,
            followers_uri=self.author.followers_uri,
            now=self.scene.now,
            is_solicited=self.is_solicited,
            content=embedded.content if embedded is not None and is_embedded else None,
        )
        return Arrival(draft, self.scene.decision.grants.interact)


async def keep_posts(tellings: Sequence[Telling]) -> list[Outcome]:
    """Keep posts as they are now, in this order, and ask for what they answer; return what became of each."""
    if not tellings:
        return []
    received = await foreign_posts.receive_all([each.arrival for each in tellings], now=tellings[0].scene.now)
    results = [
        await hang_on(each.note, kept, author=each.author, scene=each.scene)
        for each, kept in zip(tellings, received, strict=True)
    ]
    await _look_above([each for each, kept in zip(tellings, results, strict=True) if kept.changed])
    return [Outcome(applied=kept.changed, reason=kept.reason) for kept in results]


async def _look_above(kept: Sequence[Telling]) -> None:
    """Ask for what answers answer, if we do not hold it and have not climbed too high."""
    answers = [each for each in kept if each.note.in_reply_to is not None and each.depth < DEEPEST]
    held = await objects.held_among(str(each.note.in_reply_to) for each in answers)
    for each in answers:
        if each.note.in_reply_to is not None and each.note.in_reply_to not in held:
            payload: dict[str, object] = {"depth": each.depth + 1}
            await errands.ask(Errand.OBJECT, each.note.in_reply_to, now=each.scene.now, payload=payload)
