"""Who we trust: allow, block, change the mode, take it back.

Nothing is deleted by a change: follows are suspended and come back when it is taken back. A change becomes true, is
noted in the audit log and acts on follows in one transaction; this process decides by it as soon as it is committed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from federation.errors import Malformed
from node.chance import public_id
from node.community import journal
from node.community.facts import PolicyChanged
from node.community.trust_effects import EVERYBODY, Consequences, apply_book, preview
from node.database import atomic
from node.errors import Conflict, Invalid, NotFound
from node.models import JournalEntry, Mode, PolicyEntry, PolicyState
from node.policy.decide import Book, decide
from node.policy.grants import PRESETS, REASON_CODES
from node.policy.patterns import WILDCARD, canonical_pattern, is_shared_suffix, require_no_suffix
from node.policy.registry import STATE_ROW, Change, Registry, end_expired, raise_version, set_mode, take_back, write

__all__ = [
    "Consequences",
    "Outcome",
    "block_patterns",
    "change",
    "change_mode",
    "current_mode",
    "entries",
    "expire",
    "preview",
    "recent_batches",
    "undo",
]
LONGEST_REASON = 2000
MOST_PATTERNS = 10_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did: the batch that undo takes back, and each pattern's preset before and after."""

    batch: str
    lines: tuple[str, ...]
    changed: bool


async def change(wanted: Change, *, registry: Registry, by_member_id: int | None, now: datetime) -> Outcome:
    """Give the patterns a preset (or none), suspend or restore follows, and note it in the audit log.

    Raises:
        Invalid: no such preset or reason code, or a pattern that is no host, or this node itself.
    """
    wanted = _required(wanted, registry, now)
    batch = public_id(now)
    async with atomic():
        await raise_version(now=now)
        before, presets = await registry.read(), await _presets(wanted.patterns)
        await write(wanted, batch=batch, by_member_id=by_member_id, now=now)
        told = _Told(batch, wanted.patterns, _text(presets), wanted.preset or "none", wanted.reason_code)
        await _tell(told, by_member_id, now)
        after = await registry.read()
        await apply_book(wanted.patterns, book=after, now=now)
    await registry.refresh()
    effects = [_effects(wanted.patterns, book, now) for book in (before, after)]
    lines = tuple(f"{pattern}: {effects[0][pattern]} -> {effects[1][pattern]}" for pattern in wanted.patterns)
    return Outcome(batch, lines, effects[0] != effects[1])


async def undo(batch: str, *, registry: Registry, by_member_id: int | None, now: datetime) -> tuple[str, ...]:
    """Take a batch back; return the patterns concerned, none for a change of the mode.

    Raises:
        NotFound: no such batch.
        Conflict: it was taken back before, or a later change stands on top of it; that one has to be undone first.
    """
    async with atomic():
        await raise_version(now=now)
        fact = await _undoable(batch)
        if not fact.patterns:
            await _undo_mode(fact, by_member_id, now)
        else:
            await _undo_entries(fact, by_member_id, now)
        await apply_book(fact.patterns or (EVERYBODY,), book=await registry.read(), now=now)
    await registry.refresh()
    return fact.patterns


async def change_mode(mode: Mode, *, registry: Registry, by_member_id: int | None, now: datetime) -> Outcome:
    """Change what unknown hosts may do.

    Raises:
        Invalid: the consent mode, which this version does not have yet.
    """
    if mode is Mode.CONSENT:
        raise Invalid("The consent mode is not available yet: choose open or closed.")
    batch = public_id(now)
    async with atomic():
        await raise_version(now=now)
        before = await set_mode(mode, now=now)
        await _tell(_Told(batch, (), f"mode {before}", f"mode {mode}"), by_member_id, now)
        await apply_book((EVERYBODY,), book=await registry.read(), now=now)
    await registry.refresh()
    return Outcome(batch, (f"mode: {before} -> {mode}",), before is not mode)


async def expire(*, registry: Registry, now: datetime) -> tuple[str, ...]:
    """End the entries that ran out, with what hangs on them; return their patterns. Called again and again."""
    if not await PolicyEntry.filter(ended_at__isnull=True, expires_at__lte=now).exists():
        return ()
    async with atomic():
        await raise_version(now=now)
        patterns = await end_expired(now=now)
        if not patterns:
            return ()  # another process was faster
        await _tell(_Told(public_id(now), patterns, "expired", _text(await _presets(patterns)) or "none"), None, now)
        await apply_book(patterns, book=await registry.read(), now=now)
    await registry.refresh()
    return patterns


def block_patterns(host: str) -> tuple[str, ...]:
    """Return the two patterns of a block: the host and all below it, unless strangers share what is below it."""
    return (host,) if is_shared_suffix(host) else (host, f"{WILDCARD}{host}")


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
    """Return the mode in force.

    Raises:
        NotFound: the node has no policy yet.
    """
    state = await PolicyState.get_or_none(id=STATE_ROW)
    if state is None:
        raise NotFound("This node has not been set up yet: run `talanoa init`.")
    return state.mode


@dataclass(frozen=True, slots=True)
class _Told:
    """What the audit log says about a change."""

    batch: str
    patterns: tuple[str, ...]
    before: str
    after: str
    reason_code: str = "other"
    undoes: str = ""


def _required(wanted: Change, registry: Registry, now: datetime) -> Change:
    """Return what is wanted with its patterns in their one spelling, each once."""
    wrong: dict[str, str] = {}
    if wanted.preset is not None and wanted.preset not in PRESETS:
        wrong["preset"] = f"Choose one of {', '.join(PRESETS)}."
    if wanted.reason_code not in REASON_CODES:
        wrong["reason_code"] = f"Choose one of {', '.join(REASON_CODES)}."
    if len(wanted.reason) > LONGEST_REASON:
        wrong["reason"] = f"Use at most {LONGEST_REASON} characters."
    if wanted.expires_at is not None and wanted.expires_at <= now:
        wrong["expires_at"] = "Choose a moment that is still to come."
    patterns: tuple[str, ...] = ()
    try:
        patterns = tuple(dict.fromkeys(canonical_pattern(each, relaxed=registry.relaxed) for each in wanted.patterns))
        if wanted.preset is not None:
            for pattern in patterns:
                require_no_suffix(pattern)
    except Malformed as error:
        wrong["host"] = f"This is not the name of a server: {error}."
    if registry.book.own_host in patterns:
        wrong["host"] = "This is the node itself."
    if not 0 < len(wanted.patterns) <= MOST_PATTERNS:
        wrong["host"] = f"Name 1 to {MOST_PATTERNS} servers."
    if wrong:
        raise Invalid(wrong)
    return replace(wanted, patterns=patterns)


def _effects(patterns: tuple[str, ...], book: Book, now: datetime) -> dict[str, str]:
    """Return what each pattern comes to; for `*.` what a host below it gets that nobody named."""
    probes = {pattern: f"--{pattern[1:]}" if pattern.startswith(WILDCARD) else pattern for pattern in patterns}
    return {pattern: decide(probe, book, now=now).preset for pattern, probe in probes.items()}


async def _undoable(batch: str) -> PolicyChanged:
    told = [journal.read(entry) for entry in await JournalEntry.filter(fact=PolicyChanged.__name__).order_by("id")]
    facts = [fact for fact in told if isinstance(fact, PolicyChanged)]
    found = next((fact for fact in facts if fact.batch == batch and not fact.undoes), None)
    if found is None:
        raise NotFound(f"no policy change {batch} that could be taken back")
    if any(fact.undoes == batch for fact in facts):
        raise Conflict("this change was taken back before")
    return found


async def _undo_mode(fact: PolicyChanged, by_member_id: int | None, now: datetime) -> None:
    standing = await current_mode()
    if f"mode {standing}" != fact.after:
        raise Conflict("the mode was changed again since; undo that first")
    before = Mode(fact.before.removeprefix("mode "))
    await set_mode(before, now=now)
    await _tell(_Told(public_id(now), (), fact.after, fact.before, undoes=fact.batch), by_member_id, now)


async def _undo_entries(fact: PolicyChanged, by_member_id: int | None, now: datetime) -> None:
    await _require_on_top(fact)
    before = await _presets(fact.patterns)
    await take_back(fact.batch, now=now)
    after = await _presets(fact.patterns)
    told = _Told(public_id(now), fact.patterns, _text(before), _text(after) or "none", undoes=fact.batch)
    await _tell(told, by_member_id, now)


async def _require_on_top(fact: PolicyChanged) -> None:
    """An entry that a later batch ended or made for the same pattern, from the same source, is in the way."""
    made = await PolicyEntry.filter(batch=fact.batch)
    ended = await PolicyEntry.filter(ended_by_batch=fact.batch)
    if not made and not ended:
        raise NotFound(f"the policy change {fact.batch} left nothing to take back")
    sources = {row.source for row in (*made, *ended)}
    standing = PolicyEntry.filter(pattern__in=fact.patterns, source__in=list(sources), ended_at__isnull=True)
    if any(row.ended_by_batch for row in made) or await standing.exclude(batch=fact.batch).exists():
        raise Conflict("a later change stands on this one; undo that first")


async def _presets(patterns: Iterable[str]) -> dict[str, str]:
    rows = await PolicyEntry.filter(pattern__in=list(patterns), ended_at__isnull=True).order_by("-source")
    return {row.pattern: row.preset for row in rows}


def _text(presets: dict[str, str]) -> str:
    return ", ".join(f"{pattern} {preset}" for pattern, preset in sorted(presets.items()))


async def _tell(told: _Told, by_member_id: int | None, now: datetime) -> None:
    state = await PolicyState.get(id=STATE_ROW)
    fact = PolicyChanged(
        told.batch, state.version, told.patterns, told.before, told.after, told.reason_code, undoes=told.undoes
    )
    await journal.note(fact, at=now, by_member_id=by_member_id)
