"""Reports: what members, visitors and other servers ask the moderators to look at.

Who reports learns nothing by it: only what the reporter may read can be reported.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from node.chance import public_id
from node.community import journal, objects
from node.community.facts import ReportForwarded
from node.community.objects import Known
from node.community.once import insert_once
from node.community.received import Outcome, Received, ignored, unchanged
from node.community.texts import too_long
from node.community.viewer import of_member
from node.community.visibility import NEAR, OPEN, may_read
from node.database import atomic
from node.errors import Invalid, NotFound
from node.i18n import gettext as _
from node.models import (
    Actor,
    ActorKind,
    ActorState,
    Concern,
    Follow,
    FollowState,
    Member,
    Report,
    ReportState,
    Visibility,
)
from node.policy.grants import Interact
from node.text.address import parse_address
from node.text.plain import plain_text, shorten

LONGEST_TEXT = 3000
MOST_OBJECTS = 20
MOST_OPEN_A_HOST = 100
"""Open reports of one host; more than this is a flood, and the desk would drown in it."""


@dataclass(frozen=True, slots=True)
class NewReport:
    """What somebody here typed.

    Args:
        uris: one account, or things that one person wrote.
        text: plain.
        forward: tell the target's own server as well, without the reporter's name.
        reply_address: where a visitor wants the answer; members are told here.
    """

    uris: tuple[str, ...]
    category: Concern
    text: str = ""
    forward: bool = False
    reply_address: str = ""


@dataclass(frozen=True, slots=True)
class ForeignReport:
    """A Flag from another server; nothing in it is cleaned or believed yet.

    Args:
        reporter: who was proven to send it, mostly the other server's own actor.
        uris: accounts and objects, as the Flag lists them.
        text: as sent, HTML or plain.
    """

    reporter: Actor
    activity_uri: str
    uris: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a report is about, and what they wrote."""

    target: Actor
    objects: tuple[str, ...] = ()


async def file(draft: NewReport, *, by: Member | None, now: datetime) -> Report:
    """Put a report of a member or a visitor on the moderators' desk.

    Args:
        by: the member; None for a visitor.

    Raises:
        NotFound: not here, or not for this reporter. Spec: security V-L01.
        Invalid: what to change, by field.
    """
    subject = await subject_of(draft.uris, by=by)
    _require_said(draft)
    address = parse_address(draft.reply_address) if by is None and draft.reply_address.strip() else None
    async with atomic():
        report = await Report.create(
            public_id=public_id(now),
            reporter_id=by.actor_id if by else None,
            reply_address=address,
            target_id=subject.target.id,
            objects=list(subject.objects),
            category=draft.category,
            text=draft.text.strip(),
            forward=draft.forward and not subject.target.is_local,
            created_at=now,
        )
        if report.forward:
            await journal.note(ReportForwarded(report.id), at=now, by_member_id=by.id if by else None)
    return report


async def subject_of(uris: Iterable[str], *, by: Member | None) -> Subject:
    """Return whom a report of these things would be about, as far as the reporter may see them.

    Raises:
        NotFound: nothing here, nothing for this reporter, or not all by one person. Spec: security V-L01.
        Invalid: their own account or words.
    """
    wanted = list(dict.fromkeys(uris))[:MOST_OBJECTS]
    viewer = replace(await of_member(by), apart=NEAR)  # whom one has blocked, one may still report
    known = {uri: each for uri, each in (await objects.find_all(wanted)).items() if may_read(viewer, each.readable)}
    accounts = await Actor.filter(uri__in=wanted, state=ActorState.ACTIVE).order_by("id")
    subjects = {actor.id: actor for actor in accounts}
    for thing in known.values():
        actor = await responsible(thing)
        subjects[actor.id] = actor
    if len(subjects) != 1 or len(known) + len(accounts) != len(wanted):
        raise NotFound("nothing here that this reporter could report")
    (target,) = subjects.values()
    if by is not None and target.id == by.actor_id:
        raise Invalid(_("This is your own; you can change or delete it yourself."))
    return Subject(target, tuple(uri for uri in wanted if uri in known))


async def receive(report: ForeignReport, *, now: datetime, grant: Interact = Interact.YES) -> Received:
    """Put a Flag of another server on the moderators' desk, if it is about somebody of ours.

    Things that the reporting server can't have are left out of it.

    Args:
        grant: what the host may do here; words that would be held come to the desk anyway, which is where one looks.

    Returns:
        What became of it; nothing is raised for foreign input.

    Spec: ActivityStreams Flag; security V-L01.
    """
    reporter = report.reporter
    if reporter.is_local or reporter.state is not ActorState.ACTIVE or grant is Interact.NONE:
        return ignored("its server may not report to us", report.activity_uri)
    if await Report.filter(activity_uri=report.activity_uri).exists():
        return unchanged("this report came before", report.activity_uri)
    subject = await _foreign_subject(report)
    if subject is None:
        return ignored("it reports nobody of ours", report.activity_uri)
    open_ones = Report.filter(state=ReportState.OPEN, reporter__host=reporter.host)
    if await open_ones.count() >= MOST_OPEN_A_HOST:
        return ignored("too many open reports from this server", report.activity_uri)
    columns = {
        "public_id": public_id(now),
        "reporter_id": reporter.id,
        "target_id": subject.target.id,
        "objects": list(subject.objects),
        "text": shorten(plain_text(report.text), LONGEST_TEXT),
        "created_at": now,
    }
    async with atomic():
        _row, is_new = await insert_once(Report, {"activity_uri": report.activity_uri}, columns)
    if not is_new:
        return unchanged("it came twice at the same time", report.activity_uri)
    return Received(Outcome.STORED, uri=report.activity_uri)


async def responsible(thing: Known) -> Actor:
    """Return the person behind something: the member who wrote it where a Group published it."""
    if thing.owner_member_id is None:
        return thing.publisher
    member = await Member.get_or_none(id=thing.owner_member_id).select_related("actor")
    return member.actor if member else thing.publisher


def _require_said(draft: NewReport) -> None:
    text = draft.text.strip()
    if len(text) > LONGEST_TEXT:
        raise Invalid({"text": too_long(LONGEST_TEXT)})
    if not text and draft.category is Concern.OTHER:
        raise Invalid({"text": _("Say in a few words what is wrong.")})


async def _foreign_subject(report: ForeignReport) -> Subject | None:
    """Return the first of ours that a Flag names, with what they wrote that its server can have."""
    wanted = list(dict.fromkeys(report.uris))[:MOST_OBJECTS]
    found = await objects.find_all(wanted)
    ours = {uri: thing for uri, thing in found.items() if thing.is_local and await _can_have(report.reporter, thing)}
    authors = {uri: await responsible(ours[uri]) for uri in wanted if uri in ours}
    named = await Actor.filter(uri__in=wanted, is_local=True, state=ActorState.ACTIVE)
    target = min(named, key=lambda actor: wanted.index(actor.uri), default=next(iter(authors.values()), None))
    if target is None or target.kind is ActorKind.APPLICATION:
        return None
    return Subject(target, tuple(uri for uri, author in authors.items() if _is_theirs(target, author, ours[uri])))


def _is_theirs(target: Actor, author: Actor, thing: Known) -> bool:
    """A record may be reported with its author or with the Group that published it."""
    return target.id in {author.id, thing.publisher.id}


async def _can_have(reporter: Actor, thing: Known) -> bool:
    """Tell whether the reporting server can have read something of ours."""
    if thing.is_withdrawn or thing.visibility is Visibility.DRAFT:
        return False
    if thing.visibility in OPEN:
        return True
    if await Actor.filter(id__in=list(thing.mentioned), host=reporter.host).exists():
        return True
    if thing.visibility is not Visibility.FOLLOWERS:
        return False
    follows = Follow.filter(target_id=thing.publisher.id, follower__host=reporter.host, state=FollowState.ACCEPTED)
    return await follows.exists()
