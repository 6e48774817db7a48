"""Letters that a page causes: a sign-in link, sent only to an address that has an account."""

import asyncio

from node.community import links, members
from node.database import atomic
from node.errors import TooMany
from node.i18n import translator
from node.mail.letters import sign_in_letter
from node.mail.message import Sender
from node.mail.queue import Addressed, post
from node.models import LinkPurpose
from node.surroundings import Surroundings

ANSWER_SECONDS = 0.25
"""More than finding a member and queueing a letter takes."""


async def mail_sign_in_link(email: str, *, surroundings: Surroundings, sender: Sender) -> None:
    """Queue a sign-in link for an address, if it belongs to a member; the caller learns nothing either way.

    Nor does a watch tell: it takes the same time whether there is an account or not. Spec: security T-53.

    Args:
        email: as typed.
    """
    begun = surroundings.clock.monotonic()
    await _queue(email, surroundings, sender)
    await asyncio.sleep(max(0.0, begun + ANSWER_SECONDS - surroundings.clock.monotonic()))


async def _queue(email: str, surroundings: Surroundings, sender: Sender) -> None:
    member = await members.by_email(email)
    if member is None or member.email is None or surroundings.mailer is None:
        return
    now = surroundings.clock.now()
    base = surroundings.settings.public_url.rstrip("/")
    minutes = int(links.LIFETIMES[LinkPurpose.SIGN_IN].total_seconds() // 60)
    try:
        async with atomic():
            secret = await links.make_for(member, LinkPurpose.SIGN_IN, now=now)
            letter = sign_in_letter(
                translator(member.locale), network=sender.name, url=f"{base}/sign-in/link/{secret}", minutes=minutes
            )
            key = f"{member.id} {now.isoformat()}"
            await post(Addressed(letter, member.email, "sign-in", key), sender=sender, now=now)
    except TooMany:
        return
