"""Posts of people on other servers: what we keep, refresh and refuse."""

from dataclasses import dataclass, field
from datetime import datetime

from node.community import attachments, erasure, marks, notices, objects, search_entries
from node.community.attachments import ForeignAttachment
from node.community.objects import Known
from node.community.once import Columns, insert_once
from node.community.received import Outcome, Received, ignored, unchanged
from node.community.search_entries import Findable
from node.database import atomic
from node.models import Actor, ActorState, Follow, FollowState, NotificationKind, Post, Visibility
from node.policy.grants import Interact
from node.text.allowed import Subset
from node.text.plain import plain_name, plain_text, shorten
from node.text.sanitise import clean

LONGEST_TITLE = 200
LONGEST_WARNING = 500
MOST_MENTIONS = 50
_NARROWER = (Visibility.PUBLIC, Visibility.QUIET, Visibility.FOLLOWERS, Visibility.DIRECT)
"""A later version may narrow who reads, never widen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignPost:
    """A post as its server sent it; nothing in it is cleaned yet.

    Args:
        author_uri: whom the message was proven to come from.
        warning: content warning; HTML is taken out.
        mentioned_uris: actors named or addressed.
        is_solicited: somebody here asked for it, or somebody followed from here passed it on.
        document: the JSON as received.
    """

    uri: str
    author_uri: str
    wire_type: str = "Note"
    visibility: Visibility = Visibility.PUBLIC
    title: str = ""
    warning: str = ""
    content_html: str = ""
    language: str = ""
    url: str | None = None
    in_reply_to_uri: str | None = None
    context_uri: str | None = None
    sensitive: bool = False
    mentioned_uris: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    attachments: tuple[ForeignAttachment, ...] = field(default=())
    published_at: datetime | None = None
    updated_at: datetime | None = None
    is_solicited: bool = False
    document: str = "{}"


@dataclass(frozen=True, slots=True)
class _Ties:
    """How a foreign post is tied to this place."""

    author: Actor
    parent: Known | None
    top: Known | None
    named: tuple[Actor, ...]

    @property
    def names_ours(self) -> bool:
        """Tell whether it mentions an account of this node."""
        return any(actor.is_local for actor in self.named)

    @property
    def answers_ours(self) -> bool:
        """Tell whether it answers something of this node that is still there."""
        return any(thing is not None and thing.is_local and not thing.is_withdrawn for thing in (self.parent, self.top))


async def receive(draft: ForeignPost, *, now: datetime, grant: Interact = Interact.YES) -> Received:
    """Keep a foreign post, or the newer version of one we have.

    Kept is what answers or names us, what somebody followed from here wrote, and what was asked for.

    Args:
        grant: what the author's host may do here.

    Returns:
        What became of it; nothing is raised for foreign input.

    Spec: V-M12, V-M26.
    """
    author = await Actor.get_or_none(uri=draft.author_uri)
    if author is None or author.is_local or author.state is not ActorState.ACTIVE:
        return ignored("its author is unknown, ours, suspended or gone", draft.uri)
    if draft.visibility not in _NARROWER:
        return ignored(f"not a visibility that others send: {draft.visibility}", draft.uri)
    if await erasure.is_gone(draft.uri):
        return ignored("it was deleted before", draft.uri)
    known = await objects.find(draft.uri)
    if known is not None:
        return await _receive_again(draft, known, author, now=now)
    ties = await _ties(draft, author)
    reason = await _why_not(draft, ties, grant)
    if reason:
        return ignored(reason, draft.uri)
    return await _store(draft, ties, now=now)


async def _receive_again(draft: ForeignPost, known: Known, author: Actor, *, now: datetime) -> Received:
    if known.kind != "post" or known.is_local or known.publisher.id != author.id:
        return ignored("another actor owns it", draft.uri)
    post = await Post.get(uri=draft.uri)
    stamp = min(draft.updated_at, now) if draft.updated_at else None
    if stamp is None or stamp <= (post.updated_at or post.published_at):
        return unchanged("nothing newer than what we have", draft.uri)
    columns = await _columns(draft)
    columns["visibility"] = max(draft.visibility, post.visibility, key=_NARROWER.index)
    async with atomic():
        await Post.filter(id=post.id).update(**columns, updated_at=stamp)
        await _hang_on(await Post.get(id=post.id), draft, await _ties(draft, author))
    return Received(Outcome.UPDATED, uri=draft.uri)


async def _ties(draft: ForeignPost, author: Actor) -> _Ties:
    parent = await objects.find(draft.in_reply_to_uri) if draft.in_reply_to_uri else None
    top = await objects.find(parent.thread_uri) if parent and parent.thread_uri != parent.uri else parent
    named = await Actor.filter(uri__in=list(draft.mentioned_uris[:MOST_MENTIONS]), state=ActorState.ACTIVE)
    return _Ties(author, parent, top, tuple(named))


async def _why_not(draft: ForeignPost, ties: _Ties, grant: Interact) -> str:
    is_followed = await Follow.filter(
        target_id=ties.author.id, state=FollowState.ACCEPTED, follower__is_local=True
    ).exists()
    if grant is Interact.NONE:
        return "its host may not write to us"
    if grant is Interact.FOLLOWED_ONLY and not is_followed:
        return "its host may only write to us if somebody here follows the author"
    if grant is Interact.HOLD and not is_followed and not await Post.filter(author_id=ties.author.id).exists():
        return "first words from a host whose first words are held"
    if draft.visibility is Visibility.DIRECT:
        return "" if ties.names_ours else "direct, and not to us"
    if draft.visibility is Visibility.FOLLOWERS:
        return "" if is_followed or ties.names_ours else "for followers, and nobody here is one"
    if ties.names_ours or ties.answers_ours or is_followed or draft.is_solicited:
        return ""
    return "it neither answers nor names us, and nobody here follows its author"


async def _store(draft: ForeignPost, ties: _Ties, *, now: datetime) -> Received:
    published = min(draft.published_at or now, now)
    thread_uri = ties.parent.thread_uri if ties.parent else draft.in_reply_to_uri or draft.uri
    columns = await _columns(draft) | {
        "author": ties.author,
        "in_reply_to_uri": draft.in_reply_to_uri,
        "thread_uri": thread_uri,
        "context_uri": draft.context_uri,
        "published_at": published,
        "updated_at": min(draft.updated_at, now) if draft.updated_at else None,
        "received_at": now,
    }
    async with atomic():
        post, is_new = await insert_once(Post, {"uri": draft.uri}, columns)
        if not is_new:
            return unchanged("it came twice at the same time", draft.uri)
        if thread_uri != draft.uri:
            await Post.filter(thread_uri=draft.uri).update(thread_uri=thread_uri)
        await _hang_on(post, draft, ties)
        await _tell(post, ties, now=now)
    return Received(Outcome.STORED, uri=draft.uri)


async def _columns(draft: ForeignPost) -> Columns:
    subset = Subset.NOTE if draft.wire_type in {"Note", "Question"} else Subset.ARTICLE
    return {
        "wire_type": draft.wire_type[:40],
        "visibility": draft.visibility,
        "title": plain_name(draft.title, limit=LONGEST_TITLE),
        "warning": shorten(plain_name(plain_text(draft.warning), limit=LONGEST_WARNING), LONGEST_WARNING),
        "sensitive": draft.sensitive,
        "content_html": (await clean(draft.content_html, subset)).html,
        "language": draft.language[:35],
        "url": draft.url,
        "document": draft.document,
    }


async def _hang_on(post: Post, draft: ForeignPost, ties: _Ties) -> None:
    await marks.set_mentions(post.uri, [actor.id for actor in ties.named])
    await marks.set_hashtags(post.uri, draft.hashtags)
    await attachments.attach_foreign(post.uri, draft.attachments)
    if not ties.author.indexable or post.visibility is not Visibility.PUBLIC:
        await search_entries.leave(post.uri)
        return
    plain = plain_text(post.content_html)
    title = post.title or shorten(post.warning or plain.split("\n", 1)[0], 80)
    words = " ".join([post.title, post.warning, plain, ties.author.display_name])
    found = Findable(post.uri, "post", title, words, post.language, post.visibility, post.published_at)
    await search_entries.enter(found)


async def _tell(post: Post, ties: _Ties, *, now: datetime) -> None:
    named = {actor.id for actor in ties.named if actor.is_local}
    if ties.parent is not None:
        await notices.tell_owner(ties.parent, NotificationKind.REPLY, ties.author, object_uri=post.uri, now=now)
        named.discard(ties.parent.publisher.id)
    await notices.tell_actors(named, NotificationKind.MENTION, ties.author, object_uri=post.uri, now=now)
