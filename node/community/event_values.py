"""Between a draft and the columns of an event, and its one-paragraph summary. No database."""

from collections.abc import Mapping
from dataclasses import asdict

from node.community.event_rules import CheckedEvent, EventDraft, Place
from node.community.event_times import LOCAL_FORMAT, in_zone
from node.community.once import Columns
from node.i18n import gettext as _
from node.i18n import translator, use
from node.models import Event
from node.text.summary import EventSummary, event_summary


def columns_of(ready: CheckedEvent, *, content_html: str) -> Columns:
    """Return the columns of a checked draft."""
    draft = ready.draft
    choices = {"startChoice": draft.start_choice, "endChoice": draft.end_choice}
    return {
        "visibility": draft.visibility,
        "title": draft.title,
        "teaser": draft.teaser,
        "source": draft.text,
        "content_html": content_html,
        "language": draft.language,
        "start_local": ready.start_wall.strftime(LOCAL_FORMAT),
        "end_local": ready.end_wall.strftime(LOCAL_FORMAT),
        "time_zone": draft.time_zone,
        "start_at": ready.start_at,
        "end_at": ready.end_at,
        "place": place_columns(draft.place),
        "online_url": draft.online_url or None,
        "status": draft.status,
        "details": {"category": draft.category} | {name: value for name, value in choices.items() if value},
    }


def place_columns(place: Place | None) -> dict[str, object]:
    """Return a place as the row keeps it: only what is known."""
    if place is None:
        return {}
    return {name: value for name, value in asdict(place).items() if value not in ("", None)}


def place_of(event: Event) -> Place | None:
    """Return where an event is, None if it's online only or unknown."""
    kept = event.place
    if not kept.get("name"):
        return None
    words = {
        name: str(kept.get(name, "")) for name in ("name", "street", "postal_code", "locality", "region", "country")
    }
    return Place(**words, latitude=_number(kept, "latitude"), longitude=_number(kept, "longitude"))


def _number(kept: Mapping[str, object], name: str) -> float | None:
    value = kept.get(name)
    return float(value) if isinstance(value, int | float) else None


def draft_of(event: Event) -> EventDraft:
    """Return the draft that an event of ours was made from, for its edit form; pictures are not in it."""
    details = event.details
    return EventDraft(
        title=event.title,
        start_local=event.start_local[:16],
        end_local=event.end_local[:16],
        time_zone=event.time_zone,
        text=event.source,
        teaser=event.teaser,
        language=event.language,
        place=place_of(event),
        online_url=event.online_url or "",
        status=event.status,
        visibility=event.visibility,
        category=str(details.get("category", "meeting")),
        start_choice=str(details.get("startChoice", "")),
        end_choice=str(details.get("endChoice", "")),
    )


def place_line(event: Event) -> str:
    """Return where an event is as one line, in the language of the running task."""
    place = place_of(event)
    spot = ", ".join(filter(None, (place.name, place.locality))) if place else ""
    online = _("Online") if event.online_url else ""
    return " + ".join(filter(None, (online, spot)))


def summary_of(event: Event) -> str:
    """Return the paragraph that servers show which know no events, in the event's language."""
    words = translator(event.language)
    with use(words.locale):
        place = place_line(event)
    facts = EventSummary(
        start=in_zone(event.start_at, event.time_zone),
        end=in_zone(event.end_at, event.time_zone),
        status=event.status.value,
        place=place,
        teaser=event.teaser,
    )
    return event_summary(facts, words)
