"""A post of ours as a Note."""

from federation.vocabulary.context import Json
from federation.vocabulary.note import NoteInput, note_object
from node.community import addresses, objects
from node.models import Actor, Post
from outbox.render.parts import addressed, as_named, named_in, pictures_of, topics_of


async def post_json(post: Post) -> Json:
    """Return a post, without context.

    Args:
        post: with its author loaded.

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
        )
    )


async def thread_context(post: Post, base: str) -> str | None:
    """Return the collection of the whole thread: ours if its top is ours, else what the top says."""
    if post.thread_uri.startswith(f"{base}/"):
        return f"{post.thread_uri}/context"
    if post.context_uri:
        return post.context_uri
    top = await objects.find(post.thread_uri)
    return top.context_uri if top else None
