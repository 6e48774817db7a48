"""Sessions: browsers that are signed in. The cookie's token is stored only as a hash.

Finding a session writes nothing; `touch` is called from the background, so that a GET never changes state.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q

from node.chance import token
from node.database import as_outage
from node.models import Member, MemberState, Role, Session

IDLE = timedelta(days=14)
LIFETIME = timedelta(days=90)
STAFF_LIFETIME = timedelta(hours=12)
FRESH = timedelta(minutes=15)
STAFF = frozenset({Role.MODERATOR, Role.FEDERATION_ADMIN, Role.STEWARD})
LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session as a request sees it."""

    session_id: int
    member: Member
    csrf_token: str
    proven_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether the person proved who they are within the last quarter of an hour."""
        return now - self.proven_at <= FRESH


def hashed(secret: str) -> str:
    """Return how a token is stored: the SHA-256 of its 256 random bits, in hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def start(member: Member, *, agent: str, now: datetime) -> str:
    """Open a session for `member`; return the token for the cookie, which is stored nowhere."""
    secret = token()
    await Session.create(
        token_hash=hashed(secret),
        member=member,
        csrf_token=token(),
        created_at=now,
        used_at=now,
        proven_at=now,
        expires_at=now + (STAFF_LIFETIME if member.role in STAFF else LIFETIME),
        agent=agent[:LONGEST_AGENT],
    )
    return secret


async def find(secret: str, *, now: datetime) -> SignedIn | None:
    """Return the standing session of a cookie's token, None if there is none; writes nothing."""
    session = await Session.get_or_none(token_hash=hashed(secret)).select_related("member__actor")
    if session is None or session.expires_at <= now or session.used_at + IDLE <= now:
        return None
    if session.member.state is not MemberState.ACTIVE:
        return None
    return SignedIn(session.id, session.member, session.csrf_token, session.proven_at)


async def touch(session_ids: Iterable[int], *, now: datetime) -> None:
    """Note that these sessions were used; called every minute for all at once.

    Raises:
        Unavailable: the database can't be used now; try again in a minute.
    """
    try:
        await Session.filter(id__in=list(session_ids)).update(used_at=now)
    except Exception as error:  # noqa: BLE001  told as an outage, or raised as it is
        raise as_outage(error) or error from None


async def prove(session_id: int, *, now: datetime) -> None:
    """Note that the person has just proven who they are."""
    await Session.filter(id=session_id).update(proven_at=now)


async def end(session_id: int, *, member: Member) -> None:
    """End one session of `member`."""
    await Session.filter(id=session_id, member_id=member.id).delete()


async def end_all(member_id: int, *, but: int | None = None) -> int:
    """End all sessions of a member, perhaps but the one at hand; return how many ended."""
    standing = Session.filter(member_id=member_id)
    return await (standing.exclude(id=but) if but is not None else standing).delete()


async def of(member: Member, *, now: datetime) -> list[Session]:
    """Return the standing sessions of `member`, the last used first."""
    standing = Session.filter(member_id=member.id, expires_at__gt=now, used_at__gt=now - IDLE)
    return await standing.order_by("-used_at", "-id")


async def sweep(*, now: datetime) -> int:
    """Delete sessions that ran out; return how many."""
    return await Session.filter(Q(expires_at__lte=now) | Q(used_at__lte=now - IDLE)).delete()
