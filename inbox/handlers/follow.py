"""Follow: somebody on another server wants to follow one of ours."""

from federation.vocabulary.types import Activity
from inbox.scene import APPLIED, Outcome, Scene, ignored, require_object_uri
from node.community import actors, follows
from node.community.follows import FollowAnswer, FollowRequest
from node.models import ActorKind

INSTANCE_KINDS = frozenset({ActorKind.APPLICATION, ActorKind.SERVICE, ActorKind.GROUP})


async def handle(activity: Activity, scene: Scene) -> Outcome:
    """Accept, keep pending or refuse; the answer goes out by the journal.

    Spec: ActivityPub §7.5.
    """
    target = await actors.by_uri(require_object_uri(activity.object.id if activity.object else None))
    if target is None or not target.is_local:
        return ignored("nobody here has that id")
    grant = scene.decision.grants.follow
    if target.kind is ActorKind.APPLICATION and scene.speaker.kind not in INSTANCE_KINDS:
        grant = type(grant).NONE
    request = FollowRequest(scene.speaker, target, activity.id)
    answer = await follows.request(request, grant=grant, now=scene.now)
    if answer is FollowAnswer.IGNORED:
        return ignored("this Follow was undone before, or stands already")
    return APPLIED
