"""The mail queue: `post` writes a letter and its job, `step` hands due letters over.

A crash between handing over and writing it down sends a letter twice, with the
same Message-ID, so that mail programs show it once.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from node import jobs
from node.database import atomic, dialect, rows
from node.errors import TooMany
from node.mail.letters import Composed
from node.mail.mailer import MailRefused, MailUnavailable
from node.mail.message import Letter, Sender, build, message_id
from node.models import Job, MailState, OutgoingMail
from node.surroundings import Mailer
from node.text.address import parse_address
from node.text.sanitise import again

KIND = "mail"
AT_ONCE = 10
QUEUE = jobs.Queue("job", tries=12)
LONGEST_LETTER = timedelta(seconds=35)
"""The mailer's deadline and the writing: a letter that could outlive its lease is not begun, others may send it."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_log = logging.getLogger("talanoa.mail")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many letters may be queued; more are refused.

    Attributes:
        address_hour: to one address in an hour.
        address_day: to one address in a day.
        all_hour: by the whole node in an hour.
    """

    address_hour: int = 3
    address_day: int = 10
    all_hour: int = 500


ASKED_FOR = Limits()
"""For letters that anybody can cause by typing an address."""
NOTICES = Limits(address_hour=12, address_day=40)
"""For letters that a member has switched on."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """A composed letter with its address.

    Attributes:
        kind: what sort of letter, `sign-in`; part of the Message-ID.
        key: what makes it this one; the same key is sent once.
    """

    composed: Composed
    to_address: str
    kind: str
    key: str


async def post(letter: Addressed, *, sender: Sender, now: datetime, limits: Limits = ASKED_FOR) -> OutgoingMail:
    """Queue a letter; the same kind and key again changes nothing.

    Raises:
        Invalid: not a plain address.
        TooMany: this address or the node has had enough for now.

    Spec: security T-92.
    """
    address = parse_address(letter.to_address)
    identifier = message_id(letter.kind, letter.key, sender.host)
    async with atomic():
        await _one_at_a_time(address)
        known = await OutgoingMail.get_or_none(message_id=identifier)
        if known is not None:
            return known
        await _require_room(address, limits, now=now)
        row = await OutgoingMail.create(
            message_id=identifier,
            to_address=address,
            subject=letter.composed.subject,
            text=letter.composed.text,
            locale=letter.composed.locale,
            created_at=now,
        )
        await Job.create(kind=KIND, key=identifier, due_at=now, created_at=now)
    return row


async def step(mailer: Mailer, *, sender: Sender, clock: Callable[[], datetime], jitter: float = 0.0) -> int:
    """Hand the letters that are due over and return how many were tried.

    Args:
        clock: returns aware UTC; asked again for each letter, since a mail server may be slow.
        jitter: -0.2 up to 0.2, for the wait after a failure.
    """
    begun = clock()
    claims = await jobs.claim(QUEUE, now=begun, limit=AT_ONCE, where="kind = ?", values=[KIND])
    for claim in claims:
        if clock() - begun > QUEUE.lease - LONGEST_LETTER:
            await jobs.give_back(claim)
            continue
        await _try(claim, _sending(mailer, sender), clock=clock, jitter=jitter)
    return len(claims)


def _sending(mailer: Mailer, sender: Sender) -> Callable[[OutgoingMail], Awaitable[None]]:
    async def send(row: OutgoingMail) -> None:
        letter = Letter(
            message_id=row.message_id,
            to_address=row.to_address,
            subject=row.subject,
            text=row.text,
            written_at=row.created_at,
            locale=row.locale,
            html=again(row.html) if row.html else None,
        )
        await mailer.send(build(letter, sender))

    return send


async def _try(
    claim: jobs.Claim,
    send: Callable[[OutgoingMail], Awaitable[None]],
    *,
    clock: Callable[[], datetime],
    jitter: float,
) -> None:
    row = await OutgoingMail.get_or_none(message_id=str(claim.row["key"]), state=MailState.PENDING)
    if row is None:
        await jobs.complete(claim, now=clock(), reason="nothing to send")
        return
    try:
        await send(row)
    except MailUnavailable as error:
        await _later(claim, row, str(error), now=clock(), jitter=jitter)
    except (MailRefused, ValueError) as error:
        await _end(claim, row, MailState.REFUSED, now=clock(), reason=str(error))
    else:
        await _end(claim, row, MailState.SENT, now=clock())


async def _later(claim: jobs.Claim, row: OutgoingMail, reason: str, *, now: datetime, jitter: float) -> None:
    if claim.is_last_try:
        await _end(claim, row, MailState.REFUSED, now=now, reason=reason)
    else:
        await jobs.fail(claim, now=now, reason=reason, jitter=jitter)


async def _end(claim: jobs.Claim, row: OutgoingMail, state: MailState, *, now: datetime, reason: str = "") -> None:
    """Write the end; the text goes, since it may hold a link that signs in."""
    _log.info("mail %s id=%s %s", state.value, row.id, reason)
    async with atomic():
        await OutgoingMail.filter(id=row.id).update(
            state=state,
            reason=reason[:300],
            sent_at=now if state is MailState.SENT else None,
            text="",
            html=None,
        )
        if state is MailState.SENT:
            await jobs.complete(claim, now=now)
        else:
            await jobs.give_up(claim, now=now, reason=reason)


async def _require_room(address: str, limits: Limits, *, now: datetime) -> None:
    to_them = OutgoingMail.filter(to_address=address)
    if await to_them.filter(created_at__gt=now - HOUR).count() >= limits.address_hour:
        raise TooMany("letters to one address in an hour", retry_after=3600)
    if await to_them.filter(created_at__gt=now - DAY).count() >= limits.address_day:
        raise TooMany("letters to one address in a day", retry_after=86400)
    if await OutgoingMail.filter(created_at__gt=now - HOUR).count() >= limits.all_hour:
        raise TooMany("letters of the node in an hour", retry_after=3600)


async def _one_at_a_time(address: str) -> None:
    """Two requests at once must not both find room. SQLite has one writer anyway."""
    if dialect() != "sqlite":
        number = int.from_bytes(hashlib.sha256(address.encode()).digest()[:7])
        await rows("SELECT pg_advisory_xact_lock(?)", [number])
