"""A post of ours as a Note or Question."""

from datetime import datetime
from html import escape

from federation.addressing import PUBLIC
from federation.vocabulary.context import Json
from federation.vocabulary.note import NoteInput, QuestionInput, QuoteInput, note_object
from node.community import addresses, objects
from node.community.shown_polls import polls_under
from node.community.visibility import ANONYMOUS, OPEN
from node.models import Actor, Post, Quote, QuotePolicy, QuoteState
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
    quoted = await Quote.get_or_none(quoting_uri=post.uri, quoter_id=author.id)
    quote = quote_of(quoted)
    return note_object(
        NoteInput(
            id=post.uri,
            url=post.url or post.uri,
            author=author.uri,
            to=to,
            cc=cc,
            content_html=with_quote(post.content_html, quoted),
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
            may_quote=may_quote(post, author),
            may_ask_to_quote=(PUBLIC,) if post.quotable is QuotePolicy.ASK and post.visibility in OPEN else (),
            quote=quote,
        )
    )


def may_quote(post: Post, author: Actor) -> tuple[str, ...]:
    """Return who may quote a post at once; others read silence as nobody, and nobody is its author alone."""
    if post.visibility not in OPEN or post.quotable is QuotePolicy.NOBODY:
        return (author.uri,)
    return {QuotePolicy.ANYONE: (PUBLIC,), QuotePolicy.FOLLOWERS: (f"{author.uri}/followers",)}.get(post.quotable, ())


def quote_of(row: Quote | None) -> QuoteInput | None:
    """Return what a post quotes as long as its author has not said no."""
    if row is None or row.state in {QuoteState.REFUSED, QuoteState.REVOKED}:
        return None
    return QuoteInput(row.quoted_uri, row.stamp_uri if row.state is QuoteState.GRANTED else None)


def with_quote(content_html: str, row: Quote | None) -> str:
    """Return the words behind a link to what they quote, for readers that know no quotes."""
    if row is None:
        return content_html
    uri = escape(row.quoted_uri)
    return f'<p class="quote-inline">RE: <a href="{uri}">{uri}</a></p>{content_html}'


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
