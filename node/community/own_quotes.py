"""Posts of ours that quote: asking the author, and what came of it. FEP-044f."""

from datetime import datetime

from federation.errors import Malformed
from federation.names import canonical_uri, same_origin
from node.chance import public_id
from node.community import addresses, journal, notices, objects, quotes
from node.community.objects import Known
from node.community.talk_facts import QuoteAnswered, QuoteAsked
from node.community.viewer import of_actor
from node.community.visibility import OPEN, may_read
from node.database import atomic
from node.errors import Invalid, NotFound
from node.i18n import gettext as _
from node.models import Actor, NotificationKind, Post, Quote, QuoteState, Visibility


async def quotable(uri: str, *, by: Actor) -> Known:
    """Return the post that one of ours wants to quote.

    Raises:
        NotFound: it isn't here, or not for this actor.
        Invalid: its author does not want that.
    """
    thing = await objects.find(uri)
    if thing is None or not may_read(await of_actor(by), thing.readable):
        raise NotFound(f"nothing to quote at {uri[:200]}")
    is_refused = thing.is_local and await quotes.decided(thing, by) is QuoteState.REFUSED
    if thing.kind != "post" or thing.visibility not in OPEN or is_refused:
        raise Invalid({"quote": _("This can't be quoted. Put a link to it into your text instead.")})
    return thing


async def attach(post: Post, quoted: Known | None, *, now: datetime) -> None:
    """Let a post of ours that is not published yet quote this, and nothing else."""
    await Quote.filter(quoting_uri=post.uri).delete()
    if quoted is not None:
        await Quote.create(quoting_uri=post.uri, quoter_id=post.author_id, quoted_uri=quoted.uri, created_at=now)


async def quoted_by(uri: str) -> str:
    """Return what a post of ours quotes, empty if nothing."""
    row = await Quote.get_or_none(quoting_uri=uri, quoter__is_local=True)
    return row.quoted_uri if row else ""


async def ask_with(post: Post, author: Actor, *, now: datetime) -> None:
    """Ask the author of what a post quotes, now that it is published; for a post of ours its policy answers."""
    row = await Quote.get_or_none(quoting_uri=post.uri, quoter_id=author.id)
    thing = await objects.find(row.quoted_uri) if row else None
    if row is None or thing is None or post.visibility is Visibility.MEMBERS:
        return
    if thing.is_local:
        row.state = await quotes.decided(thing, author)
        if row.state is QuoteState.GRANTED and thing.publisher.id != author.id:
            quotes.stamp(row, thing, now=now)
        await row.save()
        kind = NotificationKind.QUOTE_REQUEST if row.state is QuoteState.ASKED else NotificationKind.QUOTE
        await notices.tell_owner(thing, kind, author, object_uri=post.uri, now=now)
        return
    row.state = QuoteState.ASKED
    row.request_uri = addresses.activity_uri(addresses.base_of(author), public_id(now))
    await row.save()
    await journal.note(QuoteAsked(row.id), at=now)


async def answered(asked: str | None, stamp: str | None, *, by: Actor, let: bool, now: datetime) -> str:
    """Note the answer of the quoted author; return why it changes nothing, empty if it does.

    Args:
        asked: the id of our QuoteRequest.
        stamp: the address of the QuoteAuthorization; must live with the one who gives it.

    Spec: FEP-044f; security V-M31.
    """
    row = await Quote.get_or_none(request_uri=asked).select_related("quoter") if asked else None
    thing = await objects.find(row.quoted_uri) if row else None
    if row is None or thing is None or not row.quoter.is_local or thing.publisher.id != by.id:
        return "no request of ours waits for this answer"
    if let and (stamp is None or not _is_with(stamp, by)):
        return "a stamp that does not live with its giver"
    state = QuoteState.GRANTED if let else QuoteState.REFUSED
    if (row.state, row.stamp_uri) == (state, stamp if let else row.stamp_uri):
        return "answered so before"
    async with atomic():
        row.state, row.decided_at = state, now
        row.stamp_uri = stamp if let else None
        await row.save()
        post = await Post.get_or_none(uri=row.quoting_uri)
        if post is not None:
            await journal.note(QuoteAnswered(post.id), at=now)
    return ""


def _is_with(stamp: str, giver: Actor) -> bool:
    try:
        return same_origin(canonical_uri(stamp, relaxed=True), canonical_uri(giver.uri, relaxed=True))
    except Malformed:
        return False
