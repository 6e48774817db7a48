"""The plan for what hangs on posts: counts of polls, votes in polls elsewhere, quotes."""

from dataclasses import replace

from federation.vocabulary import activities
from federation.vocabulary.context import Json
from node.community import objects
from node.community.fact import Fact
from node.community.talk_facts import PollCounted, PollOpened, QuoteAnswered, QuoteAsked, QuoteDecided, VoteCast
from node.models import Actor, Poll, Post, Quote, QuoteState, Visibility, Vote
from outbox.moment import Moment
from outbox.render.parts import OUTWARD, named_in
from outbox.render.post import post_json
from outbox.telling import Audience, Telling

OPEN = frozenset({Visibility.PUBLIC, Visibility.QUIET})
MOST_VOTERS_TOLD = 1_000


async def plan_talk(fact: Fact, moment: Moment) -> list[Telling]:
    """Return what is to be told of a fact; nothing if it concerns nobody outside."""
    match fact:
        case PollOpened() | PollCounted() | QuoteAnswered():
            return await _as_it_is_now(fact, moment)
        case QuoteAsked():
            return await _ask_to_quote(fact, moment)
        case QuoteDecided():
            return await _answer_to_quote(fact, moment)
        case VoteCast():
            return await _votes(fact, moment)
    return []


async def _as_it_is_now(fact: PollOpened | PollCounted | QuoteAnswered, moment: Moment) -> list[Telling]:
    """Tell readers and voters the counts of a poll, or the leave for a quote. It carries no `updated`: no edit."""
    post = await Post.get(id=fact.post_id).select_related("author")
    if post.visibility not in OUTWARD or post.withdrawn_at is not None:
        return []
    votes = await Vote.filter(object_uri=post.uri).order_by("-id").limit(MOST_VOTERS_TOLD).select_related("actor")
    named = (*await named_in(post.uri, post.in_reply_to_uri), *(vote.actor for vote in votes))
    audience = Audience(
        followers_of=(post.author,) if post.visibility in OPEN else (),
        named=tuple({actor.id: actor for actor in named if not actor.is_local}.values()),
        reached_by=post.uri,
        partners=post.visibility is Visibility.NETWORK,
    )
    told = activities.update(moment.activity_id(), await post_json(post, now=moment.now), published=moment.now)
    return [Telling(post.author, told, post.uri, post.visibility, audience)]


async def _votes(fact: VoteCast, moment: Moment) -> list[Telling]:
    """Tell each choice to the author of the poll, and to nobody else."""
    known, poll = await objects.find(fact.object_uri), await Poll.get_or_none(object_uri=fact.object_uri)
    voter = await Actor.get(id=fact.actor_id)
    if known is None or poll is None or known.publisher.is_local:
        return []
    told = []
    for row in await Vote.filter(id__in=list(fact.vote_ids)).order_by("id"):
        activity = _vote(row, poll.options[row.option], voter, known.publisher, moment)
        audience = Audience(named=(known.publisher,))
        told.append(Telling(voter, activity, fact.object_uri, Visibility.DIRECT, audience))
    return told


def _vote(row: Vote, label: str, voter: Actor, author: Actor, moment: Moment) -> Json:
    envelope = moment.envelope(voter, (author.uri,), uri=row.activity_uri or "")
    return activities.vote(envelope, f"{voter.uri}#votes/{row.id}", label, row.object_uri)


async def _ask_to_quote(fact: QuoteAsked, moment: Moment) -> list[Telling]:
    """Ask the author of what a post of ours quotes."""
    row = await Quote.get(id=fact.quote_id).select_related("quoter")
    quoted, post = await objects.find(row.quoted_uri), await Post.get_or_none(uri=row.quoting_uri)
    if quoted is None or quoted.publisher.is_local or post is None or post.withdrawn_at is not None:
        return []
    post.author = row.quoter
    envelope = moment.envelope(row.quoter, (quoted.publisher.uri,), uri=row.request_uri or "")
    told = activities.quote_request(envelope, row.quoted_uri, await post_json(post, now=moment.now))
    return [replace(_between(row.quoter, quoted.publisher, told, row), visibility=post.visibility)]


async def _answer_to_quote(fact: QuoteDecided, moment: Moment) -> list[Telling]:
    """Tell who asked what the author of a post of ours decided; what is taken back is told by the end of its stamp."""
    row = await Quote.get(id=fact.quote_id).select_related("quoter")
    quoted = await objects.find(row.quoted_uri)
    if quoted is None or not quoted.is_local or row.quoter.is_local:
        return []
    envelope = moment.envelope(quoted.publisher, (row.quoter.uri,))
    original: Json = {"id": row.request_uri, "type": "QuoteRequest", "actor": row.quoter.uri}
    original |= {"object": row.quoted_uri, "instrument": row.quoting_uri}
    match QuoteState(fact.state):
        case QuoteState.GRANTED:
            told = activities.accept(envelope, original, result=row.stamp_uri)
        case QuoteState.REVOKED:
            told = activities.delete(envelope, row.stamp_uri or "", "QuoteAuthorization")
        case _:
            told = activities.reject(envelope, original)
    return [_between(quoted.publisher, row.quoter, told, row)]


def _between(sender: Actor, recipient: Actor, told: Json, row: Quote) -> Telling:
    audience = Audience(named=(recipient,))
    order = f"{row.quoted_uri} {row.quoting_uri}"
    return Telling(sender, told, row.quoting_uri, Visibility.DIRECT, audience, ordering_key=order)
