"""Block: the speaker wants nothing to do with one of ours."""

from federation.vocabulary.types import Activity
from inbox.scene import APPLIED, Outcome, Scene, ignored, require_object_uri
from node.community import actors, avoidances


async def handle(activity: Activity, scene: Scene) -> Outcome:
    """End what stands between the two; who is not of ours is none of our business.

    Spec: ActivityPub §7.9.
    """
    target = await actors.by_uri(require_object_uri(activity.object.id if activity.object else None))
    if target is None or not target.is_local:
        return ignored("nobody here has that id")
    blocked = await avoidances.received_block(scene.speaker, target, activity_uri=activity.id, now=scene.now)
    return APPLIED if blocked else ignored("that was so before")
