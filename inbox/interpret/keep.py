"""Hand a foreign object, whose author is proven, to the verb of the community that keeps its kind."""

from federation.vocabulary.types import EventDocument, NoteDocument, PracticeDocument
from inbox.interpret.post import post_draft
from inbox.scene import Outcome, Scene, ignored
from node.community import errands, foreign_posts, objects
from node.community.errands import Errand
from node.community.received import Received
from node.models import Actor

Readable = NoteDocument | EventDocument | PracticeDocument
DEEPEST = 10
"""So many answers above one that came in are read on our own account."""


async def keep_object(
    told: Readable, *, author: Actor, scene: Scene, is_solicited: bool = False, depth: int = 0
) -> Outcome:
    """Keep a post, event or practice record as it is now.

    Args:
        told: its `attributed_to` is `author`.
        is_solicited: somebody here asked for it, or follows who passed it on.
        depth: how many answers lie between it and what came in.
    """
    if told.attributed_to != author.uri:
        return ignored("it belongs to somebody else")
    match told:
        case NoteDocument():
            post = post_draft(told, followers_uri=author.followers_uri, now=scene.now, is_solicited=is_solicited)
            kept = await foreign_posts.receive(post, grant=scene.decision.grants.interact, now=scene.now)
            await _look_above(told, kept, scene, depth=depth)
        case _:
            return ignored("not kept yet")
    return Outcome(applied=kept.changed, reason=kept.reason)


async def _look_above(note: NoteDocument, kept: Received, scene: Scene, *, depth: int) -> None:
    """Ask for what an answer answers, if we do not hold it and have not climbed too high."""
    if not kept.changed or note.in_reply_to is None or depth >= DEEPEST:
        return
    if await objects.find(note.in_reply_to) is None:
        await errands.ask(Errand.OBJECT, note.in_reply_to, now=scene.now, payload={"depth": depth + 1})
