"""Actors of other servers as values. Pure."""

from dataclasses import dataclass
from datetime import datetime

from federation.vocabulary.reference import Document


@dataclass(frozen=True, slots=True)
class KeyDocument:
    """A public key in an actor document.

    Args:
        kind: "rsa" for `publicKey` with PEM (whatever algorithm is inside), "multikey" for `assertionMethod`.
    """

    id: str
    owner: str
    kind: str
    pem: str | None = None
    multibase: str | None = None


@dataclass(frozen=True, slots=True)
class ProfileField:
    """One row of an actor's table of links and facts; `value_html` is not cleaned."""

    name: str
    value_html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorDocument:
    """A person, group or machine on another server.

    Args:
        type: Person, Group, Application, Service or Organization.
        summary_html: not cleaned.
        inbox: None if it is unusable or on another origin than the actor: nothing can be delivered then.
        url: link for people, http or https; the id if there was no good one.
        implements: links of the standards that its `generator` claims.
        generator: name of the software, if given.
        moderators: the collection of a Group's moderators (`attributedTo`).
    """

    id: str
    type: str
    preferred_username: str
    name: str
    summary_html: str
    language: str | None
    inbox: str | None
    shared_inbox: str | None
    outbox: str | None
    followers: str | None
    following: str | None
    featured: str | None
    url: str
    icon_url: str | None
    icon_alt: str
    image_url: str | None
    manually_approves: bool
    discoverable: bool
    indexable: bool
    suspended: bool
    keys: tuple[KeyDocument, ...]
    also_known_as: tuple[str, ...]
    moved_to: str | None
    published: datetime | None
    fields: tuple[ProfileField, ...]
    webfinger: str | None
    generator: str | None
    implements: tuple[str, ...]
    moderators: str | None
    events: str | None
    upcoming_events: str | None
    document: Document
