"""Letters of the moderators' desk: one a day about what waits, one for each decision that concerns somebody.

The daily letter is claimed by a row before it is queued, in one transaction; its Message-ID is made of member and day.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from node import jobs
from node.community import desk, journal, node_profile
from node.community.desk_facts import Moderated, ModerationUndone, ReporterAnswered
from node.community.fact import Fact
from node.community.once import insert_once
from node.database import as_outage, atomic
from node.errors import Invalid, TooMany
from node.i18n import Translator, translator
from node.jobs import JOBS, Claim, LeaseLost
from node.mail.letters import Composed, answer_letter, decision_letter, desk_letter
from node.mail.message import Sender
from node.mail.queue import NOTICES, Addressed, post
from node.models import DeskLetter, JournalEntry, Member, MemberState, ModerationAct, Report, Role

KIND = "desk-letter"
AT_ONCE = 20
EARLIEST_HOUR = 6
"""The daily letter goes out after this hour, UTC."""
STAFF = (Role.MODERATOR, Role.FEDERATION_ADMIN, Role.STEWARD)
ADMINS = (Role.FEDERATION_ADMIN, Role.STEWARD)
_log = logging.getLogger("talanoa.mail")


@dataclass(frozen=True, slots=True)
class Post:
    """What letters are made with.

    Args:
        sender: None for a node without a mail server: then nothing is written.
        base: the public URL without a trailing slash.
        contact: where people reach the node beside its pages.
    """

    sender: Sender | None
    base: str
    contact: str = ""


async def queue_daily(office: Post, *, dead: Callable[[], Awaitable[int]], now: datetime) -> int:
    """Queue the day's letter for each of the staff who wants it and for whom something waits; return how many.

    Args:
        dead: counts what was given up, for those who may see it.

    Spec: security R-15, T-94.
    """
    if office.sender is None or now.hour < EARLIEST_HOUR:
        return 0
    day = now.date().isoformat()
    wanting = Member.filter(
        role__in=STAFF, state=MemberState.ACTIVE, email__isnull=False, desk_letters_wanted=True
    ).order_by("id")
    written = await DeskLetter.filter(day=day).values_list("member_id", flat=True)
    queued = 0
    for member in await wanting.exclude(id__in=list(written)):
        counts = await desk.counts(member, now=now)
        lost = await dead() if member.role in ADMINS else 0
        if counts.total + lost:
            queued += await _write_daily(member, counts, lost, office, now=now)
    return queued


async def _write_daily(member: Member, counts: desk.Counts, lost: int, office: Post, *, now: datetime) -> int:
    if office.sender is None or member.email is None:
        return 0
    words = translator(member.locale)
    day = now.date().isoformat()
    composed = desk_letter(
        words,
        network=office.sender.name,
        lines=_lines(words, counts, lost),
        url=f"{office.base}/admin/desk",
        settings_url=f"{office.base}/settings/account",
    )
    try:
        async with atomic():
            _claim, is_new = await insert_once(DeskLetter, {"member_id": member.id, "day": day}, {"created_at": now})
            if not is_new:
                return 0
            letter = Addressed(composed, member.email, "desk", f"{member.id} {day}")
            await post(letter, sender=office.sender, now=now, limits=NOTICES)
    except (Invalid, TooMany):
        return 0
    return 1


def _lines(words: Translator, counts: desk.Counts, lost: int) -> list[str]:
    each = (
        (counts.reports, words.ngettext("%(num)s report", "%(num)s reports", counts.reports)),
        (counts.replies, words.ngettext("%(num)s answer of a member", "%(num)s answers of members", counts.replies)),
        (counts.held, words.ngettext("%(num)s thing for an editor", "%(num)s things for an editor", counts.held)),
        (counts.requests, words.ngettext("%(num)s follow request", "%(num)s follow requests", counts.requests)),
        (lost, words.ngettext("%(num)s thing given up", "%(num)s things given up", lost)),
    )
    return [line for number, line in each if number]


async def step(made: Callable[[], Awaitable[Post]], *, clock: Callable[[], datetime]) -> int:
    """Write the letters that follow from decisions; return how many facts were looked at.

    Args:
        made: returns what letters are made with; asked only if there are some to write.
    """
    claims = await jobs.claim(JOBS, now=clock(), limit=AT_ONCE, where="kind = ?", values=[KIND])
    if claims and await node_profile.is_held():
        for claim in claims:
            await jobs.give_back(claim)
        return 0
    if not claims:
        return 0
    office = await made()
    for claim in claims:
        await _follow_up(claim, office, now=clock())
    return len(claims)


async def _follow_up(claim: Claim, office: Post, *, now: datetime) -> None:
    try:
        async with atomic():
            entry = await JournalEntry.get(id=int(str(claim.row["key"])))
            reason = await _write(journal.read(entry), office, key=str(entry.id), now=now)
            await jobs.complete(claim, now=now, reason=reason)
    except LeaseLost:
        _log.warning("another worker took over the letter for journal entry %s", claim.row["key"])
    except TooMany as error:
        await jobs.fail(claim, now=now, reason=str(error))
    except Exception as error:
        if as_outage(error):
            raise
        _log.exception("no letter for journal entry %s", claim.row["key"])
        await jobs.fail(claim, now=now, reason=f"{type(error).__name__}: {error}")


async def _write(fact: Fact, office: Post, *, key: str, now: datetime) -> str:
    """Queue the letter that follows from a fact; return why there is none, empty if there is one."""
    if office.sender is None:
        return "no mail server"
    match fact:
        case Moderated() | ModerationUndone():
            found = await _decision(fact, office.sender, office)
        case ReporterAnswered():
            found = await _answer(fact, office.sender)
        case _:
            return "nothing to write"
    if found is None:
        return "nobody to write to"
    composed, address = found
    await post(Addressed(composed, address, KIND, key), sender=office.sender, now=now, limits=NOTICES)
    return ""


async def _decision(fact: Moderated | ModerationUndone, sender: Sender, office: Post) -> tuple[Composed, str] | None:
    act = await ModerationAct.get_or_none(id=fact.act_id)
    member = await Member.get_or_none(actor_id=act.target_id) if act and act.target_id else None
    if act is None or member is None or member.email is None:
        return None
    composed = decision_letter(
        _words(member),
        network=sender.name,
        reason=act.reason if isinstance(fact, Moderated) else "",
        url=f"{office.base}/moderation/{act.public_id}",
        contact=office.contact if member.state is MemberState.DISABLED else "",
    )
    return composed, member.email


async def _answer(fact: ReporterAnswered, sender: Sender) -> tuple[Composed, str] | None:
    report = await Report.get_or_none(id=fact.report_id)
    if report is None or report.reply_address is None:
        return None
    return answer_letter(translator("en"), network=sender.name, answer=report.answer), report.reply_address


def _words(member: Member) -> Translator:
    return translator(member.locale)
