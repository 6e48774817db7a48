"""Letters about what happened to a member: a reply, a mention, somebody who asks to follow."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from node.errors import Invalid, TooMany
from node.i18n import translator
from node.mail.letters import notice_letter, notice_sentence
from node.mail.message import Sender, message_id
from node.mail.queue import NOTICES, Addressed, post
from node.models import ActorState, MemberState, Notification, NotificationKind, OutgoingMail

WRITTEN_ABOUT = (NotificationKind.REPLY, NotificationKind.MENTION, NotificationKind.FOLLOW_REQUEST)
FRESH = timedelta(hours=1)
AT_ONCE = 100
KIND = "notice"


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses on this node that letters name."""

    notifications_url: str
    settings_url: str


async def queue_notices(*, sender: Sender, places: Places, now: datetime) -> int:
    """Queue a letter for each fresh notification whose member wants mail; return how many.

    What was queued before is known by its Message-ID, so that this may run as often as it likes.
    What is over the limits is not sent later: the page has it anyway.
    """
    waiting = await _without_letter(sender.host, now=now)
    queued = 0
    for notification in waiting:
        try:
            await post(_letter(notification, sender, places), sender=sender, now=now, limits=NOTICES)
        except (Invalid, TooMany):
            continue
        queued += 1
    return queued


async def _without_letter(host: str, *, now: datetime) -> list[Notification]:
    fresh = (
        await Notification.filter(
            kind__in=WRITTEN_ABOUT,
            created_at__gt=now - FRESH,
            member__mail_notifications=True,
            member__email__isnull=False,
            member__state=MemberState.ACTIVE,
            actor__state=ActorState.ACTIVE,
        )
        .order_by("-id")
        .limit(AT_ONCE)
        .select_related("member", "actor")
    )
    if not fresh:
        return []
    ids = {message_id(KIND, str(row.id), host): row for row in fresh}
    known = {mail.message_id for mail in await OutgoingMail.filter(message_id__in=list(ids))}
    return [row for identifier, row in ids.items() if identifier not in known]


def _letter(notification: Notification, sender: Sender, places: Places) -> Addressed:
    member, actor = notification.member, notification.actor
    words = translator(member.locale)
    who = f"{actor.display_name} (@{actor.name}@{actor.host})".strip()
    composed = notice_letter(
        words,
        network=sender.name,
        sentence=notice_sentence(words, notification.kind.value, who),
        url=places.notifications_url,
        settings_url=places.settings_url,
    )
    return Addressed(composed, member.email or "", KIND, str(notification.id))
