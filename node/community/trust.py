"""Who we trust: allow, block, change the mode, take it back; and what that would cut.

Nothing is deleted by a change: follows are suspended and come back when it is taken back.
"""

from dataclasses import dataclass
from datetime import datetime

from tortoise.queryset import QuerySet

from node.chance import public_id
from node.community import journal
from node.community.facts import PolicyChanged
from node.database import atomic
from node.errors import Conflict, Invalid, NotFound
from node.models import (
    Actor,
    Event,
    Follow,
    FollowState,
    Host,
    Member,
    Mode,
    PolicyEntry,
    PolicyState,
    Post,
    Practice,
)
from node.policy.decide import Decision, matches
from node.policy.grants import PRESETS, REASON_CODES, FollowGrant
from node.policy.registry import STATE_ROW, Change, Registry, set_mode, take_back, write

LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Consequences:
    """What stands between us and the hosts of some patterns now.

    Args:
        followers: their accounts that follow ours.
        following: their accounts that ours follow.
        members: members of ours who would notice.
        posts, practices, events: what we hold from there.
    """

    hosts: tuple[str, ...]
    followers: int
    following: int
    members: int
    posts: int
    practices: int
    events: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did: the batch that undo takes back, and each pattern's preset before and after."""

    batch: str
    lines: tuple[str, ...]
    changed: bool


async def preview(patterns: tuple[str, ...]) -> Consequences:
    """Count what the hosts of `patterns` have with us; changes nothing."""
    hosts = await _known_hosts(patterns)
    foreign = Actor.filter(is_local=False, host__in=hosts)
    ids = [actor_id for (actor_id,) in await foreign.values_list("id")]
    incoming = Follow.filter(follower_id__in=ids, state=FollowState.ACCEPTED)
    outgoing = Follow.filter(target_id__in=ids, state=FollowState.ACCEPTED)
    ours = {row for (row,) in await incoming.values_list("target_id")}
    ours |= {row for (row,) in await outgoing.values_list("follower_id")}
    names = await Actor.filter(id__in=[pair[0] for pair in await outgoing.limit(10).values_list("target_id")])
    return Consequences(
        hosts=tuple(hosts),
        followers=await incoming.count(),
        following=await outgoing.count(),
        members=await Member.filter(actor_id__in=list(ours)).count(),
        posts=await Post.filter(author_id__in=ids, withdrawn_at__isnull=True).count(),
        practices=await Practice.filter(publisher_id__in=ids, withdrawn_at__isnull=True).count(),
        events=await Event.filter(publisher_id__in=ids, withdrawn_at__isnull=True).count(),
        names=tuple(f"@{actor.name}@{actor.host}" for actor in names),
    )


async def change(wanted: Change, *, registry: Registry, by_member_id: int | None, now: datetime) -> Outcome:
    """Give the patterns a preset (or none), suspend or restore follows, and note it in the audit log.

    Raises:
        Invalid: no such preset or reason code, or a pattern is this node itself.
    """
    _require_sense(wanted, registry)
    await registry.refresh()
    batch = public_id(now)
    async with atomic():
        before = await _presets(wanted.patterns)
        effect_before = _effects(wanted.patterns, registry, now)
        await write(wanted, batch=batch, by_member_id=by_member_id, now=now)
        story = (_text(before), wanted.preset or "none", wanted.reason_code)
        await _tell(batch, wanted.patterns, story, by_member_id, now)
        await registry.refresh()
        await apply_to_follows(wanted.patterns, registry=registry, now=now)
    effect = _effects(wanted.patterns, registry, now)
    lines = tuple(f"{pattern}: {effect_before[pattern]} -> {effect[pattern]}" for pattern in wanted.patterns)
    return Outcome(batch, lines, effect != effect_before)


def _effects(patterns: tuple[str, ...], registry: Registry, now: datetime) -> dict[str, str]:
    probes = {pattern: f"any{pattern[1:]}" if pattern.startswith("*.") else pattern for pattern in patterns}
    return {pattern: registry.decide(probe, now=now).preset for pattern, probe in probes.items()}


async def undo(batch: str, *, registry: Registry, by_member_id: int | None, now: datetime) -> tuple[str, ...]:
    """Take a batch back; return the patterns concerned.

    Raises:
        NotFound: no such batch.
        Conflict: a later change stands on top of it; that one has to be undone first.
    """
    made = await PolicyEntry.filter(batch=batch)
    ended = await PolicyEntry.filter(ended_by_batch=batch)
    if not made and not ended:
        raise NotFound(f"no policy batch {batch}")
    patterns = {row.pattern for row in (*made, *ended)}
    later = await PolicyEntry.filter(pattern__in=list(patterns), batch__gt=batch, ended_at__isnull=True).first()
    if later or any(row.ended_at for row in made):
        raise Conflict("a later change stands on this one; undo that first")
    async with atomic():
        before = await _presets(tuple(patterns))
        concerned = await take_back(batch, now=now)
        after = await _presets(concerned)
        await _tell(public_id(now), concerned, (_text(before), _text(after) or "none", "other"), by_member_id, now)
        await registry.refresh()
        await apply_to_follows(concerned, registry=registry, now=now)
    return concerned


async def change_mode(mode: Mode, *, registry: Registry, by_member_id: int | None, now: datetime) -> Outcome:
    """Change what unknown hosts may do.

    Raises:
        Invalid: the consent mode, which this version does not have yet.
    """
    if mode is Mode.CONSENT:
        raise Invalid("The consent mode is not available yet: choose open or closed.")
    async with atomic():
        before = await set_mode(mode, now=now)
        batch = public_id(now)
        await _tell(batch, (), (f"mode {before}", f"mode {mode}", "other"), by_member_id, now)
        await registry.refresh()
        await apply_to_follows(("*",), registry=registry, now=now)
    return Outcome(batch, (f"mode: {before} -> {mode}",), before is not mode)


def block_patterns(host: str) -> tuple[str, ...]:
    """Return the two patterns of a block: the host and all below it."""
    return (host, f"*.{host}")


async def entries() -> list[PolicyEntry]:
    """Return the standing entries, by pattern."""
    return await PolicyEntry.filter(ended_at__isnull=True).order_by("pattern", "id")


async def recent_batches(limit: int = 20) -> list[PolicyEntry]:
    """Return the newest entry of each of the last batches, so that they can be undone."""
    rows = await PolicyEntry.all().order_by("-id").limit(limit * 4)
    newest: dict[str, PolicyEntry] = {}
    for row in rows:
        newest.setdefault(row.batch, row)
    return list(newest.values())[:limit]


async def current_mode() -> Mode:
    """Return the mode in force."""
    return (await PolicyState.get(id=STATE_ROW)).mode


async def apply_to_follows(patterns: tuple[str, ...], *, registry: Registry, now: datetime) -> None:
    """Suspend the follows that policy now forbids and restore those that it allows again."""
    for host in await _known_hosts(patterns):
        decision = registry.decide(host, now=now)
        ids = [actor_id for (actor_id,) in await Actor.filter(is_local=False, host=host).values_list("id")]
        for side in ("follower_id__in", "target_id__in"):
            await _turn(Follow.filter(**{side: ids}), allowed=_may_follow(decision))


async def _turn(follows: QuerySet[Follow], *, allowed: bool) -> None:
    was, becomes = (
        (FollowState.SUSPENDED, FollowState.ACCEPTED) if allowed else (FollowState.ACCEPTED, FollowState.SUSPENDED)
    )
    await follows.filter(state=was).update(state=becomes)


def _may_follow(decision: Decision) -> bool:
    return decision.grants.follow is not FollowGrant.NONE


async def _known_hosts(patterns: tuple[str, ...]) -> list[str]:
    known = {host for (host,) in await Actor.filter(is_local=False).distinct().values_list("host")}
    known |= {host for (host,) in await Host.all().values_list("name")}
    return sorted(host for host in known if "*" in patterns or any(matches(pattern, host) for pattern in patterns))


def _require_sense(wanted: Change, registry: Registry) -> None:
    wrong: dict[str, str] = {}
    if wanted.preset is not None and wanted.preset not in PRESETS:
        wrong["preset"] = f"Choose one of {', '.join(PRESETS)}."
    if wanted.reason_code not in REASON_CODES:
        wrong["reason_code"] = f"Choose one of {', '.join(REASON_CODES)}."
    if len(wanted.reason) > LONGEST_REASON:
        wrong["reason"] = f"Use at most {LONGEST_REASON} characters."
    if any(matches(pattern, registry.book.own_host) for pattern in wanted.patterns):
        wrong["host"] = "This is the node itself."
    if wrong:
        raise Invalid(wrong)


async def _presets(patterns: tuple[str, ...]) -> dict[str, str]:
    rows = await PolicyEntry.filter(pattern__in=list(patterns), ended_at__isnull=True).order_by("-source")
    return {row.pattern: row.preset for row in rows}


def _text(presets: dict[str, str]) -> str:
    return ", ".join(f"{pattern} {preset}" for pattern, preset in sorted(presets.items()))


async def _tell(
    batch: str, patterns: tuple[str, ...], story: tuple[str, str, str], by_member_id: int | None, now: datetime
) -> None:
    before, after, reason_code = story
    state = await PolicyState.get(id=STATE_ROW)
    fact = PolicyChanged(batch, state.version, patterns, before, after, reason_code)
    await journal.note(fact, at=now, by_member_id=by_member_id)
