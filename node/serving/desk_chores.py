"""Chores of the moderators' desk: letters about decisions, the daily letter, purges, the end of what was deleted."""

from inbox import backlog as incoming
from inbox.models import ReceivedState
from node.community import moderation, node_profile, purging
from node.mail import desk_letters
from node.mail.worker import sender_of
from node.models import Job, JobState
from node.serving.assembly import Node

FOLLOW_UP_SECONDS = 2.0
DAILY_SECONDS = 600.0


async def follow_up(node: Node) -> None:
    """Do what follows from the moderators' decisions, until nothing is due."""

    async def written() -> desk_letters.Post:
        return await office(node)

    while await purging.step(now=node.clock.now()):
        pass
    while await desk_letters.step(written, clock=node.clock.now):
        pass


async def daily(node: Node) -> None:
    """Erase what moderators deleted long enough ago, and write the daily letters of the desk."""
    now = node.clock.now()
    await moderation.erase_deleted(now=now)
    if not await node_profile.is_held():
        await desk_letters.queue_daily(await office(node), dead=_given_up, now=now)


async def office(node: Node) -> desk_letters.Post:
    """Return what letters of the desk are made with."""
    settings, profile = node.settings, await node_profile.read()
    sender = sender_of(settings, profile.name if profile else "") if node.surroundings.mailer else None
    return desk_letters.Post(sender, settings.public_url.rstrip("/"), profile.contact if profile else "")


async def _given_up() -> int:
    received = (await incoming.backlog()).states.get(ReceivedState.DEAD.value, 0)
    return received + await Job.filter(state=JobState.DEAD).count()
