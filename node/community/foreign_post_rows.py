"""The rows of foreign posts: what is written when posts are kept or renewed, for many at once.

A new column of the post goes into `_columns`; a new kind of row beside it goes into `_BESIDE`, with what makes its rows
from a draft. Whoever is told of a new post stands in `_notices`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.models import Model

from node.community import attachments, marks, notices, post_emoji, search_entries
from node.community.foreign_post_draft import ForeignPost
from node.community.foreign_post_ties import Ties
from node.community.notices import Notice
from node.community.once import Columns
from node.community.search_entries import Findable
from node.community.tables import insert_all, insert_missing, update_all
from node.database import execute_many
from node.models import Attachment, Hashtag, Mention, NotificationKind, Post, PostEmoji, Visibility
from node.text.plain import plain_name, plain_text, shorten
from node.text.sanitise import EMPTY

LONGEST_TITLE = 200
LONGEST_WARNING = 500
_JOIN = "UPDATE post SET thread_uri = ? WHERE thread_uri = ?"


@dataclass(frozen=True, slots=True)
class Kept:
    """A post that is to be written.

    Args:
        row: the columns that are written.
    """

    draft: ForeignPost
    ties: Ties
    row: Columns
    is_new: bool

    @property
    def uri(self) -> str:
        """The id of the post."""
        return self.draft.uri


def new(draft: ForeignPost, ties: Ties, *, now: datetime) -> Kept:
    """Return what is written for a post that we did not have."""
    row = _columns(draft) | {
        "uri": draft.uri,
        "author_id": ties.author.id,
        "in_reply_to_uri": draft.in_reply_to_uri,
        "thread_uri": ties.parent.thread_uri if ties.parent else draft.in_reply_to_uri or draft.uri,
        "context_uri": draft.context_uri,
        "published_at": min(draft.published_at or now, now),
        "updated_at": min(draft.updated_at, now) if draft.updated_at else None,
        "received_at": now,
    }
    return Kept(draft, ties, row, is_new=True)


def newer(draft: ForeignPost, ties: Ties, post: Post, *, stamp: datetime) -> Kept:
    """Return what is written for a newer version of `post`.

    Args:
        stamp: when it was changed.
    """
    row = _columns(draft) | {"uri": draft.uri, "published_at": post.published_at, "updated_at": stamp}
    row["warning"] = row["warning"] or post.imposed_warning
    row["sensitive"] = row["sensitive"] or bool(post.imposed_warning)
    return Kept(draft, ties, row, is_new=False)


def _columns(draft: ForeignPost) -> Columns:
    """Return the columns that a newer version replaces."""
    return {
        "wire_type": draft.wire_type[:40],
        "visibility": draft.visibility,
        "title": plain_name(draft.title, limit=LONGEST_TITLE),
        "warning": shorten(plain_name(plain_text(draft.warning), limit=LONGEST_WARNING), LONGEST_WARNING),
        "sensitive": draft.sensitive,
        "content_html": (draft.content or EMPTY).html,
        "language": draft.language[:35],
        "url": draft.url,
        "document": draft.document,
    }


def _mentions(kept: Kept) -> list[Columns]:
    return marks.mention_rows(kept.uri, [actor.id for actor in kept.ties.named])


def _hashtags(kept: Kept) -> list[Columns]:
    return marks.hashtag_rows(kept.uri, kept.draft.hashtags)


def _attachments(kept: Kept) -> list[Columns]:
    return attachments.foreign_rows(kept.uri, kept.draft.attachments)


def _emoji(kept: Kept) -> list[Columns]:
    row = kept.row
    words = f"{row['title']} {row['warning']} {row['content_html']}"
    return post_emoji.rows(kept.uri, kept.draft.emoji, words=words)


_BESIDE: Mapping[type[Model], Callable[[Kept], list[Columns]]] = {
    Mention: _mentions,
    Hashtag: _hashtags,
    Attachment: _attachments,
    PostEmoji: _emoji,
}
"""The tables whose rows hang on a post by `object_uri`, and what makes them; a newer version replaces them all."""


async def write(kept: Sequence[Kept], *, now: datetime) -> None:
    """Write posts and everything beside them; inside the transaction in which they were decided.

    Raises:
        IntegrityError: somebody else has kept one of them meanwhile.
    """
    fresh = [each for each in kept if each.is_new]
    renewed = [each for each in kept if not each.is_new]
    await insert_all(Post, [each.row for each in fresh])
    await _join_threads(fresh)
    await update_all(Post, [each.row for each in renewed], key="uri")
    await _clear(renewed)
    for model, made in _BESIDE.items():
        await insert_missing(model, [row for each in kept for row in made(each)])
    await search_entries.enter_all([_findable(each) for each in kept if _may_be_found(each)])
    await notices.tell_all([notice for each in fresh for notice in _notices(each)], now=now)


async def _join_threads(fresh: Sequence[Kept]) -> None:
    """Let answers that came before what they answer join its thread."""
    joining = [(each.row["thread_uri"], each.uri) for each in fresh if each.row["thread_uri"] != each.uri]
    if joining:
        await execute_many(_JOIN, joining)


async def _clear(renewed: Sequence[Kept]) -> None:
    uris = [each.uri for each in renewed]
    if not uris:
        return
    for model in _BESIDE:
        await model.filter(object_uri__in=uris).delete()
    hidden = [each.uri for each in renewed if not _may_be_found(each)]
    if hidden:
        await search_entries.leave(*hidden)


def _may_be_found(kept: Kept) -> bool:
    return kept.ties.author.indexable and kept.row["visibility"] is Visibility.PUBLIC


def _findable(kept: Kept) -> Findable:
    row, plain = kept.row, plain_text(kept.row["content_html"])
    title = row["title"] or shorten(row["warning"] or plain.split("\n", 1)[0], 80)
    words = " ".join([row["title"], row["warning"], plain, kept.ties.author.display_name])
    return Findable(kept.uri, "post", title, words, row["language"], row["visibility"], row["published_at"])


def _notices(kept: Kept) -> list[Notice]:
    """Return who is told: whoever is answered, and those of ours who are named."""
    ties, found = kept.ties, []
    named = {actor.id for actor in ties.named if actor.is_local}
    if ties.parent is not None:
        found.append(notices.to_owner(ties.parent, NotificationKind.REPLY, ties.author, object_uri=kept.uri))
        named.discard(ties.parent.publisher.id)
    return [*found, Notice(NotificationKind.MENTION, ties.author, kept.uri, frozenset(named))]
