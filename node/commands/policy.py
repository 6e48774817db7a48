"""talanoa allow, block, policy: who we trust, changed with a reason; counts first, undo after."""

from collections.abc import Callable
from dataclasses import asdict

import click

from federation.names import canonical_host
from node.commands.console import Desk, answer, at_desk, json_option
from node.community import trust
from node.community.trust import Consequences, Outcome
from node.models import PolicyEntry
from node.policy.grants import PRESETS, REASON_CODES
from node.policy.registry import Change

Said = dict[str, object]
Patterns = Callable[[str], tuple[str, ...]]
ALLOWED = click.Choice([preset for preset in PRESETS if preset != "T0"])
WHY = click.Choice(REASON_CODES)
BLOCKED = "T0"


@click.command("allow")
@click.argument("host")
@click.option("--preset", type=ALLOWED, default="T3", show_default=True, help="From T1, reads only, to T5, authority.")
@click.option("--reason-code", type=WHY, default="partner-agreement", show_default=True)
@click.option("--reason", default="", help="A sentence for the log and the members.")
@click.option("--dry-run", is_flag=True, help="Only count what it would concern.")
@json_option
def allow(host: str, preset: str, reason_code: str, reason: str, *, dry_run: bool) -> None:
    """Give HOST a preset of grants. Hosts below it are not meant."""
    wanted = Change((host,), preset, reason_code, reason)
    _change(wanted, lambda known: (known,), dry_run=dry_run)


@click.command("block")
@click.argument("host")
@click.option("--reason-code", type=WHY, default="other", show_default=True)
@click.option("--reason", default="", help="A sentence for the log and the members.")
@click.option("--dry-run", is_flag=True, help="Only count what it would concern.")
@json_option
def block(host: str, reason_code: str, reason: str, *, dry_run: bool) -> None:
    """Exchange nothing with HOST and all hosts below it. Nothing is deleted; undo brings all back."""
    _change(Change((host,), BLOCKED, reason_code, reason), trust.block_patterns, dry_run=dry_run)


@click.group("policy")
def policy() -> None:
    """List and undo what was decided about other servers."""


@policy.command("list")
@json_option
def listing() -> None:
    """List the mode and all standing entries."""
    said, words = at_desk(_listed)
    answer(said, words)


@policy.command("undo")
@click.argument("batch")
@json_option
def undo(batch: str) -> None:
    """Take the change BATCH back, with the follows that it suspended."""
    patterns = at_desk(lambda desk: trust.undo(batch, registry=desk.registry, by_member_id=None, now=desk.clock.now()))
    answer({"undone": batch, "patterns": patterns}, f"Taken back: {', '.join(patterns)}.")


def _change(wanted: Change, patterns: Patterns, *, dry_run: bool) -> None:
    """Show what a change concerns, then make it."""

    async def work(desk: Desk) -> tuple[Said, str]:
        host = canonical_host(wanted.patterns[0], relaxed=desk.settings.development)
        return await _changed(_for(wanted, patterns(host)), desk, dry_run=dry_run)

    said, words = at_desk(work)
    answer(said, words)


def _for(wanted: Change, patterns: tuple[str, ...]) -> Change:
    return Change(patterns, wanted.preset, wanted.reason_code, wanted.reason)


async def _changed(wanted: Change, desk: Desk, *, dry_run: bool) -> tuple[Said, str]:
    found = await trust.preview(wanted.patterns)
    mode = str((await trust.current_mode()).value)
    said: Said = {"mode": mode, "patterns": wanted.patterns, "concerned": asdict(found)}
    if dry_run:
        return said | {"changed": False, "dry_run": True}, f"{_concerned(found)}\nNothing was changed (--dry-run)."
    done = await trust.change(wanted, registry=desk.registry, by_member_id=None, now=desk.clock.now())
    said |= {"changed": done.changed, "effects": done.lines, "batch": done.batch}
    return said, f"{_concerned(found)}\n{_effect(done, mode)}"


def _concerned(found: Consequences) -> str:
    if not found.hosts:
        return "No server of that name has been here yet."
    counts = (
        f"{found.followers} followers, {found.following} followed by {found.members} members of ours; "
        f"{found.posts} posts, {found.practices} practice records, {found.events} events from there"
    )
    return f"Concerned: {', '.join(found.hosts[:10])}{' ...' if len(found.hosts) > 10 else ''}: {counts}."


def _effect(done: Outcome, mode: str) -> str:
    lines = "\n".join(done.lines)
    if not done.changed:
        lines += f"\nThe entry is written, but in this mode ({mode}) nothing changes: they could do the same before."
    return f"{lines}\nUndo: talanoa policy undo {done.batch}"


async def _listed(desk: Desk) -> tuple[Said, str]:
    mode = str((await trust.current_mode()).value)
    unknown = desk.registry.decide("unknown.invalid", now=desk.clock.now()).preset
    rows = await trust.entries()
    lines = [f"Mode: {mode}; servers without an entry: {unknown}.", *map(_line, rows)]
    return {"mode": mode, "unknown": unknown, "entries": [_entry(row) for row in rows]}, "\n".join(lines)


def _entry(row: PolicyEntry) -> Said:
    return {
        "pattern": row.pattern,
        "preset": row.preset,
        "reason_code": row.reason_code,
        "reason": row.reason,
        "source": row.source,
        "batch": row.batch,
        "since": row.created_at.isoformat(),
        "until": row.expires_at.isoformat() if row.expires_at else None,
    }


def _line(row: PolicyEntry) -> str:
    until = f" until {row.expires_at:%Y-%m-%d}" if row.expires_at else ""
    reason = f": {row.reason}" if row.reason else ""
    return (
        f"{row.pattern}  {row.preset}  since {row.created_at:%Y-%m-%d}{until}  {row.reason_code}{reason}  {row.batch}"
    )
