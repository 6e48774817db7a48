"""Events of other servers: how far they enter our calendar."""

from dataclasses import dataclass
from datetime import datetime

from node.community import attachments, erasure, marks, objects, search_entries
from node.community.attachments import ForeignAttachment
from node.community.event_rules import CATEGORIES, Place
from node.community.event_times import end_for, in_zone, wall_text
from node.community.event_values import place_columns, place_line
from node.community.once import Columns, insert_once
from node.community.received import Outcome, Received, ignored, unchanged
from node.community.search_entries import Findable
from node.database import atomic
from node.models import Actor, ActorState, Admission, Event, EventStatus, Visibility
from node.policy.grants import Records
from node.text.allowed import Subset
from node.text.plain import plain_name, plain_text, shorten
from node.text.sanitise import clean

SHOWN = frozenset({Visibility.PUBLIC, Visibility.QUIET, Visibility.NETWORK})
LONGEST_TITLE = 200
LONGEST_TEASER = 500
_ADMISSIONS = {
    Records.LINK_ONLY: Admission.LINK_ONLY,
    Records.HOLD: Admission.HELD,
    Records.ADMIT: Admission.ADMITTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignEvent:
    """An event as its server sent it; nothing in it is cleaned yet.

    Args:
        publisher_uri: whom the message was proven to come from.
        starts_at, ends_at: aware; an hour is assumed if the end is missing.
        time_zone: IANA name; empty for UTC.
        teaser: short text, HTML is taken out.
    """

    uri: str
    publisher_uri: str
    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    time_zone: str = ""
    teaser: str = ""
    content_html: str = ""
    language: str = ""
    visibility: Visibility = Visibility.PUBLIC
    place: Place | None = None
    online_url: str | None = None
    status: EventStatus = EventStatus.CONFIRMED
    join_mode: str = "external"
    category: str = ""
    hashtags: tuple[str, ...] = ()
    attachments: tuple[ForeignAttachment, ...] = ()
    url: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    document: str = "{}"


async def receive(draft: ForeignEvent, *, grant: Records, now: datetime) -> Received:
    """Keep an event of another server, or the newer version of one we have.

    Args:
        grant: what its host may put into our calendar; `hold` shows it to editors alone.

    Returns:
        What became of it; with the grant `none` the caller may still treat it as a post.

    Spec: V-M12, V-M26.
    """
    publisher = await Actor.get_or_none(uri=draft.publisher_uri)
    if publisher is None or publisher.is_local or publisher.state is not ActorState.ACTIVE:
        return ignored("its publisher is unknown, ours, suspended or gone", draft.uri)
    if grant is Records.NONE or draft.visibility not in SHOWN:
        return ignored("no events from there enter our calendar", draft.uri)
    if await erasure.is_gone(draft.uri):
        return ignored("it was deleted before", draft.uri)
    if not plain_name(draft.title):
        return ignored("an event without a name", draft.uri)
    known = await objects.find(draft.uri)
    if known is None:
        return await _store(draft, publisher, _ADMISSIONS[grant], now=now)
    if known.kind != "event" or known.is_local or known.publisher.id != publisher.id:
        return ignored("another actor owns it", draft.uri)
    return await _renew(draft, grant, now=now)


async def _store(draft: ForeignEvent, publisher: Actor, admission: Admission, *, now: datetime) -> Received:
    columns = await _columns(draft, admission) | {
        "publisher": publisher,
        "published_at": min(draft.published_at or now, now),
        "updated_at": min(draft.updated_at or draft.published_at or now, now),
        "received_at": now,
    }
    async with atomic():
        row, is_new = await insert_once(Event, {"uri": draft.uri}, columns)
        if not is_new:
            return unchanged("it came twice at the same time", draft.uri)
        await _hang_on(row, draft)
    return Received(Outcome.STORED, uri=draft.uri)


async def _renew(draft: ForeignEvent, grant: Records, *, now: datetime) -> Received:
    row = await Event.get(uri=draft.uri)
    stamp = min(draft.updated_at, now) if draft.updated_at else None
    if stamp is None or stamp <= row.updated_at:
        return unchanged("nothing newer than what we have", draft.uri)
    # What an editor let in stays in, what one kept out stays out; a narrower grant narrows what comes from now on.
    is_decided = grant is Records.HOLD or row.admission is Admission.REFUSED
    admission = row.admission if is_decided else _ADMISSIONS[grant]
    columns = await _columns(draft, admission)
    async with atomic():
        await row.update_from_dict({**columns, "updated_at": stamp, "sequence": row.sequence + 1}).save()
        await _hang_on(row, draft)
    return Received(Outcome.UPDATED, uri=draft.uri)


async def _columns(draft: ForeignEvent, admission: Admission) -> Columns:
    start = in_zone(draft.starts_at, draft.time_zone)
    end = in_zone(end_for(draft.starts_at, draft.ends_at), draft.time_zone)
    teaser = shorten(plain_name(plain_text(draft.teaser), limit=LONGEST_TEASER), LONGEST_TEASER)
    is_link = admission is Admission.LINK_ONLY
    return {
        "admission": admission,
        "visibility": draft.visibility,
        "title": plain_name(draft.title, limit=LONGEST_TITLE),
        "teaser": teaser,
        "content_html": "" if is_link else (await clean(draft.content_html, Subset.ARTICLE)).html,
        "language": draft.language[:35],
        "start_local": wall_text(start),
        "end_local": wall_text(end),
        "time_zone": str(start.tzinfo),
        "start_at": draft.starts_at,
        "end_at": end_for(draft.starts_at, draft.ends_at),
        "place": place_columns(_cleaned(draft.place)),
        "online_url": draft.online_url,
        "status": draft.status,
        "join_mode": draft.join_mode[:20] or "external",
        "details": {"category": draft.category if draft.category in CATEGORIES else "meeting"},
        "url": draft.url,
        "document": draft.document,
    }


def _cleaned(place: Place | None) -> Place | None:
    if place is None:
        return None
    words = {
        name: plain_name(getattr(place, name), limit=200)
        for name in ("name", "street", "postal_code", "locality", "region", "country")
    }
    words["name"] = words["name"] or words["street"] or words["locality"]
    return Place(**words, latitude=place.latitude, longitude=place.longitude) if words["name"] else None


async def _hang_on(row: Event, draft: ForeignEvent) -> None:
    await marks.set_hashtags(row.uri, draft.hashtags)
    await attachments.attach_foreign(row.uri, draft.attachments)
    await _make_findable(row)


async def _make_findable(row: Event) -> None:
    if row.admission in objects.OUTSIDE:
        await search_entries.leave(row.uri)
        return
    words = " ".join([row.title, row.teaser, place_line(row), plain_text(row.content_html)])
    at = row.published_at or row.updated_at
    await search_entries.enter(Findable(row.uri, "event", row.title, words, row.language, row.visibility, at))


async def admit(uri: str, *, admission: Admission) -> bool:
    """Let an editor's decision about a held event stand; tell whether it changed anything.

    Of an event that becomes a link, all but its description is kept.
    """
    async with atomic():
        row = await Event.get_or_none(uri=uri, is_local=False)
        if row is None or row.admission is admission:
            return False
        row.admission = admission
        if admission is Admission.LINK_ONLY:
            row.content_html = ""
        await row.save()
        await _make_findable(row)
        return True
