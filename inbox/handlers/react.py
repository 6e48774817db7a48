"""Like, EmojiReact and Announce: the speaker likes something, reacts to it with a sign, or passes it on."""

from federation.vocabulary.types import (
    Activity,
    Document,
    EventDocument,
    NoteDocument,
    PracticeDocument,
)
from inbox.interpret.keep import keep_object
from inbox.scene import APPLIED, Outcome, Scene, ignored, require_object_uri
from node.community import interactions, signs
from node.community.interactions import ForeignReaction
from node.community.signs import ForeignSign
from node.models import Actor
from node.policy.grants import Interact


async def like(activity: Activity, scene: Scene) -> Outcome:
    """Count a Like of something we hold; once an actor. One with a sign in it is a reaction.

    Spec: ActivityPub §7.10; FEP-c0e0.
    """
    if sign_in(activity.document) not in signs.PLAIN_LIKES | {""}:
        return await react(activity, scene)
    if scene.decision.grants.interact is Interact.NONE:
        return ignored("policy does not let this server interact")
    uri = require_object_uri(activity.object.id if activity.object else None)
    given = ForeignReaction(scene.speaker, uri, activity.id)
    known = await interactions.received_like(given, grant=scene.decision.grants.interact, now=scene.now)
    return APPLIED if known else ignored("we do not hold what is liked, or it was liked before")


async def react(activity: Activity, scene: Scene) -> Outcome:
    """Keep a reaction with a sign; each sign once an actor.

    Spec: FEP-c0e0.
    """
    uri = require_object_uri(activity.object.id if activity.object else None)
    grant = scene.decision.grants.interact
    given = ForeignSign(scene.speaker, uri, sign_in(activity.document), activity.id)
    is_new = await signs.received(given, grant=grant, now=scene.now)
    return APPLIED if is_new else ignored("no sign that is kept, of nothing that we hold, or given before")


def sign_in(document: Document) -> str:
    """Return the sign that an activity carries, empty if none; Misskey has a name of its own for it."""
    found = (document.get(name) for name in ("content", "_misskey_reaction"))
    return next((value.strip() for value in found if isinstance(value, str) and value.strip()), "")


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
