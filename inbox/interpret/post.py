"""A foreign Note, Article, Page, Question ... as a draft for the community."""

from datetime import datetime

from federation.addressing import visibility_of
from federation.vocabulary.types import Attachment, NoteDocument
from inbox.interpret.kept_document import kept_document
from node.community.attachments import ForeignAttachment
from node.community.foreign_posts import ForeignPost, clean_content
from node.models import Visibility
from node.text.sanitise import CleanHtml

PLAIN_TYPES = frozenset({"Note", "Question"})
"""Their `summary` is a content warning; that of all others is a teaser."""


def post_draft(
    note: NoteDocument,
    *,
    followers_uri: str | None,
    now: datetime,
    is_solicited: bool = False,
    content: CleanHtml | None = None,
) -> ForeignPost:
    """Return what the community keeps of a post.

    Args:
        note: parsed; its author has been compared with whoever proved it.
        followers_uri: the followers collection of the author, to read the addressing.
        now: stands in for a missing date, and bounds one in the future.
        is_solicited: we asked for it, or somebody we follow passed it on.
        content: what `cleaned` gave for it, if it was asked before.
    """
    published = min(note.published or now, now)
    is_plain = note.type in PLAIN_TYPES
    return ForeignPost(
        uri=note.id,
        author_uri=note.attributed_to,
        wire_type=note.type,
        visibility=Visibility(visibility_of(note.to, note.cc, followers_uri).value),
        title="" if is_plain else note.name,
        warning=note.summary if is_plain else "",
        content_html=_content(note, is_plain=is_plain),
        content=content,
        language=note.language or "",
        url=note.url,
        in_reply_to_uri=note.in_reply_to,
        context_uri=note.context,
        sensitive=note.sensitive,
        mentioned_uris=tuple(dict.fromkeys(mention.href for mention in note.mentions)),
        hashtags=tuple(dict.fromkeys(tag.name for tag in note.hashtags)),
        attachments=attachments_of(note),
        emoji=tuple((each.name, each.icon_url) for each in note.emoji),
        published_at=published,
        updated_at=min(note.updated, now) if note.updated else None,
        document=kept_document(note.document),
        is_solicited=is_solicited,
    )


async def cleaned(note: NoteDocument) -> CleanHtml:
    """Return the content of a post as it will be kept."""
    return await clean_content(_content(note, is_plain=note.type in PLAIN_TYPES), note.type)


def attachments_of(note: NoteDocument) -> tuple[ForeignAttachment, ...]:
    """Return the pictures and links of a document."""
    return tuple(_attachment(each) for each in note.attachments)


def _attachment(each: Attachment) -> ForeignAttachment:
    return ForeignAttachment(
        url=each.url, media_type=each.media_type or "", alt=each.alt, width=each.width, height=each.height
    )


def _content(note: NoteDocument, *, is_plain: bool) -> str:
    if note.content_html or is_plain:
        return note.content_html
    return note.summary
