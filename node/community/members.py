"""Members: who has an account here, and what they may do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from node.community import actors, journal, links, passwords, sessions
from node.community.facts import MemberJoined, MemberStateChanged, RoleChanged
from node.community.once import Columns
from node.community.roles import is_at_least
from node.database import atomic
from node.errors import Conflict, Invalid, NotAllowed, NotFound, Spent
from node.i18n import gettext as _
from node.models import Actor, ActorState, LinkPurpose, Member, MemberState, Role
from node.text.address import parse_address


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
    columns = await _columns(new)
    async with atomic():
        return await _write(new, columns, base=base, now=now, by_member_id=by_member_id)


def require_good(new: NewMember) -> None:
    """Check name, address and password, as far as can be told without looking who is here.

    Raises:
        Invalid: what to change, all fields at once.
    """
    checks: list[Callable[[], object]] = [partial(actors.require_good_name, new.name)]
    if new.email:
        checks.append(partial(parse_address, new.email))
    if new.password is not None:
        checks.append(partial(passwords.require_strong, new.password, name=new.name))
    wrong: dict[str, str] = {}
    for check in checks:
        try:
            check()
        except Invalid as refusal:
            wrong |= refusal.fields
    if wrong:
        raise Invalid(wrong)


async def _columns(new: NewMember) -> Columns:
    """Check and hash what can be before anything is written: a hash takes its time and must hold no lock."""
    require_good(new)
    email = parse_address(new.email) if new.email else None
    hashed = await passwords.hash_of(new.password) if new.password is not None else None
    return {"email": email, "password_hash": hashed, "role": new.role, "locale": new.locale}


async def _write(new: NewMember, columns: Columns, *, base: str, now: datetime, by_member_id: int | None) -> Member:
    actor = await actors.create_person(new.name, new.display_name, base=base, now=now)
    try:
        async with atomic():
            member = await Member.create(**columns, actor=actor, invited_by_id=by_member_id, created_at=now)
    except IntegrityError:
        raise Conflict("This e-mail address already has an account.") from None
    await journal.note(MemberJoined(member.id), at=now, by_member_id=by_member_id)
    return member


async def accept_invitation(secret: str, new: NewMember, *, base: str, now: datetime) -> Member:
    """Turn an invitation into an account with the role and, if it names one, the address of the invitation.

    Raises:
        NotFound, Spent: the invitation does not stand, or who made it may not grant that role any more.
        Invalid, Conflict: as `add`; the invitation then still stands.
    """
    seen = await links.look(secret, LinkPurpose.INVITATION, now=now)
    granted = replace(new, email=seen.email or new.email, role=seen.role or Role.MEMBER)
    columns = await _columns(granted)
    async with atomic():
        await links.use(secret, LinkPurpose.INVITATION, now=now)
        await _require_inviter(seen.made_by_id, granted.role)
        return await _write(granted, columns, base=base, now=now, by_member_id=seen.made_by_id)


async def _require_inviter(member_id: int | None, role: Role) -> None:
    if member_id is None:
        return
    inviter = await Member.get_or_none(id=member_id, state=MemberState.ACTIVE)
    if inviter is None or not is_at_least(inviter.role, role):
        raise Spent("whoever invited may not grant this any more")


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
    """Set a new password; every other session and every link that signs in ends.

    Raises:
        Invalid: the password is too weak.

    Spec: security V-M22, T-51.
    """
    hashed = await passwords.hash_of(passwords.require_strong(password, name=member.actor.name))
    async with atomic():
        await Member.filter(id=member.id).update(password_hash=hashed)
        await sessions.end_all(member.id, but=keep_session)
        await links.end_all(member.id)


async def set_role(member: Member, role: Role, *, by: Member | None, now: datetime) -> None:
    """Give a member another role; all their sessions and links end. The same role again changes nothing.

    Args:
        by: who does it; None for the command line.

    Raises:
        NotAllowed: only stewards decide about roles.
        Invalid: the last steward would be gone.
    """
    async with atomic():
        standing = await _standing(member, by, least=Role.STEWARD)
        if standing.role is role:
            return
        await _require_another_steward(standing, stays=role is Role.STEWARD)
        await Member.filter(id=member.id).update(role=role)
        await _sign_out(member)
        fact = RoleChanged(member.id, before=standing.role, after=role)
        await journal.note(fact, at=now, by_member_id=by.id if by else None)


async def set_state(member: Member, state: MemberState, *, by: Member | None, now: datetime) -> None:
    """Disable or enable an account; a disabled one is signed out everywhere at once, and nobody finds its actor.

    Raises:
        NotAllowed: moderators decide, about nobody above them.
        Invalid: the last steward would be gone, or the member has left.

    Spec: security T-37, T-51, A-13.
    """
    async with atomic():
        standing = await _standing(member, by, least=Role.MODERATOR)
        if standing.state is state:
            return
        if standing.state is MemberState.LEFT:
            raise Invalid(_("This member has left; an account that was closed does not open again."))
        await _require_another_steward(standing, stays=state is MemberState.ACTIVE)
        await Member.filter(id=member.id).update(state=state)
        await _show(member.actor_id, is_shown=state is MemberState.ACTIVE)
        await _sign_out(member)
        fact = MemberStateChanged(member.id, before=standing.state, after=state)
        await journal.note(fact, at=now, by_member_id=by.id if by else None)


async def close(member: Member, *, now: datetime) -> None:
    """Close an account for good, by its owner: nobody signs in with it again, its e-mail address is free.

    What the member wrote is the business of `own_account.leave`. A second time changes nothing.

    Raises:
        Invalid: the last steward would be gone.
    """
    async with atomic():
        standing = await _standing(member, None, least=Role.MEMBER)
        if standing.state is MemberState.LEFT:
            return
        await _require_another_steward(standing, stays=False)
        nothing = {"email": None, "password_hash": None, "mail_notifications": False}
        await Member.filter(id=member.id).update(state=MemberState.LEFT, **nothing)
        await _sign_out(member)
        fact = MemberStateChanged(member.id, before=standing.state, after=MemberState.LEFT)
        await journal.note(fact, at=now, by_member_id=member.id)


async def _show(actor_id: int, *, is_shown: bool) -> None:
    before, after = (ActorState.SUSPENDED, ActorState.ACTIVE) if is_shown else (ActorState.ACTIVE, ActorState.SUSPENDED)
    await Actor.filter(id=actor_id, state=before).update(state=after, suspended_at=None)
    await actors.make_findable(await Actor.get(id=actor_id))


async def _sign_out(member: Member) -> None:
    await sessions.end_all(member.id)
    await links.end_all(member.id)


async def set_preferences(member: Member, *, locale: str, time_zone: str, mail_notifications: bool) -> None:
    """Keep how the member wants to be spoken to."""
    await Member.filter(id=member.id).update(locale=locale, time_zone=time_zone, mail_notifications=mail_notifications)


async def want_desk_letters(member: Member, *, are_wanted: bool) -> None:
    """Keep whether one of the staff wants the daily letter about what waits."""
    await Member.filter(id=member.id).update(desk_letters_wanted=are_wanted)


async def hide_welcome(member: Member) -> None:
    """Put the five first steps away."""
    await Member.filter(id=member.id).update(welcome_hidden=True)


async def listing() -> list[Member]:
    """Return all members with their actors, the newest first."""
    return await Member.all().select_related("actor").order_by("-id")


async def _standing(member: Member, by: Member | None, *, least: Role) -> Member:
    """Return the member as it is now, if `by` may decide about it now; two who decide at once wait for each other.

    All stewards are locked with it, in the order of their rows, so that no two of them remove one another.
    """
    concerned = Q(role=Role.STEWARD) | Q(id__in=[member.id, by.id if by else member.id])
    rows = {row.id: row for row in await Member.filter(concerned).order_by("id").select_for_update()}
    standing = rows[member.id]
    if by is not None:
        decider = rows[by.id]
        may_decide = decider.state is MemberState.ACTIVE and is_at_least(decider.role, least)
        if not may_decide or not is_at_least(decider.role, standing.role):
            raise NotAllowed(f"{decider.role} may not decide about {standing.role}")
    return standing


async def _require_another_steward(member: Member, *, stays: bool) -> None:
    if stays or member.role is not Role.STEWARD:
        return
    if not await Member.filter(role=Role.STEWARD, state=MemberState.ACTIVE).exclude(id=member.id).exists():
        raise Invalid(_("A node needs at least one steward: make somebody else steward first."))
