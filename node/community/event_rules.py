"""What an event must say: the draft and its checks. No database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from node.community.attachments import Picture
from node.community.event_times import checked_zone, to_utc, wall_time
from node.errors import Invalid
from node.i18n import gettext as _
from node.i18n import is_language_tag, mark
from node.i18n.dates import countries
from node.models import EventStatus, Visibility
from node.text.plain import plain_name

LONGEST_TITLE = 120
LONGEST_TEASER = 200
LONGEST_TEXT = 20_000
LONGEST_STAY = timedelta(days=400)
SHOWN = frozenset({Visibility.PUBLIC, Visibility.NETWORK, Visibility.MEMBERS, Visibility.DRAFT})
CATEGORIES: Mapping[str, str] = {
    "meeting": mark("Meeting"),
    "webinar": mark("Webinar"),
    "training": mark("Training"),
    "conference": mark("Conference"),
    "consultation": mark("Consultation"),
    "call-deadline": mark("Deadline of a call"),
}
STATUSES: Mapping[EventStatus, str] = {
    EventStatus.CONFIRMED: mark("Takes place"),
    EventStatus.TENTATIVE: mark("To be confirmed"),
    EventStatus.POSTPONED: mark("Postponed"),
    EventStatus.RESCHEDULED: mark("New date"),
    EventStatus.MOVED_ONLINE: mark("Moved online"),
    EventStatus.CANCELLED: mark("Cancelled"),
}
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+|https?://localhost[:/][^\s]*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is; `country` has two letters, coordinates are degrees."""

    name: str
    street: str = ""
    postal_code: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """What a member typed into the form of an event. Names of fields are names of the form.

    Args:
        start_local, end_local: wall time at the place, `2026-11-18T14:00`.
        time_zone: IANA name.
        start_choice, end_choice: `first` or `second`, for an hour that the clocks show twice.
        text: Markdown.
        teaser: one line for lists and summaries.
    """

    title: str
    start_local: str
    end_local: str
    time_zone: str
    text: str = ""
    teaser: str = ""
    language: str = "en"
    place: Place | None = None
    online_url: str = ""
    status: EventStatus = EventStatus.CONFIRMED
    visibility: Visibility = Visibility.PUBLIC
    category: str = "meeting"
    start_choice: str = ""
    end_choice: str = ""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedEvent:
    """A draft in clean spelling, with its two moments."""

    draft: EventDraft
    start_wall: datetime
    end_wall: datetime
    start_at: datetime
    end_at: datetime


def checked(draft: EventDraft) -> CheckedEvent:
    """Return `draft` in clean spelling with the moments it means.

    Raises:
        Invalid: what to change, field by field, each with an example.

    Spec: FEP-8a8e (an end is required).
    """
    tidy = _tidy(draft)
    wrong = _wrong_words(tidy) | _wrong_place(tidy)
    zone = tidy.time_zone
    try:
        checked_zone(zone)
    except Invalid as refusal:
        wrong |= refusal.fields
        zone = "UTC"  # good enough to look at the two times as well
    times: list[datetime] = []
    for field in ("start_local", "end_local"):
        try:
            wall = wall_time(field, getattr(tidy, field))
            choice = getattr(tidy, field.replace("local", "choice"))
            times += [wall, to_utc(field, wall, zone, choice)]
        except Invalid as refusal:
            wrong |= refusal.fields
    if len(times) == 4:
        wrong |= _wrong_order(start_at=times[1], end_at=times[3])
    if wrong:
        raise Invalid(wrong)
    return CheckedEvent(tidy, times[0], times[2], times[1], times[3])


def _tidy(draft: EventDraft) -> EventDraft:
    place = draft.place
    if place is not None:
        place = Place(
            name=plain_name(place.name, limit=200),
            street=plain_name(place.street, limit=200),
            postal_code=plain_name(place.postal_code, limit=20),
            locality=plain_name(place.locality, limit=120),
            region=plain_name(place.region, limit=120),
            country=place.country.strip().upper(),
            latitude=place.latitude,
            longitude=place.longitude,
        )
    return replace(
        draft,
        title=plain_name(draft.title, limit=LONGEST_TITLE * 2),
        teaser=plain_name(draft.teaser, limit=LONGEST_TEASER * 2),
        text=draft.text.strip(),
        language=draft.language.strip(),
        online_url=draft.online_url.strip(),
        time_zone=draft.time_zone.strip(),
        place=place if place is not None and place.name else None,
    )


def _wrong_words(draft: EventDraft) -> dict[str, str]:
    wrong: dict[str, str] = {}
    limits = {"title": LONGEST_TITLE, "teaser": LONGEST_TEASER, "text": LONGEST_TEXT}
    for name, limit in limits.items():
        if len(getattr(draft, name)) > limit:
            wrong[name] = _("Shorten this to %(limit)s characters.", limit=limit)
    if not draft.title:
        wrong["title"] = _("Give it a name. Example: Open budget workshop.")
    if not is_language_tag(draft.language):
        wrong["language"] = _("Choose the language of the event, for example en, fr or ar.")
    if draft.visibility not in SHOWN:
        wrong["visibility"] = _("Choose who may read this, for example everybody.")
    if draft.category not in CATEGORIES:
        wrong["category"] = _("Choose what kind of event it is. Example: meeting.")
    return wrong


def _wrong_place(draft: EventDraft) -> dict[str, str]:
    if draft.place is None and not draft.online_url:
        return {"place": _("Say where it is, or give a link to take part. Example: Town hall, Graz.")}
    wrong: dict[str, str] = {}
    if draft.online_url and not _WEB.fullmatch(draft.online_url):
        wrong["online_url"] = _("Write the whole address. Example: https://meet.example/room.")
    place = draft.place
    if place is None:
        return wrong
    if place.country and place.country not in {code for code, _name in countries("en")}:
        wrong["country"] = _("Choose a country by its two letters. Example: KE for Kenya.")
    if (place.latitude is None) != (place.longitude is None):
        wrong["latitude"] = _("Give both latitude and longitude, or neither. Example: -1.29 and 36.82.")
    elif place.latitude is not None and not _on_earth(place):
        wrong["latitude"] = _("Latitude goes from -90 to 90, longitude from -180 to 180.")
    return wrong


def _on_earth(place: Place) -> bool:
    return -90 <= (place.latitude or 0.0) <= 90 and -180 <= (place.longitude or 0.0) <= 180


def _wrong_order(*, start_at: datetime, end_at: datetime) -> dict[str, str]:
    if end_at <= start_at:
        return {"end_local": _("The end has to be after the start. Change one of the two.")}
    if end_at - start_at > LONGEST_STAY:
        return {"end_local": _("An event lasts a year at most. Make one for each date.")}
    return {}
