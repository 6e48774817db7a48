"""Hand a foreign object, whose author is proven, to the verb of the community that keeps its kind."""

from federation.vocabulary.types import EventDocument, NoteDocument, PracticeDocument
from inbox.interpret.event import event_draft
from inbox.interpret.hanging import hang_on
from inbox.interpret.post import post_draft
from inbox.interpret.practice import practice_draft
from inbox.scene import Outcome, Scene, ignored
from node.community import errands, foreign_events, foreign_posts, foreign_practices, objects
from node.community.errands import Errand
from node.community.received import Received
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
            kept = await _keep_post(told.note, author, scene, is_solicited=is_solicited)
        case NoteDocument():
            kept = await _keep_post(told, author, scene, is_solicited=is_solicited)
            kept = await hang_on(told, kept, author=author, scene=scene)
            await _look_above(told, kept, scene, depth=depth)
    return Outcome(applied=kept.changed, reason=kept.reason)


async def _keep_post(note: NoteDocument, author: Actor, scene: Scene, *, is_solicited: bool) -> Received:
    post = post_draft(note, followers_uri=author.followers_uri, now=scene.now, is_solicited=is_solicited)
    return await foreign_posts.receive(post, grant=scene.decision.grants.interact, now=scene.now)


async def _look_above(note: NoteDocument, kept: Received, scene: Scene, *, depth: int) -> None:
    """Ask for what an answer answers, if we do not hold it and have not climbed too high."""
    if not kept.changed or note.in_reply_to is None or depth >= DEEPEST:
        return
    if await objects.find(note.in_reply_to) is None:
        await errands.ask(Errand.OBJECT, note.in_reply_to, now=scene.now, payload={"depth": depth + 1})
