"""Members: who has an account here, and what they may do."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from node.community import actors, journal, links, passwords, sessions
from node.community.facts import MemberJoined, MemberStateChanged, RoleChanged
from node.database import atomic
from node.errors import Conflict, Invalid, NotAllowed, NotFound
from node.models import LinkPurpose, Member, MemberState, Role
from node.text.address import parse_address

ORDER = tuple(Role)


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody who is to get an account.

    Args:
        name: `[a-z0-9_]{1,30}`; it never changes and never returns.
        email: None for somebody who signs in by printed links or a password.
        password: None for somebody who signs in by mail.
    """

    name: str
    display_name: str
    email: str | None = None
    password: str | None = None
    role: Role = Role.MEMBER
    locale: str = "en"


async def add(new: NewMember, *, base: str, now: datetime, by_member_id: int | None = None) -> Member:
    """Give somebody an account. The actor gets its keys from whoever calls, or from the next look for missing ones.

    Raises:
        Invalid: the name, address or password can't be taken; says what to change.
        Conflict: the address belongs to somebody else.
    """
    email = parse_address(new.email) if new.email else None
    hashed = None
    if new.password is not None:
        hashed = await passwords.hash_of(passwords.require_strong(new.password, name=new.name))
    if email and await Member.exists(email=email):
        raise Conflict("This e-mail address already has an account.")
    async with atomic():
        actor = await actors.create_person(new.name, new.display_name, base=base, now=now)
        member = await Member.create(
            actor=actor,
            email=email,
            password_hash=hashed,
            role=new.role,
            locale=new.locale,
            invited_by_id=by_member_id,
            created_at=now,
        )
        await journal.note(MemberJoined(member.id), at=now, by_member_id=by_member_id)
    return member


async def accept_invitation(secret: str, new: NewMember, *, base: str, now: datetime) -> Member:
    """Turn an invitation into an account with the role and, if it names one, the address of the invitation.

    Raises:
        NotFound, Withdrawn: the invitation does not stand.
        Invalid, Conflict: as `add`; the invitation then still stands.
    """
    seen = await links.look(secret, LinkPurpose.INVITATION, now=now)
    granted = NewMember(
        new.name, new.display_name, seen.email or new.email, new.password, seen.role or Role.MEMBER, new.locale
    )
    async with atomic():
        await links.use(secret, LinkPurpose.INVITATION, now=now)
        return await add(granted, base=base, now=now, by_member_id=seen.made_by_id)


async def by_name(name: str) -> Member:
    """Return the member called `name`.

    Raises:
        NotFound: nobody is.
    """
    member = await Member.get_or_none(actor__local_name=name.lower()).select_related("actor")
    if member is None:
        raise NotFound(f"no member called {name}")
    return member


async def by_id(member_id: int) -> Member:
    """Return the member with this row id, actor included."""
    member = await Member.get_or_none(id=member_id).select_related("actor")
    if member is None:
        raise NotFound(f"no member {member_id}")
    return member


async def by_email(email: str) -> Member | None:
    """Return the active member with this address, None if there is none."""
    return await Member.get_or_none(email=email.strip().lower(), state=MemberState.ACTIVE).select_related("actor")


async def sign_in(name_or_email: str, password: str) -> Member | None:
    """Return the member whom name and password prove; None otherwise, after the same time."""
    wanted = name_or_email.strip().lower().removeprefix("@")
    where = Q(email=wanted) if "@" in wanted else Q(actor__local_name=wanted)
    member = await Member.get_or_none(where, state=MemberState.ACTIVE).select_related("actor")
    known = await passwords.fits(password, member.password_hash if member else None)
    return member if known else None


async def set_password(member: Member, password: str, *, keep_session: int | None) -> None:
    """Set a new password and end every other session.

    Raises:
        Invalid: the password is too weak.
    """
    hashed = await passwords.hash_of(passwords.require_strong(password, name=member.actor.name))
    async with atomic():
        await Member.filter(id=member.id).update(password_hash=hashed)
        await sessions.end_all(member.id, but=keep_session)


async def set_role(member: Member, role: Role, *, by: Member | None, now: datetime) -> None:
    """Give a member another role; all their sessions end.

    Raises:
        NotAllowed: `by` would change somebody above them, or grant more than they have.
        Invalid: the last steward would be gone.
    """
    if by is not None and max(ORDER.index(member.role), ORDER.index(role)) > ORDER.index(by.role):
        raise NotAllowed("a role above one's own")
    await _require_another_steward(member, stays=role is Role.STEWARD)
    async with atomic():
        await Member.filter(id=member.id).update(role=role)
        await sessions.end_all(member.id)
        fact = RoleChanged(member.id, before=member.role, after=role)
        await journal.note(fact, at=now, by_member_id=by.id if by else None)


async def set_state(member: Member, state: MemberState, *, by: Member | None, now: datetime) -> None:
    """Disable or enable an account; a disabled one is signed out everywhere at once."""
    if by is not None and ORDER.index(member.role) > ORDER.index(by.role):
        raise NotAllowed("somebody with a higher role")
    await _require_another_steward(member, stays=state is MemberState.ACTIVE)
    async with atomic():
        await Member.filter(id=member.id).update(state=state)
        await sessions.end_all(member.id)
        fact = MemberStateChanged(member.id, before=member.state, after=state)
        await journal.note(fact, at=now, by_member_id=by.id if by else None)


async def set_preferences(member: Member, *, locale: str, time_zone: str, mail_notifications: bool) -> None:
    """Keep how the member wants to be spoken to."""
    await Member.filter(id=member.id).update(locale=locale, time_zone=time_zone, mail_notifications=mail_notifications)


async def hide_welcome(member: Member) -> None:
    """Put the five first steps away."""
    await Member.filter(id=member.id).update(welcome_hidden=True)


async def listing() -> list[Member]:
    """Return all members with their actors, the newest first."""
    return await Member.all().select_related("actor").order_by("-id")


async def _require_another_steward(member: Member, *, stays: bool) -> None:
    if stays or member.role is not Role.STEWARD:
        return
    if not await Member.filter(role=Role.STEWARD, state=MemberState.ACTIVE).exclude(id=member.id).exists():
        raise Invalid("A node needs at least one steward: make somebody else steward first.")
