"""Create and Update: the speaker publishes or changes something of their own, or their own profile."""

from federation.errors import Malformed
from federation.vocabulary.parse import parse_object
from federation.vocabulary.types import (
    Activity,
    ActorDocument,
    EventDocument,
    NoteDocument,
    ParsedObject,
    PracticeDocument,
)
from inbox.authority import require_embedded_trust, require_owner
from inbox.handlers import vote
from inbox.interpret.actor import actor_draft
from inbox.interpret.keep import keep_object
from inbox.scene import APPLIED, Outcome, Scene, ignored
from node.community import foreign_actors
from node.models import Actor


async def handle(activity: Activity, scene: Scene) -> Outcome:
    """Keep the object as it is now.

    The embedded object counts if its author signed it; otherwise the copy that was read from its origin.

    Spec: ActivityPub §7.2, §7.3; FEP-fe34.
    """
    votes = vote.votes_in(activity, relaxed=scene.relaxed) if activity.type == "Create" else ()
    if votes:
        return await vote.handle(votes, activity, scene)
    about = activity.object
    if about is None or about.id is None:
        return ignored("it carries no object with an id")
    read = scene.fetched.get(about.id)
    if read is not None:
        return await _keep_fetched(read, scene)
    if about.document is None:
        return ignored("the object could not be read from its origin")
    try:
        return await _keep_embedded(parse_object(about.document, relaxed=scene.relaxed), scene)
    except Malformed as error:
        return ignored(f"the object is not readable: {error}")


async def _keep_embedded(told: ParsedObject, scene: Scene) -> Outcome:
    if isinstance(told, ActorDocument):
        return await _keep_actor(told, scene)
    if not isinstance(told, NoteDocument | EventDocument | PracticeDocument):
        return ignored(f"objects of type {told.type if hasattr(told, 'type') else 'this'} are not kept")
    require_embedded_trust(told.id, told.attributed_to, signer_uri=scene.speaker.uri, relaxed=scene.relaxed)
    return await keep_object(told, author=scene.speaker, scene=scene)


async def _keep_actor(told: ActorDocument, scene: Scene) -> Outcome:
    require_owner(told.id, signer_uri=scene.speaker.uri)
    await foreign_actors.remember(actor_draft(told, relaxed=scene.relaxed), now=scene.now)
    return APPLIED


async def _keep_fetched(read: ParsedObject, scene: Scene) -> Outcome:
    if isinstance(read, ActorDocument):
        return await _keep_actor(read, scene)
    if not isinstance(read, NoteDocument | EventDocument | PracticeDocument):
        return ignored("what stands at its origin is not kept here")
    author = await Actor.get_or_none(uri=read.attributed_to)
    if author is None:
        return ignored("its author could not be read")
    return await keep_object(read, author=author, scene=scene.of(author))
