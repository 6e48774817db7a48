"""A post as another server sent it, before anything is decided about it."""

from dataclasses import dataclass, field
from datetime import datetime

from node.community.attachments import ForeignAttachment
from node.models import Visibility
from node.text.sanitise import CleanHtml


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignPost:
    """A post as its server sent it; nothing in it is cleaned yet but perhaps `content`.

    Args:
        author_uri: whom the message was proven to come from.
        warning: content warning; HTML is taken out.
        mentioned_uris: actors named or addressed.
        is_solicited: somebody here asked for it, or somebody followed from here passed it on.
        content: `content_html` after `clean_content`, if somebody has cleaned it already.
        emoji: name and address of each picture that stands for a short code.
        document: the JSON as received.
    """

    uri: str
    author_uri: str
    wire_type: str = "Note"
    visibility: Visibility = Visibility.PUBLIC
    title: str = ""
    warning: str = ""
    content_html: str = ""
    content: CleanHtml | None = None
    language: str = ""
    url: str | None = None
    in_reply_to_uri: str | None = None
    context_uri: str | None = None
    sensitive: bool = False
    mentioned_uris: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    attachments: tuple[ForeignAttachment, ...] = field(default=())
    emoji: tuple[tuple[str, str], ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    is_solicited: bool = False
    document: str = "{}"
