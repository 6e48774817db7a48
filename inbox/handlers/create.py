"""Create and Update: the speaker publishes or changes something of their own, or their own profile."""

from collections.abc import Sequence

from federation.errors import Malformed, Unauthorised
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
from inbox.interpret.keep import Telling, keep_object, keep_posts
from inbox.scene import APPLIED, Footprint, Given, Outcome, Scene, ignored
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
        told = scene.embedded.told if scene.embedded else parse_object(about.document, relaxed=scene.relaxed)
        return await _keep_embedded(told, scene)
    except Malformed as error:
        return ignored(f"the object is not readable: {error}")


def footprint(given: Given) -> Footprint | None:
    """Return what a post touches; None for all else, and for a post that its speaker may not vouch for."""
    scene, note = given.scene, _plain_post(given)
    if note is None:
        return None
    try:
        require_embedded_trust(note.id, note.attributed_to, signer_uri=scene.speaker.uri, relaxed=scene.relaxed)
    except (Malformed, Unauthorised):
        return None
    about = (note.in_reply_to, note.quote, note.quote_authorization)
    reads = {scene.speaker.uri, *(uri for uri in about if uri is not None)}
    return Footprint(reads=frozenset(reads), changes=frozenset({note.id}))


async def handle_all(given: Sequence[Given]) -> list[Outcome]:
    """Keep posts as `handle` does, many at once."""
    told = [(each.scene, note) for each in given if (note := _plain_post(each)) is not None]
    return await keep_posts([Telling(note, scene.speaker, scene) for scene, note in told])


def _plain_post(given: Given) -> NoteDocument | None:
    """Return the post that an activity brings with it, if there is nothing else to do with it than keep it."""
    about, embedded = given.activity.object, given.scene.embedded
    if about is None or about.id is None or about.id in given.scene.fetched or embedded is None:
        return None
    if given.activity.type == "Create" and vote.votes_in(given.activity, relaxed=given.scene.relaxed):
        return None
    return embedded.told if isinstance(embedded.told, NoteDocument) else None


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
