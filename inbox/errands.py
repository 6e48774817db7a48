"""Run the errands: read elsewhere what members and the node itself asked for, and note what came of it."""

import asyncio
import logging
from typing import cast

import orjson

from federation.client import ACCEPT_JRD, ACCEPT_JSON, Budget
from federation.errors import Gone, ProtocolError, Unreachable
from federation.names import Handle, canonical_uri, parse_handle
from federation.nodeinfo import index_url, parse_index, parse_node
from federation.vocabulary.types import ActorDocument, EventDocument, NoteDocument, PracticeDocument
from federation.webfinger import lookup_url, parse_account
from inbox import backfill, relation_errands, stamps
from inbox.fetch import JRD_BYTES
from inbox.interpret.keep import keep_object
from inbox.scene import Scene
from inbox.worker import Bench, begin
from node import jobs
from node.community import errands, follows, foreign_actors, hosts
from node.community.errands import KIND, Errand
from node.database import as_outage, atomic
from node.errors import CommunityError, Later
from node.jobs import JOBS, Claim, LeaseLost
from node.models import Actor, Member
from node.policy.decide import Decision

AT_ONCE = 16
LONGEST_SECONDS = 40.0
DEEPEST = 10
NODEINFO_BYTES = 64 * 1024
OURS = "talanoa"
_log = logging.getLogger("talanoa.errands")


async def step(bench: Bench) -> int:
    """Begin the errands that are due; return how many. Does not wait for them: a slow server delays no other."""
    room = AT_ONCE - list(bench.reading.values()).count(KIND)
    if room <= 0:
        return 0
    claims = await jobs.claim(JOBS, now=bench.clock.now(), limit=room, where="kind = ?", values=[KIND])
    for claim in claims:
        begin(_run(claim, bench), KIND, bench)
    return len(claims)


async def _run(claim: Claim, bench: Bench) -> None:
    try:
        await _end(claim, bench)
    except LeaseLost:
        _log.warning("another worker took over errand %s", claim.id)
    bench.wake_others.set()


async def _end(claim: Claim, bench: Bench) -> None:
    """Carry an errand out and write what came of it."""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            reason = await _carry_out(claim, bench)
    except (Unreachable, TimeoutError, Later) as error:
        reason = f"unreachable: {error or 'too slow'}"
        somebody_waits = _payload(claim)["errand"] == Errand.REMOTE
        await (jobs.give_up if somebody_waits else jobs.fail)(claim, now=bench.clock.now(), reason=reason)
    except (ProtocolError, CommunityError) as error:
        await jobs.give_up(claim, now=bench.clock.now(), reason=str(error))
    except Exception as error:
        if as_outage(error):
            raise
        _log.exception("errand %s failed in this house", claim.id)
        await jobs.fail(claim, now=bench.clock.now(), reason=f"{type(error).__name__}: {error}")
    else:
        await jobs.complete(claim, now=bench.clock.now(), reason=reason)


async def _carry_out(claim: Claim, bench: Bench) -> str:
    told = _payload(claim)
    subject = str(told["subject"])
    match Errand(str(told["errand"])):
        case Errand.HANDLE:
            return (await _find(parse_handle(subject, relaxed=bench.relaxed), bench)).uri
        case Errand.FOLLOW:
            return await _follow(subject, cast(int, told["member_id"]), bench)
        case Errand.ACTOR:
            return await _refresh(subject, bench)
        case Errand.KEY:
            return await bench.fetcher.owner_of_key(subject, budget=Budget(requests=3), now=bench.clock.now())
        case Errand.OBJECT:
            return await _object(subject, cast(int, told.get("depth", 0)), bench)
        case Errand.NODEINFO:
            return await _nodeinfo(subject, bench)
        case Errand.THREAD:
            return await backfill.look_around(subject, bench)
        case Errand.STAMP:
            return await stamps.read(subject, _payload(claim), bench)
        case Errand.REMOTE:
            return await _templates(parse_handle(subject, relaxed=bench.relaxed), claim, bench)
        case other:
            return await relation_errands.carry_out(other, subject, told, bench)


async def _find(handle: Handle, bench: Bench) -> Actor:
    return await bench.fetcher.handle(handle, budget=Budget(), now=bench.clock.now())


async def _refresh(uri: str, bench: Bench) -> str:
    """Read an actor anew; one whose server says 410 is gone, with all that we hold of it."""
    now = bench.clock.now()
    try:
        return (await bench.fetcher.actor(uri, budget=Budget(), now=now)).uri
    except Gone:
        known = await Actor.get_or_none(uri=uri, is_local=False)
        if known is not None:
            await foreign_actors.mark_gone(known, now=now)
        return f"{uri} is gone"


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
    found, author = await bench.fetcher.object_and_author(uri, budget=budget, now=now)
    if isinstance(found, ActorDocument):
        return await _refresh(found.id, bench)
    if author is None or not isinstance(found, NoteDocument | EventDocument | PracticeDocument):
        return f"{uri} is nothing that is kept here"

    def decide(host: str) -> Decision:
        return bench.registry.decide(host, now=now)

    scene = Scene(author, decide(author.host), decide, now, bench.relaxed)
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


async def _templates(handle: Handle, claim: Claim, bench: Bench) -> str:
    """Read where a visitor's own server follows and answers; its word counts for its own people only."""
    found = await bench.fetcher.client.get_json(
        lookup_url(handle, scheme="http" if bench.relaxed else "https"),
        accept=ACCEPT_JRD,
        admit=bench.fetcher.admitting(bench.clock.now()),
        budget=Budget(requests=3),
        max_bytes=JRD_BYTES,
    )
    account = parse_account(found.raw, relaxed=bench.relaxed)
    templates = {name.lower(): template for name, template in account.intents.items()} | {"address": str(handle)}
    if account.subscribe_template is not None:
        templates["subscribe"] = account.subscribe_template
    await errands.answer(claim.id, templates)
    return f"{handle} has {len(templates) - 1} templates"


def _payload(claim: Claim) -> dict[str, object]:
    value = claim.row["payload"]
    found = orjson.loads(value) if isinstance(value, str | bytes) else value
    return cast("dict[str, object]", found)
