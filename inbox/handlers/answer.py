"""Accept and Reject: the answer to a Follow or a QuoteRequest of ours."""

from datetime import timedelta

from federation.vocabulary.types import Activity, Reference
from inbox.handlers import quote
from inbox.scene import APPLIED, Outcome, Scene, ignored
from node.community import errands, follows
from node.community.errands import Errand
from node.models import Actor, Follow

FOLLOW = "Follow"
FEATURED_PAUSE = timedelta(days=1)
"""Between two looks at what somebody pins because our people begin to follow them."""


async def accept(activity: Activity, scene: Scene) -> Outcome:
    """Note that our Follow was accepted; an Accept for a Follow we never sent changes nothing.

    Spec: ActivityPub §7.6.
    """
    asked = await _asked(activity.object, scene)
    if asked is None:
        found = await quote.answered(activity, scene, let=True)
        return found or ignored("no Follow of ours is waiting for this answer")
    if not await follows.confirmed(asked, scene.speaker, now=scene.now):
        return ignored("no Follow of ours is waiting for this answer")
    if scene.speaker.featured_uri is not None:
        await errands.ask(Errand.FEATURED, scene.speaker.uri, now=scene.now, pause=FEATURED_PAUSE)
    return APPLIED


async def reject(activity: Activity, scene: Scene) -> Outcome:
    """Note that our Follow was refused, or that we were removed as a follower.

    Spec: ActivityPub §7.7.
    """
    asked = await _asked(activity.object, scene)
    if asked is None:
        return await quote.answered(activity, scene, let=False) or ignored("no Follow of ours is concerned")
    rejected = await follows.rejected(asked, scene.speaker, now=scene.now)
    return APPLIED if rejected else ignored("no Follow of ours is concerned")


async def _asked(about: Reference | None, scene: Scene) -> Actor | None:
    """Return our actor whose Follow of the speaker is answered, by the Follow's id or by the embedded pair."""
    if about is None:
        return None
    if about.id is not None:
        row = await Follow.get_or_none(activity_uri=about.id, target_id=scene.speaker.id).select_related("follower")
        if row is not None:
            return row.follower
    if about.document is None or about.type != FOLLOW:
        return None
    actor, target = about.document.get("actor"), about.document.get("object")
    if not isinstance(actor, str) or target != scene.speaker.uri:
        return None
    return await Actor.get_or_none(uri=actor, is_local=True)
