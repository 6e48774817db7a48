"""Undo: the speaker takes back a Follow, Like, Announce or Block of their own."""

from federation.names import canonical_uri, same_origin
from federation.vocabulary.types import Activity, Reference
from inbox.authority import require_owner
from inbox.handlers.react import sign_in
from inbox.scene import APPLIED, Outcome, Scene, ignored
from node.community import actors, avoidances, follows, interactions, signs
from node.models import Avoidance, Boost, Follow, Like


async def handle(activity: Activity, scene: Scene) -> Outcome:
    """Take back what was done, by the stored act; only who did it may.

    Spec: ActivityPub §7.12.
    """
    undone = activity.object
    if undone is None:
        return ignored("it does not say what is taken back")
    if undone.id is not None:
        stored = await _by_stored_act(undone.id, scene)
        if stored is not None:
            return stored
    return await _by_description(undone, scene)


async def _by_stored_act(uri: str, scene: Scene) -> Outcome | None:
    follow = await Follow.get_or_none(activity_uri=uri).select_related("follower", "target")
    if follow is not None:
        require_owner(follow.follower.uri, signer_uri=scene.speaker.uri)
        await follows.undo(follow.follower, follow.target, activity_uri=uri, now=scene.now)
        return APPLIED
    like = await Like.get_or_none(activity_uri=uri).select_related("actor")
    if like is not None:
        require_owner(like.actor.uri, signer_uri=scene.speaker.uri)
        await interactions.received_unlike(scene.speaker, like.object_uri)
        return APPLIED
    boost = await Boost.get_or_none(activity_uri=uri).select_related("actor")
    if boost is not None:
        require_owner(boost.actor.uri, signer_uri=scene.speaker.uri)
        await interactions.received_unboost(scene.speaker, boost.object_uri)
        return APPLIED
    block = await Avoidance.get_or_none(activity_uri=uri).select_related("actor")
    if block is not None:
        require_owner(block.actor.uri, signer_uri=scene.speaker.uri)
        await avoidances.received_unblock(scene.speaker, block.subject)
        return APPLIED
    sign = await signs.by_activity(uri)
    if sign is not None:
        require_owner(sign.actor.uri, signer_uri=scene.speaker.uri)
        await signs.taken_back(scene.speaker, sign.object_uri, sign.content)
        return APPLIED
    return None


async def _by_description(undone: Reference, scene: Scene) -> Outcome:
    """Undo by the embedded act: its actor must be the speaker; the pair says what is meant."""
    document = undone.document
    if document is None:
        return ignored("we hold no such act")
    actor, about = document.get("actor"), document.get("object")
    about = about.get("id") if isinstance(about, dict) else about
    if actor != scene.speaker.uri or not isinstance(about, str):
        return ignored("the act taken back is not the speaker's own")
    match undone.type:
        case "Follow":
            target = await actors.by_uri(about)
            if target is None:
                return ignored("nobody here has that id")
            await follows.undo(scene.speaker, target, activity_uri=_own(undone.id, scene), now=scene.now)
        case "Like" if sign_in(document) in signs.PLAIN_LIKES | {""}:
            await interactions.received_unlike(scene.speaker, about)
        case "Like" | "EmojiReact":
            await signs.taken_back(scene.speaker, about, sign_in(document))
        case "Announce":
            await interactions.received_unboost(scene.speaker, about)
        case "Block":
            await avoidances.received_unblock(scene.speaker, about)
        case _:
            return ignored(f"taking back {undone.type or 'this'} is not supported")
    return APPLIED


def _own(uri: str | None, scene: Scene) -> str | None:
    """Return an id that the speaker's server may have given; another server's is not the speaker's to use up."""
    if uri is None:
        return None
    given, speaker = (canonical_uri(each, relaxed=scene.relaxed) for each in (uri, scene.speaker.uri))
    return uri if same_origin(given, speaker) else None
