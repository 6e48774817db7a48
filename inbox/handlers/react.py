"""Like and Announce: the speaker likes something, or passes it on."""

from federation.vocabulary.types import (
    Activity,
    EventDocument,
    NoteDocument,
    PracticeDocument,
)
from inbox.interpret.keep import keep_object
from inbox.scene import APPLIED, Outcome, Scene, ignored, require_object_uri
from node.community import interactions
from node.community.interactions import ForeignReaction
from node.models import Actor
from node.policy.grants import Interact


async def like(activity: Activity, scene: Scene) -> Outcome:
    """Count a Like of something we hold; once an actor.

    Spec: ActivityPub §7.10.
    """
    if scene.decision.grants.interact is Interact.NONE:
        return ignored("policy does not let this server interact")
    uri = require_object_uri(activity.object.id if activity.object else None)
    given = ForeignReaction(scene.speaker, uri, activity.id)
    known = await interactions.received_like(given, grant=scene.decision.grants.interact, now=scene.now)
    return APPLIED if known else ignored("we do not hold what is liked, or it was liked before")


async def announce(activity: Activity, scene: Scene) -> Outcome:
    """Note that something was passed on; what we do not hold was read from its origin beforehand.

    Spec: ActivityPub §7.11; FEP-1b12.
    """
    if scene.decision.grants.interact is Interact.NONE:
        return ignored("policy does not let this server interact")
    uri = require_object_uri(activity.object.id if activity.object else None)
    read = scene.fetched.get(uri)
    if isinstance(read, NoteDocument | EventDocument | PracticeDocument):
        author = await Actor.get_or_none(uri=read.attributed_to)
        if author is None:
            return ignored("the author of what is passed on could not be read")
        await keep_object(read, author=author, scene=scene.of(author), is_solicited=True)
        uri = read.id
    given = ForeignReaction(scene.speaker, uri, activity.id)
    known = await interactions.received_boost(given, grant=scene.decision.grants.interact, now=scene.now)
    return APPLIED if known else ignored("we do not hold what is passed on, or it was passed on before")
