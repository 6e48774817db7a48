"""Errands: what members and the node itself want to have read elsewhere, as jobs of kind `fetch`.

Pages and commands only write an errand; the worker runs it and notes what came of it.
"""

import logging
from datetime import datetime
from enum import StrEnum
from typing import cast

import orjson

from federation.client import ACCEPT_JSON, Budget
from federation.errors import ProtocolError, Unreachable
from federation.names import Handle, canonical_uri, parse_handle
from federation.nodeinfo import index_url, parse_index, parse_node
from federation.vocabulary.types import EventDocument, NoteDocument, PracticeDocument
from inbox.interpret.keep import keep_object
from inbox.scene import Scene
from inbox.worker import Bench
from node import jobs
from node.community import follows, hosts
from node.database import atomic
from node.jobs import JOBS, Claim, LeaseLost
from node.models import Actor, Job, JobState, Member

KIND = "fetch"
AT_ONCE = 20
DEEPEST = 10
NODEINFO_BYTES = 64 * 1024
OURS = "talanoa"
_log = logging.getLogger("talanoa.errands")


class Errand(StrEnum):
    """What is to be read."""

    FOLLOW = "follow"
    HANDLE = "handle"
    ACTOR = "actor"
    OBJECT = "object"
    NODEINFO = "nodeinfo"


async def ask(errand: Errand, subject: str, *, now: datetime, payload: dict[str, object] | None = None) -> Job:
    """Write an errand, or make a finished one due again; return its row, whose state tells what came of it.

    Args:
        subject: a handle, a URI or a host.
        payload: `member_id` for FOLLOW, `depth` for OBJECT.
    """
    told = {"errand": errand.value, "subject": subject, **(payload or {})}
    member = f" {told['member_id']}" if "member_id" in told else ""
    key = f"{errand.value} {subject}{member}"[:500]
    async with atomic():
        await Job.bulk_create(
            [Job(kind=KIND, key=key, payload=told, due_at=now, created_at=now)], ignore_conflicts=True
        )
        await (
            Job.filter(kind=KIND, key=key)
            .exclude(state=JobState.PENDING)
            .update(state=JobState.PENDING, due_at=now, attempts=0, reason="", ended_at=None, payload=told)
        )
        return await Job.get(kind=KIND, key=key)


async def state_of(job_id: int) -> Job | None:
    """Return an errand's row, for pages that wait for it."""
    return await Job.get_or_none(id=job_id, kind=KIND)


async def step(bench: Bench) -> int:
    """Run the errands that are due; return how many."""
    claims = await jobs.claim(JOBS, now=bench.clock.now(), limit=AT_ONCE, where="kind = ?", values=[KIND])
    for claim in claims:
        await _run(claim, bench)
    if claims:
        bench.wake_others.set()
    return len(claims)


async def _run(claim: Claim, bench: Bench) -> None:
    try:
        reason = await _carry_out(claim, bench)
        await jobs.complete(claim, now=bench.clock.now(), reason=reason)
    except LeaseLost:
        _log.warning("another worker took over errand %s", claim.id)
    except Unreachable as error:
        await jobs.fail(claim, now=bench.clock.now(), reason=f"unreachable: {error}")
    except ProtocolError as error:
        await jobs.give_up(claim, now=bench.clock.now(), reason=str(error))


async def _carry_out(claim: Claim, bench: Bench) -> str:
    told = _payload(claim)
    subject = str(told["subject"])
    match Errand(str(told["errand"])):
        case Errand.HANDLE:
            return (await _find(parse_handle(subject, relaxed=bench.relaxed), bench)).uri
        case Errand.FOLLOW:
            return await _follow(subject, cast(int, told["member_id"]), bench)
        case Errand.ACTOR:
            actor = await bench.fetcher.actor(subject, budget=Budget(), now=bench.clock.now())
            return actor.uri
        case Errand.OBJECT:
            return await _object(subject, cast(int, told.get("depth", 0)), bench)
        case Errand.NODEINFO:
            return await _nodeinfo(subject, bench)


async def _find(handle: Handle, bench: Bench) -> Actor:
    return await bench.fetcher.handle(handle, budget=Budget(), now=bench.clock.now())


async def _follow(subject: str, member_id: int, bench: Bench) -> str:
    now = bench.clock.now()
    if subject.startswith(("https://", "http://")):
        target = await bench.fetcher.known_or_fetched_actor(subject, budget=Budget(), now=now)
    else:
        target = await _find(parse_handle(subject, relaxed=bench.relaxed), bench)
    member = await Member.get(id=member_id).select_related("actor")
    await follows.ask(member.actor, target, by_member_id=member.id, now=now)
    return target.uri


async def _object(uri: str, depth: int, bench: Bench) -> str:
    now = bench.clock.now()
    budget = Budget()
    found = await bench.fetcher.object(uri, budget=budget, now=now)
    if not isinstance(found, NoteDocument | EventDocument | PracticeDocument):
        return f"{uri} is nothing that is kept here"
    author = await bench.fetcher.known_or_fetched_actor(found.attributed_to, budget=budget, now=now)
    decision = bench.registry.decide(author.host, now=now)
    scene = Scene(author, decision, now, bench.relaxed)
    async with atomic():
        outcome = await keep_object(found, author=author, scene=scene, is_solicited=True, depth=depth)
    return outcome.reason or found.id


async def _nodeinfo(host: str, bench: Bench) -> str:
    now = bench.clock.now()
    budget = Budget(requests=3)
    admit = bench.fetcher.admitting(now)
    client = bench.fetcher.client
    index = index_url(host, scheme="http" if bench.relaxed else "https")
    first = await client.get_json(index, accept=ACCEPT_JSON, admit=admit, budget=budget, max_bytes=NODEINFO_BYTES)
    link = parse_index(first.raw, asked=canonical_uri(index, relaxed=bench.relaxed), relaxed=bench.relaxed)
    second = await client.get_json(link.text, accept=ACCEPT_JSON, admit=admit, budget=budget, max_bytes=NODEINFO_BYTES)
    told = parse_node(second.raw)
    name, version = told.software, told.version
    await hosts.told_software(host, name, version, is_talanoa=name == OURS, now=now)
    return f"{name} {version}"


def _payload(claim: Claim) -> dict[str, object]:
    value = claim.row["payload"]
    found = orjson.loads(value) if isinstance(value, str | bytes) else value
    return cast("dict[str, object]", found)
