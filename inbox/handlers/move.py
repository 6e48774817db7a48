"""Move: the speaker goes on under another account."""

from datetime import timedelta

from federation.vocabulary.types import Activity
from inbox.scene import Outcome, Scene, ignored
from node.community import errands, moves
from node.community.errands import Errand

PAUSE = timedelta(minutes=10)
"""Between two looks at where somebody says to have moved."""


async def handle(activity: Activity, scene: Scene) -> Outcome:
    """Have the new account read, if somebody here follows the old one; it has to name the old one.

    Spec: FEP-7628; security T-20.
    """
    about = activity.object.id if activity.object else None
    target = activity.target.id if activity.target else None
    if about != scene.speaker.uri or target is None or target == about:
        return ignored("an actor moves itself, and to another one")
    moves.require_rested(scene.speaker, now=scene.now)
    if not await moves.someone_follows(scene.speaker):
        return ignored("nobody here follows them")
    await errands.ask(Errand.MOVE, about, now=scene.now, payload={"target": target}, pause=PAUSE)
    return Outcome(applied=True, reason="the new account is read first")
