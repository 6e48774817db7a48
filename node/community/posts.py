"""Posts of our own: publish, edit, withdraw."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.chance import public_id
from node.community import (
    addresses,
    attachments,
    erasure,
    journal,
    marks,
    notices,
    objects,
    own_quotes,
    polls,
    search_entries,
    thread_search,
)
from node.community.attachments import Picture
from node.community.facts import PostEdited, PostPublished, PostWithdrawn
from node.community.marks import Written, written
from node.community.objects import Known
from node.community.polls import PollDraft
from node.community.roles import is_at_least
from node.community.search_entries import Findable
from node.community.texts import checked_language, checked_line, too_long
from node.community.viewer import of_actor
from node.community.visibility import may_read
from node.database import atomic
from node.errors import Invalid, NotAllowed, NotFound, Withdrawn
from node.i18n import gettext as _
from node.models import Actor, ActorState, Media, Member, NotificationKind, Post, QuotePolicy, Role, Visibility
from node.text.plain import plain_text, shorten

LONGEST_TEXT = 5000
LONGEST_WARNING = 200
OURS = frozenset({Visibility.PUBLIC, Visibility.QUIET, Visibility.NETWORK, Visibility.MEMBERS, Visibility.DRAFT})
_REPLIES_MAY_BE = {
    Visibility.PUBLIC: OURS,
    Visibility.QUIET: OURS,
    Visibility.NETWORK: frozenset({Visibility.NETWORK, Visibility.MEMBERS, Visibility.DRAFT}),
    Visibility.MEMBERS: frozenset({Visibility.MEMBERS, Visibility.DRAFT}),
}


@dataclass(frozen=True, slots=True)
class PostDraft:
    """What a member typed.

    Args:
        text: Markdown.
        language: BCP 47; the author's own if empty.
        warning: what readers see first, the text behind it.
        in_reply_to_uri: a post, practice or event that we hold.
        poll: can't be changed once it is published.
        quotable: who may quote it without being asked back.
        quote_uri: a post that we hold and that is quoted; can't be changed once it is published.
    """

    text: str
    visibility: Visibility = Visibility.PUBLIC
    language: str = ""
    warning: str = ""
    in_reply_to_uri: str | None = None
    pictures: tuple[Picture, ...] = ()
    poll: PollDraft | None = None
    quotable: QuotePolicy = QuotePolicy.ANYONE
    quote_uri: str | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A checked draft."""

    draft: PostDraft
    text: Written
    pictures: list[tuple[Media, str]]
    parent: Known | None
    quoted: Known | None = None


async def publish(draft: PostDraft, *, author: Actor, now: datetime, by_member_id: int | None = None) -> Post:
    """Publish a post or a reply of one of ours, or keep it as a draft.

    Args:
        author: the member's actor.

    Raises:
        Invalid: what to change, by field.
        NotAllowed: the author is not an active actor of ours.
        NotFound: the post to answer isn't here, or not for this author.
    """
    if not author.is_local or author.state is not ActorState.ACTIVE:
        raise NotAllowed(f"{author.uri} can't publish here")
    parent = await _answerable(draft, author)
    ready = await _checked(draft, author=author, parent=parent)
    base, fresh = addresses.base_of(author), public_id(now)
    uri = addresses.post_uri(base, fresh)
    async with atomic():
        post = await Post.create(
            uri=uri,
            public_id=fresh,
            author=author,
            is_local=True,
            wire_type=_wire_type(ready.draft),
            quotable=ready.draft.quotable,
            visibility=draft.visibility,
            warning=ready.draft.warning,
            sensitive=bool(ready.draft.warning),
            source=ready.text.source,
            content_html=ready.text.html,
            language=ready.draft.language,
            url=addresses.post_page(base, fresh),
            in_reply_to_uri=parent.uri if parent else None,
            thread_uri=parent.thread_uri if parent else uri,
            context_uri=parent.context_uri if parent else None,
            audience_uri=_audience(draft, author),
            published_at=now,
        )
        await polls.attach(post, ready.draft.poll)
        await own_quotes.attach(post, ready.quoted, now=now)
        await _hang_on(post, ready, author)
        if draft.visibility is not Visibility.DRAFT:
            await _announce(post, ready, author, now=now, by_member_id=by_member_id)
    return post


async def edit(uri: str, draft: PostDraft, *, author: Actor, now: datetime, by_member_id: int | None = None) -> Post:
    """Change a post of ours. Who may read it and what it answers stay, unless it was a draft.

    Raises:
        NotFound, Withdrawn: no such post.
        NotAllowed: somebody else wrote it.
        Invalid: what to change, by field.
    """
    post = await standing(uri)
    if not post.is_local or post.author_id != author.id:
        raise NotAllowed(f"{uri} was written by somebody else")
    was_draft = post.visibility is Visibility.DRAFT
    kept = draft if was_draft else replace(draft, visibility=post.visibility)
    kept = replace(kept, in_reply_to_uri=post.in_reply_to_uri)
    parent = await objects.find(post.in_reply_to_uri) if post.in_reply_to_uri else None
    ready = await _checked(kept, author=author, parent=parent)
    async with atomic():
        post.visibility = kept.visibility
        post.warning = ready.draft.warning or post.imposed_warning
        post.sensitive = bool(post.warning)
        post.source, post.content_html = ready.text.source, ready.text.html
        post.quotable = ready.draft.quotable
        post.language, post.audience_uri = ready.draft.language, _audience(kept, author)
        if was_draft:
            post.published_at, post.wire_type = now, _wire_type(ready.draft)
            await polls.attach(post, ready.draft.poll)
            await own_quotes.attach(post, ready.quoted, now=now)
        else:
            post.updated_at = now
        await post.save()
        await _hang_on(post, ready, author)
        if was_draft and kept.visibility is not Visibility.DRAFT:
            await _announce(post, ready, author, now=now, by_member_id=by_member_id)
        elif not was_draft:
            await journal.note(PostEdited(post.id), at=now, by_member_id=by_member_id)
    return post


async def withdraw(uri: str, *, by: Member, now: datetime) -> Post:
    """Delete a post of ours; its address answers "deleted" from now on. A second time changes nothing.

    Args:
        by: its author, or a moderator.

    Raises:
        NotFound: no such post of ours.
        NotAllowed: somebody else's, and not a moderator.
    """
    post = await Post.get_or_none(uri=uri, is_local=True).select_related("author")
    if post is None:
        raise NotFound(f"no post {uri} of ours")
    if post.author_id != by.actor_id and not is_at_least(by.role, Role.MODERATOR):
        raise NotAllowed(f"{uri} was written by somebody else")
    if post.withdrawn_at is not None:
        return post
    was_draft = post.visibility is Visibility.DRAFT
    async with atomic():
        post.withdrawn_at = now
        post.source = post.content_html = post.warning = post.title = ""
        await post.save()
        await erasure.erase_around([uri])
        if not was_draft:
            await journal.note(PostWithdrawn(post.id), at=now, by_member_id=by.id)
    return post


async def standing(uri: str) -> Post:
    """Find a post that was not withdrawn, ours or foreign.

    Raises:
        NotFound: never seen here.
        Withdrawn: deleted.
    """
    return _standing(await Post.get_or_none(uri=uri).select_related("author"), uri)


async def by_public_id(public: str) -> Post:
    """Find a post of ours by the last part of its address; raises like `standing`."""
    return _standing(await Post.get_or_none(public_id=public).select_related("author"), public)


def _standing(post: Post | None, name: str) -> Post:
    if post is None:
        raise NotFound(f"no post {name[:200]}")
    if post.withdrawn_at is not None:
        raise Withdrawn(f"{name[:200]} was deleted")
    return post


async def _answerable(draft: PostDraft, author: Actor) -> Known | None:
    if draft.in_reply_to_uri is None:
        return None
    parent = await objects.find(draft.in_reply_to_uri)
    if parent is None or not may_read(await of_actor(author), parent.readable):
        raise NotFound(f"nothing to answer at {draft.in_reply_to_uri[:200]}")
    return parent


async def _checked(draft: PostDraft, *, author: Actor, parent: Known | None) -> _Ready:
    text = draft.text.strip()
    if not text and not draft.pictures:
        raise Invalid({"text": _("Write something, or add a picture.")})
    if len(text) > LONGEST_TEXT:
        raise Invalid({"text": too_long(LONGEST_TEXT)})
    _require_audience(draft, parent)
    clean_draft = replace(
        draft,
        language=checked_language(draft.language, otherwise=author.language),
        warning=checked_line("warning", draft.warning, limit=LONGEST_WARNING),
        poll=polls.checked(draft.poll),
    )
    pictures = await attachments.chosen(draft.pictures, owner=author)
    quoted = await own_quotes.quotable(draft.quote_uri, by=author) if draft.quote_uri else None
    return _Ready(clean_draft, await written(text, author=author), pictures, parent, quoted)


def _wire_type(draft: PostDraft) -> str:
    return "Question" if draft.poll else "Note"


def _require_audience(draft: PostDraft, parent: Known | None) -> None:
    if draft.visibility not in OURS:
        raise Invalid({"visibility": _("Choose who may read this, for example everybody.")})
    if parent is None or draft.visibility in _REPLIES_MAY_BE.get(parent.visibility, frozenset()):
        return
    if parent.visibility not in _REPLIES_MAY_BE:
        raise Invalid({"": _("This was written to a few people only, so it can't be answered from here.")})
    raise Invalid(
        {"visibility": _("An answer can't be more public than what it answers. Choose for example members only.")}
    )


def _audience(draft: PostDraft, author: Actor) -> str | None:
    """Name the Group that passes a member's public post on; answers are passed on by nobody."""
    if draft.visibility is not Visibility.PUBLIC or draft.in_reply_to_uri is not None:
        return None
    return addresses.group_uri(addresses.base_of(author), "posts")


async def _hang_on(post: Post, ready: _Ready, author: Actor) -> None:
    answered = [ready.parent.publisher.id] if ready.parent and ready.parent.publisher.id != author.id else []
    await marks.set_mentions(post.uri, [*answered, *ready.text.actor_ids])
    await marks.set_hashtags(post.uri, ready.text.hashtags)
    await attachments.attach(post.uri, ready.pictures, base=addresses.base_of(author))
    plain = plain_text(post.content_html)
    words = " ".join([post.warning, plain, author.display_name, *(alt for _media, alt in ready.pictures)])
    title = shorten(post.warning or plain.split("\n", 1)[0], 80)
    found = Findable(post.uri, "post", title, words, post.language, post.visibility, post.published_at)
    await search_entries.enter(found)


async def _announce(post: Post, ready: _Ready, author: Actor, *, now: datetime, by_member_id: int | None) -> None:
    await journal.note(PostPublished(post.id), at=now, by_member_id=by_member_id)
    await polls.open_with(post, now=now)
    await own_quotes.ask_with(post, author, now=now)
    named = set(ready.text.actor_ids)
    if ready.parent is not None and not ready.parent.is_local:
        await thread_search.look_around_later(ready.parent.uri, now=now)
    if ready.parent is not None:
        await notices.tell_owner(ready.parent, NotificationKind.REPLY, author, object_uri=post.uri, now=now)
        named.discard(ready.parent.publisher.id)
    await notices.tell_actors(named, NotificationKind.MENTION, author, object_uri=post.uri, now=now)
