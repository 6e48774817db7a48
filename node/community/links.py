"""One-time links: sign in, accept an invitation, set a password. Each works once and only for its purpose.

Looking at a link changes nothing (mail scanners follow links); using it is a POST.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from node.chance import token
from node.community.roles import is_at_least
from node.community.sessions import hashed
from node.database import atomic
from node.errors import Invalid, NotFound, Spent
from node.models import LinkPurpose, Member, MemberState, OneTimeLink, Role
from node.text.address import parse_address

LIFETIMES = {
    LinkPurpose.SIGN_IN: timedelta(minutes=10),
    LinkPurpose.PASSWORD: timedelta(minutes=60),
    LinkPurpose.INVITATION: timedelta(days=14),
}
REMEMBERED = timedelta(days=30)
"""So long a link that ran out says that it did, rather than that it never was."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation grants, before somebody takes it."""

    role: Role
    email: str | None
    invited_by: Member | None


async def make_for(member: Member, purpose: LinkPurpose, *, now: datetime) -> str:
    """Return the token of a new link for `member`; older unused ones for the same purpose end."""
    secret = token()
    async with atomic():
        await OneTimeLink.filter(member_id=member.id, purpose=purpose, used_at__isnull=True).update(used_at=now)
        await OneTimeLink.create(
            token_hash=hashed(secret),
            purpose=purpose,
            member=member,
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
        )
    return secret


async def invite(*, by: Member | None, role: Role, email: str | None, now: datetime) -> str:
    """Return the token of a new invitation.

    Args:
        by: who invites; None for the command line. Nobody can grant more than they have.
        email: whom it is for, if known; the account gets this address.

    Raises:
        Invalid: `role` is above that of `by`, or the address is none.
    """
    address = parse_address(email) if email else None
    if by is not None and not is_at_least(by.role, role):
        raise Invalid({"role": "You can grant at most the role that you have."})
    secret = token()
    await OneTimeLink.create(
        token_hash=hashed(secret),
        purpose=LinkPurpose.INVITATION,
        email=address,
        role=role,
        made_by_id=by.id if by else None,
        created_at=now,
        expires_at=now + LIFETIMES[LinkPurpose.INVITATION],
    )
    return secret


async def look(secret: str, purpose: LinkPurpose, *, now: datetime) -> OneTimeLink:
    """Return the link of a token without using it.

    Raises:
        NotFound: no such link for this purpose.
        Spent: it was used or ran out.
    """
    link = await OneTimeLink.get_or_none(token_hash=hashed(secret), purpose=purpose).select_related("member__actor")
    if link is None:
        raise NotFound("no such link")
    if link.used_at is not None or link.expires_at <= now:
        raise Spent("this link was used or ran out")
    if link.member is not None and link.member.state is not MemberState.ACTIVE:
        raise NotFound("the account is not active")
    return link


async def use(secret: str, purpose: LinkPurpose, *, now: datetime) -> OneTimeLink:
    """Use a link up and return it; of many at once exactly one succeeds.

    Raises:
        NotFound, Spent: as `look`.
    """
    link = await look(secret, purpose, now=now)
    used = await OneTimeLink.filter(id=link.id, used_at__isnull=True).update(used_at=now)
    if used != 1:
        raise Spent("this link was used a moment ago")
    return link


async def end_all(member_id: int) -> int:
    """Delete what would still sign a member in or change a password; return how many links."""
    return await OneTimeLink.filter(member_id=member_id, used_at__isnull=True).delete()


async def sweep(*, now: datetime) -> int:
    """Delete links that ran out long ago; return how many."""
    return await OneTimeLink.filter(expires_at__lte=now - REMEMBERED).delete()


async def open_invitations(*, now: datetime) -> list[OneTimeLink]:
    """Return the invitations that nobody has taken yet."""
    return await OneTimeLink.filter(purpose=LinkPurpose.INVITATION, used_at__isnull=True, expires_at__gt=now).order_by(
        "-id"
    )


async def withdraw_invitation(link_id: int, *, now: datetime) -> None:
    """Make an invitation useless."""
    await OneTimeLink.filter(id=link_id, purpose=LinkPurpose.INVITATION, used_at__isnull=True).update(used_at=now)
