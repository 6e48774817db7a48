"""A post of ours as a Note or Question."""

from datetime import datetime

from federation.vocabulary.context import Json
from federation.vocabulary.note import NoteInput, QuestionInput, note_object
from node.community import addresses, objects
from node.community.shown_polls import polls_under
from node.community.visibility import ANONYMOUS
from node.models import Actor, Post
from outbox.render.parts import addressed, as_named, named_in, pictures_of, topics_of


async def post_json(post: Post, *, now: datetime) -> Json:
    """Return a post, without context.

    Args:
        post: with its author loaded.
        now: tells whether its poll is over.

    Raises:
        NotFound: it does not leave the node.
    """
    author: Actor = post.author
    base = addresses.base_of(author)
    named = await named_in(post.uri, post.in_reply_to_uri)
    groups = (post.audience_uri,) if post.audience_uri else ()
    others = tuple(actor.uri for actor in named if actor.uri != author.uri)
    to, cc = addressed(post.visibility, author, mentions=others, groups=groups)
    return note_object(
        NoteInput(
            id=post.uri,
            url=post.url or post.uri,
            author=author.uri,
            to=to,
            cc=cc,
            content_html=post.content_html,
            language=post.language or None,
            published=post.published_at,
            updated=post.updated_at,
            in_reply_to=post.in_reply_to_uri,
            context=await thread_context(post, base),
            warning=post.warning,
            sensitive=post.sensitive,
            group=post.audience_uri,
            pictures=await pictures_of(post.uri),
            mentions=as_named(tuple(actor for actor in named if actor.uri != author.uri)),
            topics=await topics_of(post.uri, base),
            source_markdown=post.source,
            question=await question_of(post, now=now),
        )
    )


async def question_of(post: Post, *, now: datetime) -> QuestionInput | None:
    """Return the poll of a published post with its counts, None if it has none."""
    poll = (await polls_under([post], ANONYMOUS)).get(post.uri) if post.wire_type == "Question" else None
    if poll is None or poll.ends_at is None:
        return None
    return QuestionInput(
        options=poll.options,
        ends_at=poll.ends_at,
        voters=poll.voters,
        multiple=poll.multiple,
        closed_at=poll.ends_at if poll.ends_at <= now else None,
    )


async def thread_context(post: Post, base: str) -> str | None:
    """Return the collection of the whole thread: ours if its top is ours, else what the top says."""
    if post.thread_uri.startswith(f"{base}/"):
        return f"{post.thread_uri}/context"
    if post.context_uri:
        return post.context_uri
    top = await objects.find(post.thread_uri)
    return top.context_uri if top else None
