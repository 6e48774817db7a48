"""Polls of our own posts, and votes both ways: each actor and option once, none after the end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q

from node.chance import public_id
from node.community import addresses, journal, objects
from node.community.objects import Known
from node.community.once import insert_once
from node.community.talk_facts import PollCounted, PollOpened, VoteCast
from node.community.texts import checked_line
from node.community.viewer import of_actor
from node.community.visibility import may_read
from node.database import atomic
from node.errors import Invalid, NotFound
from node.i18n import gettext as _
from node.models import Actor, ActorState, Poll, Post, Vote
from node.policy.grants import Interact

FEWEST_OPTIONS = 2
MOST_OPTIONS = 6
LONGEST_OPTION = 100
SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=60)
TELLING_PAUSE = timedelta(minutes=3)
"""New counts are told at most so often."""


@dataclass(frozen=True, slots=True)
class PollDraft:
    """A question as typed: its answers, how long it is open once published, and whether several may be chosen."""

    options: tuple[str, ...]
    open_for: timedelta
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class ForeignVote:
    """A vote of a foreign actor.

    Args:
        actor: who was proven to cast it.
        question_uri: what it answers.
        label: the option, word for word.
    """

    actor: Actor
    question_uri: str
    label: str
    activity_uri: str


def checked(draft: PollDraft | None) -> PollDraft | None:
    """Return a poll that can be published.

    Raises:
        Invalid: what to change.
    """
    if draft is None:
        return None
    options = tuple(checked_line("poll", option, limit=LONGEST_OPTION) for option in draft.options)
    options = tuple(option for option in options if option)
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise Invalid({"poll": _("A poll needs 2 to 6 answers to choose from.")})
    if len({option.casefold() for option in options}) < len(options):
        raise Invalid({"poll": _("Two answers of the poll are the same. Change one of them.")})
    if not SHORTEST <= draft.open_for <= LONGEST:
        raise Invalid({"poll_days": _("Choose how long the poll is open.")})
    return PollDraft(options, draft.open_for, draft.multiple)


async def attach(post: Post, draft: PollDraft | None) -> None:
    """Let this poll, and no other, stand below a post of ours that is not published yet."""
    await Poll.filter(object_uri=post.uri).delete()
    if draft is not None:
        await Poll.create(
            object_uri=post.uri,
            is_local=True,
            options=list(draft.options),
            counts=[0] * len(draft.options),
            multiple=draft.multiple,
            open_seconds=int(draft.open_for.total_seconds()),
        )


async def open_with(post: Post, *, now: datetime) -> None:
    """Open the poll of a post that is published now, if it has one; its end is told when it comes."""
    poll = await Poll.get_or_none(object_uri=post.uri)
    if poll is None:
        return
    ends_at = now + timedelta(seconds=poll.open_seconds)
    await Poll.filter(id=poll.id).update(ends_at=ends_at)
    await journal.note(PollOpened(post.id), at=now, due_at=ends_at)


async def draft_of(uri: str) -> PollDraft | None:
    """Return the poll of a post as its form shows it."""
    poll = await Poll.get_or_none(object_uri=uri)
    if poll is None:
        return None
    return PollDraft(tuple(poll.options), timedelta(seconds=poll.open_seconds), poll.multiple)


async def vote(uri: str, chosen: Iterable[int], *, by: Actor, now: datetime, by_member_id: int | None = None) -> None:
    """Let one of ours vote, here or elsewhere; once and for all.

    Args:
        chosen: places of options.

    Raises:
        NotFound: there is no such poll for this actor.
        Invalid: it is over, own, answered before, or this choice is none.
    """
    thing = await objects.find(uri)
    poll = await Poll.get_or_none(object_uri=uri)
    if thing is None or poll is None or not by.is_local or not may_read(await of_actor(by), thing.readable):
        raise NotFound(f"no poll at {uri[:200]}")
    places = list(dict.fromkeys(chosen))
    _require_choice(poll, places, thing, by, now=now)
    async with atomic():
        if await Vote.exists(object_uri=uri, actor_id=by.id):
            raise Invalid(_("You have voted already."))
        ids = [vote.id for vote in [await _cast(poll, place, by, None, now=now) for place in places] if vote]
        if len(ids) < len(places):
            raise Invalid(_("You have voted already."))
        if poll.is_local:
            await _counted(poll, now=now)
        else:
            await journal.note(VoteCast(uri, by.id, tuple(ids)), at=now, by_member_id=by_member_id)


def _require_choice(poll: Poll, places: Sequence[int], thing: Known, by: Actor, *, now: datetime) -> None:
    if is_over(poll, now=now):
        raise Invalid(_("This poll is over."))
    if thing.publisher.id == by.id:
        raise Invalid(_("You can't vote in your own poll."))
    if not places or not all(0 <= place < len(poll.options) for place in places):
        raise Invalid(_("Choose an answer first."))
    if len(places) > 1 and not poll.multiple:
        raise Invalid(_("Choose one answer only."))


async def received(given: ForeignVote, *, now: datetime, grant: Interact = Interact.YES) -> str:
    """Count a foreign vote in a poll of ours; return why not, empty if it counts.

    Spec: security V-P01, T-20.
    """
    poll = await Poll.get_or_none(object_uri=given.question_uri)
    thing = await objects.find(given.question_uri) if poll else None
    if poll is None or thing is None or not poll.is_local or thing.is_withdrawn:
        return "no poll of ours"
    if given.actor.is_local or given.actor.state is not ActorState.ACTIVE or grant is Interact.NONE:
        return "the voter may not vote here"
    if not may_read(await of_actor(given.actor), thing.readable):
        return "no poll of ours"
    if is_over(poll, now=now):
        return "the poll is over"
    if given.label not in poll.options:
        return "no option of that poll"
    async with atomic():
        place = poll.options.index(given.label)
        if await _cast(poll, place, given.actor, given.activity_uri, now=now) is None:
            return "voted before"
        await _counted(poll, now=now)
    return ""


def is_over(poll: Poll, *, now: datetime) -> bool:
    """Tell whether a poll takes no more votes; one of a draft takes none yet."""
    if poll.is_local and poll.ends_at is None:
        return True
    return poll.closed_at is not None or (poll.ends_at is not None and poll.ends_at <= now)


async def _cast(poll: Poll, place: int, by: Actor, activity_uri: str | None, *, now: datetime) -> Vote | None:
    """Write a vote; None if this actor voted so before, or at all where only one may be chosen."""
    key = {"object_uri": poll.object_uri, "actor_id": by.id, "slot": place if poll.multiple else 0}
    if activity_uri is None:
        activity_uri = addresses.activity_uri(addresses.base_of(by), public_id(now))
    row, is_new = await insert_once(Vote, key, {"option": place, "activity_uri": activity_uri, "created_at": now})
    return row if is_new else None


async def _counted(poll: Poll, *, now: datetime) -> None:
    """Let the new counts be told soon, unless they are about to be."""
    free = Poll.filter(Q(told_at__isnull=True) | Q(told_at__lte=now), id=poll.id)
    if await free.update(told_at=now + TELLING_PAUSE):
        post = await Post.get(uri=poll.object_uri)
        await journal.note(PollCounted(post.id), at=now, due_at=now + TELLING_PAUSE)
