"""What posts quote, as pages show it: the words only where the quoted author lets them be shown."""

from collections.abc import Iterable, Mapping, Sequence

from node.community import objects
from node.community.shown_actors import actor_view
from node.community.views import QuotedView
from node.community.visibility import Viewer, may_read
from node.database import among, rows
from node.models import Post, Quote, QuoteState


async def quotes_in(posts: Sequence[Post], viewer: Viewer) -> Mapping[str, QuotedView]:
    """Return what posts quote, by the URI of the quoting post.

    A row counts only if it is by the author of the post; who quotes oneself needs nobody's leave.
    """
    authors = {row.uri: row.author_id for row in posts}
    if not authors:
        return {}
    quoting = await _quoting(authors)
    found = [quote for quote in await Quote.filter(id__in=quoting) if _is_own(quote, authors)] if quoting else []
    if not found:
        return {}
    things = await objects.find_all(quote.quoted_uri for quote in found)
    quoted = {post.uri: post for post in await Post.filter(uri__in=list(things))}
    return {quote.quoting_uri: _view(quote, things.get(quote.quoted_uri), quoted, viewer) for quote in found}


async def _quoting(uris: Iterable[str]) -> list[object]:
    """Return the rows that say what these posts quote; mostly none does."""
    condition, values = among("quoting_uri", uris)
    return [row["id"] for row in await rows(f"SELECT id FROM quote WHERE {condition}", values)]  # noqa: S608


def _is_own(quote: Quote, authors: Mapping[str, int]) -> bool:
    return authors[quote.quoting_uri] == quote.quoter_id


def _view(quote: Quote, thing: objects.Known | None, posts: Mapping[str, Post], viewer: Viewer) -> QuotedView:
    is_waiting = quote.state is QuoteState.ASKED
    post = posts.get(quote.quoted_uri)
    if thing is None or post is None or not may_read(viewer, thing.readable):
        return QuotedView(quote.quoted_uri, is_waiting=is_waiting)
    is_let = quote.state is QuoteState.GRANTED or thing.publisher.id == quote.quoter_id
    if not is_let:
        return QuotedView(quote.quoted_uri, is_waiting=is_waiting, is_local=thing.is_local, is_known=True)
    return QuotedView(
        quote.quoted_uri,
        is_waiting=False,
        is_local=thing.is_local,
        is_known=True,
        author=actor_view(thing.publisher),
        title=post.title,
        warning=post.warning,
        content_html=post.content_html,
        language=post.language,
    )
