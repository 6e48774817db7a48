"""What members do with their own account, beside the password: another address, and leaving for good."""

from datetime import datetime

from tortoise.exceptions import IntegrityError

from node.community import departures, erasure, links, members
from node.database import atomic
from node.errors import Invalid
from node.i18n import gettext as _
from node.models import Attachment, Event, Media, Member, Notification, OutgoingMail, Practice, Visibility
from node.text.address import parse_address


async def set_email(member: Member, email: str) -> None:
    """Give a member another address, or none; links that were mailed to the old one end.

    Raises:
        Invalid: it is no plain address, somebody else has it, or nothing would be left to sign in with.
    """
    address = parse_address(email) if email.strip() else None
    if address is None and member.password_hash is None:
        raise Invalid({"email": _("Choose a password first: without both you could not come back.")})
    try:
        async with atomic():
            await Member.filter(id=member.id).update(email=address)
            await links.end_all(member.id)
    except IntegrityError:
        raise Invalid({"email": _("This address belongs to another account here.")}) from None


async def leave(member: Member, *, now: datetime) -> None:
    """Close a member's account and erase what is theirs; other servers are told by the journal.

    Published records, the network's events and the audit log stay. A second time changes nothing.

    Args:
        member: with the actor loaded.

    Raises:
        Invalid: the last steward would be gone.

    Spec: security V-K13.
    """
    async with atomic():
        await members.close(member, now=now)
        await departures.leave(member.actor, now=now, by_member_id=member.id)
        await _erase_drafts(member)
        await Notification.filter(member_id=member.id).delete()
        await _let_go_of_pictures(member)
        if member.email:
            await OutgoingMail.filter(to_address=member.email).delete()


async def _erase_drafts(member: Member) -> None:
    """Erase what was begun for the network and never published: nobody but its author asked for it."""
    for begun in (
        Practice.filter(author_id=member.id, is_local=True, visibility=Visibility.DRAFT),
        Event.filter(author_id=member.id, is_local=True, visibility=Visibility.DRAFT),
    ):
        await erasure.erase_traces([str(uri) for uri in await begun.values_list("uri", flat=True)])
        await begun.delete()


async def _let_go_of_pictures(member: Member) -> None:
    """Forget the pictures that stand beside nothing any more; their files go at the next look for lost ones."""
    theirs = Attachment.filter(media__owner_id=member.actor_id)
    used = [media_id for media_id in await theirs.values_list("media_id", flat=True) if media_id is not None]
    await Media.filter(owner_id=member.actor_id).exclude(id__in=used).delete()
