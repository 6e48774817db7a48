"""Purging a foreign actor: everything of theirs that we hold goes, in batches, by a job that says how far it is.

The actor stays suspended, with its id and nothing else, so that it does not come back by accident.
"""

from dataclasses import dataclass
from datetime import datetime

from node import jobs
from node.community import erasure, journal
from node.community.actors import make_findable
from node.community.desk_facts import Moderated
from node.community.foreign_actors import emptied, erase_doings
from node.community.moderators import require_may_decide
from node.database import atomic
from node.errors import Invalid, NotFound
from node.i18n import gettext as _
from node.jobs import JOBS, Claim
from node.models import (
    Actor,
    ActorKey,
    ActorState,
    Concern,
    Event,
    Follow,
    Job,
    JobState,
    Member,
    Post,
    Practice,
)

KIND = "purge"
BATCH = 200
BATCHES = 5
"""So many batches within one claim, far below its lease; the rest in the next."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a purge is; `left` counts the things of the actor that we still hold."""

    state: str
    done: int
    left: int
    reason: str


async def ask(actor: Actor, *, by: Member | None, now: datetime) -> Job:
    """Let everything of a suspended foreign actor be erased.

    Args:
        by: the moderator; None for the command line.

    Raises:
        NotAllowed: no moderator.
        Invalid: one of ours, or not suspended by a moderator.
    """
    if actor.is_local:
        raise Invalid(_("Members leave by themselves, or are disabled; only accounts elsewhere can be purged."))
    async with atomic():
        if by is not None:
            await require_may_decide(by, actor)
        standing = await Actor.get(id=actor.id)
        if standing.suspended_at is None:
            raise Invalid(_("Suspend the account first: what is purged would come again otherwise."))
        await Job.bulk_create(
            [Job(kind=KIND, key=actor.uri[:500], payload={"actor_id": actor.id}, due_at=now, created_at=now)],
            ignore_conflicts=True,
        )
        ended = Job.filter(kind=KIND, key=actor.uri[:500]).exclude(state=JobState.PENDING)
        await ended.update(
            state=JobState.PENDING, due_at=now, attempts=0, ended_at=None, payload={"actor_id": actor.id}
        )
        fact = Moderated(0, KIND, Concern.OTHER, "", actor.uri, "")
        await journal.note(fact, at=now, by_member_id=by.id if by else None)
        return await Job.get(kind=KIND, key=actor.uri[:500])


async def progress(actor: Actor) -> Progress | None:
    """Return how far the purge of an actor is, None if there was none."""
    job = await Job.get_or_none(kind=KIND, key=actor.uri[:500])
    if job is None:
        return None
    done = job.payload.get("done", 0)
    return Progress(job.state.value, done if isinstance(done, int) else 0, await count(actor.id), job.reason)


async def count(actor_id: int) -> int:
    """Count the posts, records and events of an actor that we hold."""
    posts = await Post.filter(author_id=actor_id).count()
    records = await Practice.filter(publisher_id=actor_id).count()
    return posts + records + await Event.filter(publisher_id=actor_id).count()


async def step(*, now: datetime) -> int:
    """Carry on with a purge that is due; return how many batches were erased."""
    claims = await jobs.claim(JOBS, now=now, limit=1, where="kind = ?", values=[KIND])
    done = 0
    for claim in claims:
        for _batch in range(BATCHES):
            done += 1
            if await _erase_some(claim, now=now):
                break
        else:
            await jobs.give_back(claim)
    return done


async def _erase_some(claim: Claim, *, now: datetime) -> bool:
    """Erase one batch and note the progress, all in one transaction; tell whether nothing is left."""
    async with atomic():
        job = await Job.get(id=claim.id)
        actor = await Actor.get_or_none(id=job.payload.get("actor_id"), is_local=False, suspended_at__isnull=False)
        if actor is None:
            await jobs.complete(claim, now=now, reason="not suspended any more, or gone")
            return True
        erased = await _erase_batch(actor)
        if erased:
            known = job.payload.get("done", 0)
            total = erased + (known if isinstance(known, int) else 0)
            await Job.filter(id=claim.id).update(payload=job.payload | {"done": total})
            return False
        await _empty(actor, now=now)
        await jobs.complete(claim, now=now)
        return True


async def _erase_batch(actor: Actor) -> int:
    for model, column in ((Post, "author_id"), (Practice, "publisher_id"), (Event, "publisher_id")):
        some = model.filter(**{column: actor.id}).order_by("id").limit(BATCH)
        uris = [str(uri) for uri in await some.values_list("uri", flat=True)]
        if uris:
            await erasure.erase_traces(uris)
            await model.filter(uri__in=uris).delete()
            return len(uris)
    return 0


async def _empty(actor: Actor, *, now: datetime) -> None:
    await erase_doings(actor)
    await Follow.filter(follower_id=actor.id).delete()
    await Follow.filter(target_id=actor.id).delete()
    await ActorKey.filter(actor_id=actor.id).delete()
    await Actor.filter(id=actor.id).update(**emptied() | {"state": ActorState.SUSPENDED}, updated_at=now)
    await make_findable(await Actor.get(id=actor.id))


async def of_handle(handle: str) -> Actor:
    """Return an actor by its URI or by `@name@host`.

    Raises:
        NotFound: we know nobody so called.
    """
    name, _at, host = handle.strip().lstrip("@").partition("@")
    found = await Actor.get_or_none(uri=handle.strip())
    if found is None and name and host:
        found = await Actor.filter(name__iexact=name, host=host.lower()).order_by("-is_local", "-updated_at").first()
    elif found is None and name:
        found = await Actor.get_or_none(local_name=name.lower())
    if found is None:
        raise NotFound(f"We know nobody called {handle[:200]}.")
    return found
