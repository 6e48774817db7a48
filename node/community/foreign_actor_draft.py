"""A foreign actor as it was read, before anything of it is kept. Pure."""

from dataclasses import dataclass
from datetime import datetime

from node.models import ActorKind, KeyKind


@dataclass(frozen=True, slots=True)
class ProfileField:
    """One row of a profile; `value_html` may be uncleaned."""

    name: str
    value_html: str


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A public key of a foreign actor: PEM for RSA, multibase for Ed25519."""

    key_id: str
    kind: KeyKind
    public: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignActor:
    """An actor as its server describes it; nothing in it is cleaned yet.

    Args:
        host: canonical host of the handle.
        document: the JSON as read.
    """

    uri: str
    kind: ActorKind
    name: str
    host: str
    display_name: str = ""
    bio_html: str = ""
    language: str = ""
    url: str | None = None
    inbox_url: str | None = None
    shared_inbox_url: str | None = None
    outbox_url: str | None = None
    followers_uri: str | None = None
    following_uri: str | None = None
    featured_uri: str | None = None
    avatar_url: str | None = None
    header_url: str | None = None
    manually_approves: bool = False
    discoverable: bool = False
    indexable: bool = False
    is_suspended: bool = False
    moved_to: str | None = None
    also_known_as: tuple[str, ...] = ()
    fields: tuple[ProfileField, ...] = ()
    keys: tuple[ForeignKey, ...] = ()
    published_at: datetime | None = None
    document: str = "{}"
