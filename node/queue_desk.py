"""talanoa queue: what waits, how long and why; let it go after a restore; try it again at once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import click
from tortoise.functions import Count

from federation.names import canonical_host
from inbox import backlog as incoming
from node.commands.console import Desk, answer, at_desk, json_option
from node.community import node_profile
from node.models import Job, JobState
from outbox import backlog as outgoing
from outbox.backlog import WaitingHost

MODULES = ("inbox.models", "outbox.models")
DAY, HOUR, MINUTE = 86_400, 3_600, 60


@dataclass(frozen=True, slots=True)
class Queues:
    """Everything that waits or has ended, counted."""

    outgoing: outgoing.Backlog
    incoming: incoming.Backlog
    jobs: Mapping[str, Mapping[str, int]]
    oldest_job_at: datetime | None
    is_held: bool


@click.group("queue", invoke_without_command=True)
@click.pass_context
@json_option
def queue(context: click.Context) -> None:
    """Show what waits to go out or to be worked on, how long, and why."""
    if context.invoked_subcommand is None:
        found, now = at_desk(_counted, MODULES)
        answer(asdict(found), _in_words(found, now))


@queue.command("release")
@json_option
def release() -> None:
    """After a restore: let deliveries and letters go out again."""
    was_held = at_desk(_released, MODULES)
    answer({"released": was_held}, "They go out again." if was_held else "Nothing was kept back.")


@queue.command("retry")
@click.option("--host", help="Only the deliveries to this host.")
@json_option
def retry(host: str | None) -> None:
    """Try waiting deliveries at once, and once more what was given up of the rest."""
    done = at_desk(lambda desk: _retried(host, desk), MODULES)
    answer(done, f"{done['deliveries']} deliveries, {done['received']} received, {done['jobs']} jobs are due now.")


async def count() -> Queues:
    """Count everything that waits or has ended."""
    rows = await Job.all().annotate(number=Count("id")).group_by("kind", "state").values_list("kind", "state", "number")
    kinds: dict[str, dict[str, int]] = {}
    for kind, state, number in rows:
        kinds.setdefault(str(kind), {})[JobState(str(state)).value] = int(str(number))
    oldest = await Job.filter(state=JobState.PENDING).order_by("due_at").first()
    return Queues(
        outgoing=await outgoing.backlog(),
        incoming=await incoming.backlog(),
        jobs=kinds,
        oldest_job_at=oldest.due_at if oldest else None,
        is_held=await node_profile.is_held(),
    )


async def _counted(desk: Desk) -> tuple[Queues, datetime]:
    return await count(), desk.clock.now()


async def _released(desk: Desk) -> bool:
    was_held = await node_profile.is_held()
    await node_profile.release_deliveries(now=desk.clock.now())
    return was_held


async def _retried(host: str | None, desk: Desk) -> dict[str, int]:
    now = desk.clock.now()
    known = canonical_host(host, relaxed=desk.settings.development) if host else None
    done = {"deliveries": await outgoing.retry(known, now=now), "received": 0, "jobs": 0}
    if known is None:
        done["received"] = await incoming.retry(now=now)
        dead = Job.filter(state=JobState.DEAD)
        done["jobs"] = await dead.update(state=JobState.PENDING, due_at=now, attempts=0, reason="", ended_at=None)
    return done


def _in_words(found: Queues, now: datetime) -> str:
    lines = []
    if found.is_held:
        lines.append("Restored from a backup: everything is held until you say `talanoa queue release`.")
    lines.append(f"Deliveries: {_counts(found.outgoing.states)}{_age(found.outgoing.oldest_at, now)}")
    lines += [f"  {_host_line(each, now)}" for each in found.outgoing.hosts]
    lines.append(f"Received: {_counts(found.incoming.states)}{_age(found.incoming.oldest_at, now)}")
    lines += [f"Jobs, {kind}: {_counts(states)}" for kind, states in sorted(found.jobs.items())]
    if found.oldest_job_at and found.oldest_job_at < now:
        lines.append(f"The longest due job has waited for {_span(now - found.oldest_job_at)}.")
    return "\n".join(lines)


def _host_line(each: WaitingHost, now: datetime) -> str:
    next_try = f"next try in {_span(each.due_at - now)}" if each.due_at > now else "due now"
    reason = f": {each.reason}" if each.reason else ""
    return f"{each.host}: {each.number} waiting, oldest {_span(now - each.oldest_at)}, {next_try}{reason}"


def _counts(states: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {state}" for state, number in sorted(states.items())) or "none"


def _age(oldest_at: datetime | None, now: datetime) -> str:
    return f"; the oldest waits for {_span(now - oldest_at)}" if oldest_at else ""


def _span(duration: timedelta) -> str:
    seconds = max(0, int(duration.total_seconds()))
    for length, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= 2 * length:
            return f"{seconds // length} {name}"
    return f"{seconds} s"
