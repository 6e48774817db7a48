"""The editors' desk as its page shows it: what came from where, under which licence, and what may be done with it."""

from dataclasses import dataclass

from node.community import held, practice_terms
from node.community.views import EventView, PracticeView
from web.shown.events import EventCard, event_card
from web.shown.people import PersonShown, person, web_address
from web.shown.practices import LICENSES, RecordCard, record_card

RESERVED = "all-rights"


@dataclass(frozen=True, slots=True)
class HeldShown:
    """A record or an event that an editor decides about.

    Args:
        seen: tells this state from a later one.
        when: of an event; empty for a record.
        version: as its node counts; 0 for an event.
        is_whole: it may be shown as a whole, not only as a link.
    """

    uri: str
    seen: str
    card: RecordCard | EventCard
    publisher: PersonShown
    summary: str
    when: str
    license: str
    license_url: str
    version: int
    original_url: str
    is_whole: bool


def held_record(record: PracticeView) -> HeldShown:
    """Return a waiting or refused record."""
    return HeldShown(
        uri=record.uri,
        seen=held.mark_of(record),
        card=record_card(record),
        publisher=person(record.author),
        summary=record.summary,
        when="",
        license=practice_terms.label("license", record.license) if record.license else "",
        license_url=LICENSES.get(record.license, ""),
        version=record.version,
        original_url=web_address(record.url),
        is_whole=record.license != RESERVED,
    )


def held_event(event: EventView) -> HeldShown:
    """Return a waiting or refused event."""
    card = event_card(event)
    return HeldShown(
        uri=event.uri,
        seen=held.mark_of(event),
        card=card,
        publisher=person(event.author),
        summary=event.teaser,
        when=card.when,
        license="",
        license_url="",
        version=0,
        original_url=web_address(event.url),
        is_whole=True,
    )
