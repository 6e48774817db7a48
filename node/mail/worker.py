"""The mail worker: writes letters about fresh notifications and hands over what is due."""

from collections.abc import Awaitable, Callable

from node.community import node_profile
from node.mail import queue
from node.mail.message import Sender
from node.mail.notices import Places, queue_notices
from node.settings import Settings
from node.surroundings import Surroundings

NOTICE_SECONDS = 10


def sender_of(settings: Settings, network: str) -> Sender:
    """Return who mail comes from.

    Args:
        network: the node's name; its host if it has none yet.
    """
    return Sender(network or settings.host, settings.mail_from)


def mail_step(surroundings: Surroundings) -> Callable[[], Awaitable[int]]:
    """Return the step for `jobs.run_forever`: it sends what is due and returns how much it was.

    A node without a mail server has nothing to do, nor has one that was restored and waits for its operator.
    """
    settings, clock, mailer = surroundings.settings, surroundings.clock, surroundings.mailer
    places = Places(f"{settings.origin}/notifications", f"{settings.origin}/settings/account")
    looked_at: list[float] = []

    async def step() -> int:
        if mailer is None or await node_profile.is_held():
            return 0
        profile = await node_profile.read()
        sender = sender_of(settings, profile.name if profile else "")
        if not looked_at or clock.monotonic() - looked_at[-1] >= NOTICE_SECONDS:
            looked_at[:] = [clock.monotonic()]
            await queue_notices(sender=sender, places=places, now=clock.now())
        return await queue.step(mailer, sender=sender, clock=clock.now)

    return step
