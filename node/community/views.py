"""What pages get: frozen values with everything shown, and nothing that could be queried."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from node.community.attachments import PictureView
from node.community.event_rules import Place
from node.models import ActorKind, Admission, EventStatus, Stage, Visibility


@dataclass(frozen=True, slots=True)
class ActorView:
    """Somebody, as lists and bylines show them.

    Args:
        handle: `@name@host`; shown beside every display name.
        path: the profile on this node: `/@name`, or `/@name@host`.
        url: the profile where they live.
    """

    id: int
    uri: str
    kind: ActorKind
    is_local: bool
    name: str
    host: str
    handle: str
    display_name: str
    avatar_url: str | None
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Reactions:
    """What others did with an object, and what the viewer did; `signs` are reactions with how many gave each."""

    replies: int = 0
    likes: int = 0
    boosts: int = 0
    liked: bool = False
    boosted: bool = False
    signs: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PollView:
    """A poll with its counts.

    Args:
        options: label and votes of each.
        voters: how many voted; for a poll elsewhere what its server says.
        ends_at: None if it has no end, or is not open yet.
        closed_at: when its server says that it ended.
        chosen: places of what the viewer voted for.
        may_vote: the viewer is a member who wrote neither the poll nor a vote.
    """

    options: tuple[tuple[str, int], ...]
    multiple: bool
    voters: int
    ends_at: datetime | None
    closed_at: datetime | None
    chosen: tuple[int, ...]
    may_vote: bool


@dataclass(frozen=True, slots=True)
class QuotedView:
    """What a post quotes.

    Args:
        is_waiting: its author was asked and has not answered.
        is_known: we hold it, and the viewer may read it.
        author: None, and no words, unless its author lets it be shown here.
    """

    uri: str
    is_waiting: bool = False
    is_local: bool = False
    is_known: bool = False
    author: ActorView | None = None
    title: str = ""
    warning: str = ""
    content_html: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """What this viewer may do with an object."""

    may_edit: bool = False
    may_withdraw: bool = False
    may_answer: bool = False
    may_boost: bool = False
    may_quote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What posts, practices and events have in common.

    Args:
        path: the page here; empty for foreign things, which are read at `url`.
        is_listed: search engines and feeds may take it.
    """

    id: int
    uri: str
    public_id: str
    author: ActorView
    is_local: bool
    visibility: Visibility
    title: str
    content_html: str
    language: str
    url: str
    path: str
    pictures: tuple[PictureView, ...]
    hashtags: tuple[str, ...]
    reactions: Reactions
    rights: Rights
    published_at: datetime
    updated_at: datetime | None
    is_listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView(Shown):
    """A post or an answer.

    Args:
        source: Markdown, only for those who may edit it.
        answers: who wrote what it answers, if we know.
    """

    kind: str = "post"
    wire_type: str
    warning: str
    sensitive: bool
    source: str
    in_reply_to_uri: str | None
    answers: ActorView | None
    thread_uri: str
    is_guide: bool
    emoji: Mapping[str, str] = field(default_factory=dict)
    """Addresses of pictures elsewhere, by short code."""
    poll: PollView | None = None
    quoted: QuotedView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeView(Shown):
    """A practice record.

    Args:
        credited: the member behind a record of ours.
        facts: the controlled fields by their name on the wire.
        sections: id and clean HTML, in order; a foreign record has `content_html` instead.
    """

    kind: str = "practice"
    record_kind: str
    stage: Stage
    admission: Admission
    version: int
    summary: str
    status: str
    outcome: str
    license: str
    countries: tuple[str, ...]
    facts: Mapping[str, object]
    sections: tuple[tuple[str, str], ...]
    credited: ActorView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView(Shown):
    """An event.

    Args:
        start_at, end_at: aware UTC; show them in `time_zone`.
        place_line: where, in one line, in the viewer's language.
    """

    kind: str = "event"
    admission: Admission
    teaser: str
    start_at: datetime
    end_at: datetime
    time_zone: str
    place: Place | None
    place_line: str
    online_url: str | None
    status: EventStatus
    category: str
    join_mode: str
    sequence: int
    credited: ActorView | None


Thing = PostView | PracticeView | EventView


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One entry of a timeline.

    Args:
        boosted_by: who passed it on, None if it stands here by itself.
    """

    at: datetime
    thing: Thing
    boosted_by: ActorView | None = None
