"""Add and Remove: the speaker pins something of its own to its profile, or takes it down."""

from datetime import timedelta

from federation.vocabulary.types import Activity
from inbox.scene import APPLIED, Outcome, Scene, ignored, require_object_uri
from node.community import errands, moves, pins
from node.community.errands import Errand

PAUSE = timedelta(minutes=10)
"""Between two looks at what somebody pins."""


async def add(activity: Activity, scene: Scene) -> Outcome:
    """Pin what we hold; where somebody here follows the speaker, have the list read for what we don't.

    Spec: ActivityPub §7.8; Mastodon `featured`; security T-19.
    """
    if not _is_own_list(activity, scene):
        return ignored("not a list of the speaker that is kept here")
    uri = require_object_uri(activity.object.id if activity.object else None)
    if await pins.received(scene.speaker, uri, now=scene.now):
        return APPLIED
    if not await moves.someone_follows(scene.speaker):
        return ignored("we do not hold it, or it is not the speaker's")
    await errands.ask(Errand.FEATURED, scene.speaker.uri, now=scene.now, pause=PAUSE)
    return Outcome(applied=True, reason="the list is read first")


async def remove(activity: Activity, scene: Scene) -> Outcome:
    """Take the speaker's own pin down.

    Spec: ActivityPub §7.9; security T-19.
    """
    if not _is_own_list(activity, scene):
        return ignored("not a list of the speaker that is kept here")
    uri = require_object_uri(activity.object.id if activity.object else None)
    removed = await pins.received_removal(scene.speaker, uri)
    return APPLIED if removed else ignored("it was not pinned")


def _is_own_list(activity: Activity, scene: Scene) -> bool:
    named = activity.target.id if activity.target else None
    return named is not None and named == scene.speaker.featured_uri
