"""What foreign documents become. Frozen values; what we do not act on stays in `document`.

Every `id`, recipient and link in these values has passed the one canonical URI parser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from federation.vocabulary.actor_types import ActorDocument, KeyDocument, ProfileField
from federation.vocabulary.part_types import (
    Attachment,
    Emoji,
    Hashtag,
    LinkTag,
    Mention,
    Poll,
    PollOption,
    Source,
)
from federation.vocabulary.reference import Document, Reference

__all__ = [
    "Activity",
    "ActorDocument",
    "Attachment",
    "CollectionDocument",
    "Document",
    "Emoji",
    "EventDocument",
    "Hashtag",
    "KeyDocument",
    "LinkTag",
    "Mention",
    "NoteDocument",
    "ParsedObject",
    "PlaceDocument",
    "Poll",
    "PollOption",
    "PracticeDocument",
    "ProfileField",
    "Reference",
    "Source",
    "Tombstone",
    "Unknown",
]


@dataclass(frozen=True, slots=True)
class Activity:
    """Something an actor says to have done; nothing here is proven yet.

    Args:
        type: "" if the sender wrote none that can be read.
        object: the first object; `objects` has all, since Flag and votes may carry several.
        to: recipients, Public always in its long form; likewise `cc`.
        raw: the bytes as received.
        document: the same as JSON.
    """

    id: str
    type: str
    actor: str
    object: Reference | None
    target: Reference | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    published: datetime | None
    instrument: Reference | None
    result: Reference | None
    raw: bytes
    document: Document
    objects: tuple[Reference, ...] = ()
    content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDocument:
    """Anything that is read like a post: Note, Article, Page, Question, Image, Video, Audio and their kin.

    Args:
        attributed_to: the author; the first one, if several are named.
        name: title, plain text, may be "".
        summary: content warning of a Note, teaser of everything else; may be HTML, not cleaned.
        content_html: not cleaned.
        language: BCP 47 tag, None if unknown.
        url: link for people; the id if there was no good one.
    """

    id: str
    type: str
    attributed_to: str
    actor: str | None
    name: str
    summary: str
    content_html: str
    media_type: str | None
    language: str | None
    in_reply_to: str | None
    context: str | None
    conversation: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    audience: tuple[str, ...]
    published: datetime | None
    updated: datetime | None
    url: str
    attachments: tuple[Attachment, ...]
    image: Attachment | None
    mentions: tuple[Mention, ...]
    hashtags: tuple[Hashtag, ...]
    emoji: tuple[Emoji, ...]
    links: tuple[LinkTag, ...]
    sensitive: bool
    source: Source | None
    poll: Poll | None
    quote: str | None
    quote_authorization: str | None
    replies: Reference | None
    document: Document


@dataclass(frozen=True, slots=True)
class PlaceDocument:
    """Where an event is; any part may be missing."""

    id: str | None
    name: str
    street: str
    postal_code: str
    locality: str
    region: str
    country: str
    latitude: float | None
    longitude: float | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDocument:
    """A meeting: what is read like a post is in `note`, the rest beside it.

    Args:
        starts_at: aware; a time without zone was read in `timezone`, else in UTC. None if there is no readable one.
        timezone: IANA name that exists, else None.
        place: the first physical place.
        online_url: http or https link to take part from afar.
        status: CONFIRMED, TENTATIVE or CANCELLED.
        event_status: EventScheduled, EventPostponed ...
        join_mode: free, restricted, invite, external, none or "".
    """

    note: NoteDocument
    starts_at: datetime | None
    ends_at: datetime | None
    timezone: str | None
    display_end_time: bool
    place: PlaceDocument | None
    online_url: str | None
    is_online: bool
    status: str
    event_status: str
    join_mode: str
    external_participation_url: str | None
    capacity: int | None
    remaining: int | None
    participants: int | None
    category: str
    comments_enabled: bool
    previous_starts_at: datetime | None
    organizers: tuple[str, ...]

    @property
    def id(self) -> str:
        """The event's URI."""
        return self.note.id

    @property
    def attributed_to(self) -> str:
        """The event's owner."""
        return self.note.attributed_to


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeDocument:
    """A practice record: an Article with our nested `practice` object.

    Args:
        version: counts up with every publication, 0 if not given.
        codes: every other member that is a text or a list of texts, name to values.
        record: URI of the full machine record.
        record_digest: its digest, to be compared after fetching.
    """

    note: NoteDocument
    schema_version: int
    version: int
    kind: str
    language: str | None
    license: str
    codes: Mapping[str, tuple[str, ...]]
    contributors: tuple[str, ...]
    record: str | None
    record_digest: str | None

    @property
    def id(self) -> str:
        """The record's URI."""
        return self.note.id

    @property
    def attributed_to(self) -> str:
        """The record's owner."""
        return self.note.attributed_to


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of something deleted."""

    id: str
    former_type: str | None
    deleted: datetime | None
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionDocument:
    """A list or one page of it; `items` ends at the cap."""

    id: str | None
    type: str
    attributed_to: str | None
    total_items: int | None
    first: Reference | None
    next: str | None
    part_of: str | None
    items: tuple[Reference, ...]
    document: Document

    @property
    def is_page(self) -> bool:
        """Whether this is a page and not the whole."""
        return self.type.endswith("Page")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A well-formed object of a type we do not act on."""

    id: str | None
    type: str
    document: Document


ParsedObject = (
    NoteDocument | EventDocument | PracticeDocument | ActorDocument | Tombstone | CollectionDocument | Unknown
)
