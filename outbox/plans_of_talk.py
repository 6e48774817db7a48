"""The plan for what hangs on posts: counts of polls, votes in polls elsewhere, quotes."""

from federation.vocabulary import activities
from federation.vocabulary.context import Json
from node.community import objects
from node.community.fact import Fact
from node.community.talk_facts import PollCounted, PollOpened, VoteCast
from node.models import Actor, Poll, Post, Visibility, Vote
from outbox.moment import Moment
from outbox.render.parts import OUTWARD, named_in
from outbox.render.post import post_json
from outbox.telling import Audience, Telling

OPEN = frozenset({Visibility.PUBLIC, Visibility.QUIET})
MOST_VOTERS_TOLD = 1_000


async def plan_talk(fact: Fact, moment: Moment) -> list[Telling]:
    """Return what is to be told of a fact; nothing if it concerns nobody outside."""
    match fact:
        case PollOpened() | PollCounted():
            return await _counts(fact, moment)
        case VoteCast():
            return await _votes(fact, moment)
    return []


async def _counts(fact: PollOpened | PollCounted, moment: Moment) -> list[Telling]:
    """Tell the counts of a poll to its readers and voters. It carries no new `updated`: nobody edited anything."""
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
