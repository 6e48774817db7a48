"""Flag: another server asks our moderators to look at somebody of ours."""

from federation.vocabulary.types import Activity
from inbox.scene import Outcome, Scene, ignored
from node.community import reports
from node.community.reports import ForeignReport


async def handle(activity: Activity, scene: Scene) -> Outcome:
    """Put it on the moderators' desk; nobody is told, and nothing is told back.

    Spec: ActivityStreams Flag; security V-L01.
    """
    uris = tuple(dict.fromkeys(about.id for about in activity.objects if about.id is not None))
    if not uris:
        return ignored("it does not say who is reported")
    told = ForeignReport(scene.speaker, activity.id, uris[: reports.MOST_OBJECTS], activity.content)
    kept = await reports.receive(told, now=scene.now, grant=scene.decision.grants.interact)
    return Outcome(applied=kept.changed, reason=kept.reason)
