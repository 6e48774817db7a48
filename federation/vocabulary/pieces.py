"""Parts that several documents share: pictures, tags, times, and the rule that empty members are left out. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of ours.

    Args:
        url: absolute.
        media_type: such as `image/webp`.
        alt: what it shows, "" if nobody wrote it.
        focal_point: -1 to 1 from left and from bottom.
    """

    url: str
    media_type: str
    alt: str = ""
    width: int | None = None
    height: int | None = None
    blurhash: str | None = None
    focal_point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class NamedActor:
    """Somebody named in a text: actor URI and `@anna@one.example`."""

    uri: str
    handle: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A hashtag: its word without `#` and its page."""

    word: str
    url: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A typed link to another object (FEP-e232), such as `adaptedFrom`."""

    rel: str
    uri: str
    title: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every activity of ours carries.

    Args:
        id: unique URI of the activity.
        published: aware.
    """

    id: str
    actor: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    published: datetime


def moment(value: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC with `Z`, whole seconds."""
    return local_moment(value.astimezone(UTC)).replace("+00:00", "Z")


def revision_moment(value: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC, fractions kept: two edits within a second must differ."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def local_moment(value: datetime) -> str:
    """Return an aware time as RFC 3339 with its own offset, whole seconds."""
    return value.replace(microsecond=0).isoformat()


def filled(members: Mapping[str, object]) -> Json:
    """Return the members that say something: no None, no empty text, list or object; `to`, `cc`, `tag`,
    `attachment` and `content` stay even if empty, since strict readers demand them."""
    kept = {"to", "cc", "tag", "attachment", "content"}
    empty: tuple[object, ...] = (None, "", [], {})
    return {name: value for name, value in members.items() if name in kept or value not in empty}


def icon(picture: Picture | None) -> Json | None:
    """Return an Image as actors and events carry it."""
    if picture is None:
        return None
    return {"type": "Image", "mediaType": picture.media_type, "url": picture.url, "name": picture.alt}


def attachment(picture: Picture) -> Json:
    """Return a picture as attachments carry it."""
    return {
        "type": "Document",
        "mediaType": picture.media_type,
        "url": picture.url,
        "name": picture.alt,
        **filled(
            {
                "width": picture.width,
                "height": picture.height,
                "blurhash": picture.blurhash,
                "focalPoint": [float(part) for part in picture.focal_point or ()],
            }
        ),
    }


def website(url: str) -> Json:
    """Return the link that Mobilizon shows beside an event; it knows exactly this name and type."""
    return {"type": "Link", "mediaType": "text/html", "href": url, "name": "Website"}


def tags(mentions: Sequence[NamedActor], topics: Sequence[Topic], relations: Sequence[Relation] = ()) -> list[Json]:
    """Return `tag`: who is named, what it is about, what it is related to."""
    named: list[Json] = [{"type": "Mention", "href": each.uri, "name": each.handle} for each in mentions]
    about: list[Json] = [{"type": "Hashtag", "href": each.url, "name": f"#{each.word.lstrip('#')}"} for each in topics]
    related: list[Json] = [
        {
            "type": "Link",
            "rel": each.rel,
            "href": each.uri,
            "mediaType": 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
            "name": each.title,
        }
        for each in relations
    ]
    return [*named, *about, *related]


def content_members(content_html: str, language: str | None) -> Json:
    """Return the text, alone and under exactly one language key."""
    return {"content": content_html, "contentMap": {language: content_html}} if language else {"content": content_html}
