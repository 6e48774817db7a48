"""Apply activities inside one transaction, in their order, as many at once as do not depend on each other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from federation.errors import ProtocolError
from federation.vocabulary.types import Activity
from inbox import dispatch
from inbox.models import ReceivedState
from inbox.opening import Ready
from inbox.scene import Footprint, Given, Outcome, Scene, ignored
from inbox.waves import waves
from node import jobs
from node.community import foreign_deletions, objects
from node.database import atomic, few_sizes
from node.errors import CommunityError, Later
from node.jobs import Claim
from node.models import Actor, ActorState
from node.policy.registry import Registry


@dataclass(frozen=True, slots=True)
class Moment:
    """When and by which rules activities are applied."""

    registry: Registry
    now: datetime
    relaxed: bool


async def apply_all(batch: Sequence[Ready], moment: Moment) -> None:
    """Apply activities and write how each ended; one alone is a batch of one.

    Must be called inside the `atomic()` that is rolled back if anything is raised.

    Raises:
        LeaseLost: another worker has taken over one of them.
    """
    outcomes = await _Round(batch, moment).played()
    ends: dict[Outcome, list[Claim]] = {}
    for ready in batch:
        ends.setdefault(outcomes[ready.claim.id], []).append(ready.claim)
    for outcome, claims in ends.items():
        state = ReceivedState.DONE if outcome.applied else ReceivedState.IGNORED
        await jobs.complete_many(claims, now=moment.now, state=state, reason=outcome.reason)


class _Round:
    """One batch while it is applied: who speaks, and what became of whom so far."""

    def __init__(self, batch: Sequence[Ready], moment: Moment) -> None:
        self._batch = batch
        self._moment = moment
        self._decide = cache(lambda host: moment.registry.decide(host, now=moment.now))
        self._speakers: dict[str, Actor] = {}
        self._outcomes: dict[int, Outcome] = {}
        self._ready: dict[int, Ready] = {}

    async def played(self) -> dict[int, Outcome]:
        """Return what became of each activity, by the number of its row."""
        await self._read_speakers({each.signer for each in self._batch})
        for wave in waves(self._given(), self._footprint):
            await self._apply(wave)
        return self._outcomes

    def _given(self) -> Iterator[Given]:
        """Make the scene of each activity when its turn comes, by what is known of its speaker then."""
        for ready in self._batch:
            speaker, decision = self._speakers.get(ready.signer), self._decide(ready.host)
            if speaker is None or speaker.state is ActorState.GONE:
                self._outcomes[ready.claim.id] = ignored("the speaker is gone")
            elif not decision.is_admitted:
                self._outcomes[ready.claim.id] = ignored(f"policy does not admit {decision.host}")
            else:
                moment, gathered = self._moment, ready.gathered.objects
                scene = Scene(
                    speaker,
                    decision,
                    self._decide,
                    moment.now,
                    moment.relaxed,
                    inboxes=ready.inboxes,
                    fetched=gathered,
                    embedded=ready.embedded,
                )
                self._ready[ready.claim.id] = ready
                yield Given(ready.activity, scene, ready.claim.id)

    def _footprint(self, given: Given) -> Footprint | None:
        is_gone = self._ready[given.number].gathered.gone_uri is not None
        return None if is_gone else dispatch.footprint(given)

    async def _apply(self, wave: Sequence[Given]) -> None:
        claims = [each.number for each in wave]
        if len(wave) > 1:
            self._outcomes |= zip(claims, await dispatch.dispatch_all(wave), strict=True)
            return
        (given,) = wave
        self._outcomes[claims[0]] = await _alone(given, self._ready[given.number].gathered.gone_uri)
        await self._read_speakers(_named(given.activity) & self._speakers.keys())

    async def _read_speakers(self, uris: Iterable[str]) -> None:
        if wanted := few_sizes(uris):
            self._speakers |= {actor.uri: actor for actor in await Actor.filter(uri__in=wanted)}


async def _alone(given: Given, gone_uri: str | None) -> Outcome:
    """Apply one activity; if it is refused, nothing is left of it but the reason."""
    try:
        async with atomic():
            if gone_uri is not None:
                return await _confirmed_gone(gone_uri, given.scene)
            return await dispatch.dispatch(given.activity, given.scene)
    except Later:
        raise
    except (ProtocolError, CommunityError) as error:
        return ignored(f"{type(error).__name__}: {error}")


async def _confirmed_gone(uri: str, scene: Scene) -> Outcome:
    """Its origin says 410: remove it on behalf of whoever owns it."""
    known = await objects.find(uri)
    if known is None:
        return ignored("we do not hold it")
    deleted = await foreign_deletions.receive_deletion(uri, by=known.publisher, now=scene.now)
    return Outcome(applied=deleted.changed, reason=deleted.reason)


def _named(activity: Activity) -> set[str]:
    """Return the actors that an activity may have changed."""
    about = (activity.object, activity.target)
    return {activity.actor, *(each.id for each in about if each is not None and each.id is not None)}
