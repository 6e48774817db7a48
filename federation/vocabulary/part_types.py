"""What a text carries with it, as values: files, tags, source, poll. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file or link beside a text; `url` is http or https."""

    type: str
    url: str
    media_type: str | None
    alt: str
    width: int | None = None
    height: int | None = None
    blurhash: str | None = None
    focal_point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor named in a text; `name` as written there, `@anna@one.example`."""

    href: str
    name: str


@dataclass(frozen=True, slots=True)
class Hashtag:
    """A topic; `name` without the `#`, spelling kept."""

    name: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Emoji:
    """A picture for a short code; `name` with its colons."""

    name: str
    icon_url: str
    id: str | None


@dataclass(frozen=True, slots=True)
class LinkTag:
    """A typed link in `tag` (FEP-e232), such as `rel: adaptedFrom`."""

    href: str
    rel: str
    name: str
    media_type: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """What the author typed, before it became HTML."""

    content: str
    media_type: str | None


@dataclass(frozen=True, slots=True)
class PollOption:
    """One answer of a poll; `votes` is a claim of its server."""

    name: str
    votes: int


@dataclass(frozen=True, slots=True)
class Poll:
    """The question part of a Question."""

    options: tuple[PollOption, ...]
    multiple: bool
    ends_at: datetime | None
    closed_at: datetime | None
    voters: int | None
