"""Posts of ours as Note, and direct questions as Question. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from federation.vocabulary.context import Json
from federation.vocabulary.pieces import (
    NamedActor,
    Picture,
    Topic,
    attachment,
    content_members,
    filled,
    moment,
    revision_moment,
    tags,
)


@dataclass(frozen=True, slots=True)
class QuestionInput:
    """A question with fixed answers: label and votes of each."""

    options: tuple[tuple[str, int], ...]
    ends_at: datetime
    voters: int = 0
    multiple: bool = False
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuoteInput:
    """What a post quotes, and where the leave of its author stands once it is given."""

    uri: str
    authorization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInput:
    """A post.

    Args:
        author: actor URI.
        content_html: clean HTML.
        warning: what readers see before they open it, plain text.
        group: the Group it is for (`audience`).
        context: URI of the thread's collection, the same for all its posts.
        source_markdown: what the author typed, "" if that is not told.
        may_quote: actors, collections or Public who may quote it at once; `may_ask_to_quote`: after asking.
    """

    id: str
    url: str
    author: str
    to: Sequence[str]
    cc: Sequence[str]
    content_html: str
    language: str | None
    published: datetime
    updated: datetime | None = None
    in_reply_to: str | None = None
    context: str | None = None
    conversation: str | None = None
    warning: str = ""
    sensitive: bool = False
    group: str | None = None
    pictures: Sequence[Picture] = ()
    mentions: Sequence[NamedActor] = ()
    topics: Sequence[Topic] = ()
    source_markdown: str = ""
    may_quote: Sequence[str] = ()
    may_ask_to_quote: Sequence[str] = ()
    quote: QuoteInput | None = None
    question: QuestionInput | None = None


def note_object(note: NoteInput) -> Json:
    """Return a Note or Question, without context. It never has a `name`: replies with one are taken for votes.

    Spec: ActivityPub §6.2; FEP-044f.
    """
    source = {"content": note.source_markdown, "mediaType": "text/markdown"} if note.source_markdown else None
    quoters = filled({"automaticApproval": list(note.may_quote), "manualApproval": list(note.may_ask_to_quote)})
    return filled(
        {
            "id": note.id,
            "type": "Question" if note.question else "Note",
            "attributedTo": note.author,
            "to": list(note.to),
            "cc": list(note.cc),
            "audience": note.group,
            "url": note.url,
            "published": moment(note.published),
            "updated": revision_moment(note.updated) if note.updated else None,
            "inReplyTo": note.in_reply_to,
            "context": note.context,
            "conversation": note.conversation,
            "summary": note.warning,
            "sensitive": note.sensitive or bool(note.warning),
            **content_members(note.content_html, note.language),
            "source": source,
            "attachment": [attachment(picture) for picture in note.pictures],
            "tag": tags(note.mentions, note.topics),
            "replies": f"{note.id}/replies",
            "likes": f"{note.id}/likes",
            "shares": f"{note.id}/shares",
            "interactionPolicy": {"canQuote": quoters} if quoters else None,
            **(_quote(note.quote) if note.quote else {}),
            **(_question(note.question) if note.question else {}),
        }
    )


def _quote(quote: QuoteInput) -> Json:
    """Return the names that servers know a quote by, the one of FEP-044f first."""
    return {
        "quote": quote.uri,
        "quoteUri": quote.uri,
        "quoteUrl": quote.uri,
        "_misskey_quote": quote.uri,
        "quoteAuthorization": quote.authorization,
    }


def _question(question: QuestionInput) -> Json:
    options = [
        {"type": "Note", "name": label, "replies": {"type": "Collection", "totalItems": votes}}
        for label, votes in question.options
    ]
    return {
        "anyOf" if question.multiple else "oneOf": options,
        "endTime": moment(question.ends_at),
        "closed": moment(question.closed_at) if question.closed_at else None,
        "votersCount": question.voters,
    }
