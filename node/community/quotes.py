"""Quotes of our posts: who may, who asked, the stamps we gave and took back. FEP-044f."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Subquery

from node.chance import public_id
from node.community import addresses, apart, journal, notices, objects
from node.community.objects import Known
from node.community.once import insert_once
from node.community.talk_facts import QuoteDecided
from node.community.viewer import of_actor
from node.community.visibility import OPEN, may_read
from node.database import atomic
from node.errors import NotFound
from node.models import (
    Actor,
    ActorState,
    Follow,
    FollowState,
    Member,
    NotificationKind,
    Post,
    Quote,
    QuotePolicy,
    QuoteState,
)
from node.policy.grants import Interact

MOST_WAITING = 50
"""So many requests of one actor wait for answers by hand."""
MOST_SHOWN = 100
ENDED = frozenset({QuoteState.REFUSED, QuoteState.REVOKED})


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """Somebody wants to quote a post of ours.

    Args:
        quoter: who was proven to ask.
        quoting_uri: the post that quotes, which lives with the quoter.
        request_uri: what is answered.
    """

    quoter: Actor
    quoted_uri: str
    quoting_uri: str
    request_uri: str


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A request or a given stamp, for the page of the quoted member; `state` is asked or granted."""

    id: int
    quoter: Actor
    quoting_uri: str
    quoted_uri: str
    state: QuoteState
    at: datetime

    @property
    def is_waiting(self) -> bool:
        """Tell whether the member has to decide."""
        return self.state is QuoteState.ASKED


async def requested(asked: QuoteRequest, *, now: datetime, grant: Interact = Interact.YES) -> str:
    """Answer a request by the policy of the post, or let its author decide; return why not, empty if it is dealt with.

    A request that was answered before is answered again in the same way.

    Spec: FEP-044f; security V-M31.
    """
    thing = await objects.find(asked.quoted_uri)
    if thing is None or not thing.is_local or thing.is_withdrawn or thing.kind != "post" or grant is Interact.NONE:
        return "nothing of ours that could be quoted"
    quoter = asked.quoter
    if quoter.is_local or quoter.state is not ActorState.ACTIVE or not may_read(await of_actor(quoter), thing.readable):
        return "nothing of ours that could be quoted"
    waiting = Quote.filter(quoter_id=quoter.id, state=QuoteState.ASKED).exclude(quoting_uri=asked.quoting_uri)
    if await waiting.count() >= MOST_WAITING:
        return "too many requests of this actor wait for an answer"
    async with atomic():
        row = await _row(asked, now=now)
        if row.state in {QuoteState.UNPROVEN, QuoteState.ASKED}:
            row.state = await decided(thing, quoter)
        await _settle(row, thing, now=now, told=QuoteState.REFUSED if row.state in ENDED else None)
    return ""


async def _row(asked: QuoteRequest, *, now: datetime) -> Quote:
    """Return the row of this quote; another quoted post under the same quoting one starts afresh."""
    key = {"quoting_uri": asked.quoting_uri, "quoter_id": asked.quoter.id}
    row, _new = await insert_once(Quote, key, {"quoted_uri": asked.quoted_uri, "created_at": now})
    if row.quoted_uri != asked.quoted_uri:
        row.quoted_uri, row.state, row.stamp_uri, row.stamp_id = asked.quoted_uri, QuoteState.UNPROVEN, None, None
    row.request_uri = asked.request_uri
    return row


async def decided(thing: Known, quoter: Actor) -> QuoteState:
    """Return what the policy of a post of ours says to somebody who wants to quote it."""
    if quoter.id == thing.publisher.id:
        return QuoteState.GRANTED
    post = await Post.get(uri=thing.uri)
    if thing.visibility not in OPEN or await apart.apart_from(thing.publisher, [quoter.id]):
        return QuoteState.REFUSED
    match post.quotable:
        case QuotePolicy.ANYONE:
            return QuoteState.GRANTED
        case QuotePolicy.ASK:
            return QuoteState.ASKED
        case QuotePolicy.FOLLOWERS:
            accepted = {"state": FollowState.ACCEPTED, "follower_id": quoter.id, "target_id": thing.publisher.id}
            return QuoteState.GRANTED if await Follow.exists(**accepted) else QuoteState.REFUSED
    return QuoteState.REFUSED


async def _settle(row: Quote, thing: Known, *, now: datetime, told: QuoteState | None = None) -> None:
    """Write a decision and what follows from it; `told` is what the other side hears if it is another word."""
    if row.state is QuoteState.GRANTED:
        stamp(row, thing, now=now)
    await row.save()
    if row.state is QuoteState.ASKED:
        quoter = await Actor.get(id=row.quoter_id)
        await notices.tell_owner(thing, NotificationKind.QUOTE_REQUEST, quoter, object_uri=thing.uri, now=now)
    else:
        await journal.note(QuoteDecided(row.id, (told or row.state).value), at=now)


def stamp(row: Quote, thing: Known, *, now: datetime) -> None:
    """Give a quote our stamp, unless it has one; the row is not saved."""
    if row.stamp_id is None:
        row.stamp_id = public_id(now)
        row.stamp_uri = addresses.stamp_uri(addresses.base_of(thing.publisher), row.stamp_id)
        row.decided_at = now


async def decide(quote_id: int, *, by: Member, let: bool, now: datetime) -> None:
    """Let a member grant or refuse a quote of their post, or take a granted one back.

    Raises:
        NotFound: there is no such quote of this member's posts.
    """
    row = await Quote.get_or_none(id=quote_id)
    thing = await objects.find(row.quoted_uri) if row else None
    if row is None or thing is None or not thing.is_local or thing.publisher.id != by.actor_id:
        raise NotFound(f"no quote {quote_id} of this member's posts")
    async with atomic():
        was_granted = row.state is QuoteState.GRANTED
        if let == was_granted and row.state is not QuoteState.ASKED:
            return
        row.state = QuoteState.GRANTED if let else QuoteState.REVOKED if was_granted else QuoteState.REFUSED
        row.decided_at = now
        await _settle(row, thing, now=now)


async def of_member(member: Member) -> list[QuoteRow]:
    """Return who asks to quote a member's posts and who does, the ones that wait first."""
    own = Subquery(Post.filter(author_id=member.actor_id, is_local=True).values("uri"))
    states = [QuoteState.ASKED, QuoteState.GRANTED]
    rows = Quote.filter(quoted_uri__in=own, state__in=states).exclude(quoter_id=member.actor_id)
    found = await rows.order_by("state", "-id").limit(MOST_SHOWN).select_related("quoter")
    return [
        QuoteRow(row.id, row.quoter, row.quoting_uri, row.quoted_uri, row.state, row.decided_at or row.created_at)
        for row in found
    ]


async def by_stamp(stamp_id: str) -> Quote:
    """Return the quote that a stamp of ours stands for, its quoter loaded.

    Raises:
        NotFound: we never gave one under this id.
    """
    row = await Quote.get_or_none(stamp_id=stamp_id).select_related("quoter")
    if row is None:
        raise NotFound("no such stamp")
    return row
