"""talanoa dead, talanoa received: what was given up or did not arrive, and what became of an activity that came in."""

from dataclasses import asdict, dataclass

import click

from inbox import backlog
from inbox import looking_after as incoming
from inbox.looking_after import Arrived
from node.commands.console import Desk, answer, at_desk, json_option
from node.community import work
from node.errors import NotFound
from outbox import looking_after as outgoing
from outbox.looking_after import Lost

MODULES = ("inbox.models", "outbox.models")
KINDS = ("received", "job", "delivery")
kind_argument = click.argument("kind", type=click.Choice(KINDS))


@dataclass(frozen=True, slots=True)
class Dead:
    """What was given up, the latest of each kind first."""

    received: tuple[Arrived, ...]
    jobs: tuple[work.GivenUp, ...]
    deliveries: tuple[Lost, ...]


@click.group("dead", invoke_without_command=True)
@click.pass_context
@json_option
def dead(context: click.Context) -> None:
    """Show what was given up or did not arrive, and why."""
    if context.invoked_subcommand is None:
        found = at_desk(_listed, MODULES)
        answer(asdict(found), _in_words(found))


@dead.command("show")
@kind_argument
@click.argument("number", type=int)
@json_option
def show(kind: str, number: int) -> None:
    """Show one with its raw body and its reason."""
    found = at_desk(lambda _desk: _one(kind, number), MODULES)
    told = asdict(found)
    answer(told, "\n".join(f"{name}: {value}" for name, value in told.items()))


@dead.command("retry")
@kind_argument
@click.argument("number", type=int)
@json_option
def retry(kind: str, number: int) -> None:
    """Let one be tried once more."""
    at_desk(lambda desk: _retried(kind, number, desk), MODULES)
    answer({"kind": kind, "number": number, "state": "pending"}, "It is tried once more now.")


@dead.command("discard")
@kind_argument
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that `talanoa dead` shows of this kind.")
@json_option
def discard(kind: str, numbers: tuple[int, ...], *, everything: bool) -> None:
    """Let some rest for good; their reasons are kept and they stay counted."""
    if everything == bool(numbers):
        raise click.UsageError("Name numbers, or say --all.")
    done = at_desk(lambda desk: _discarded(kind, numbers, desk), MODULES)
    answer({"kind": kind, "discarded": done}, f"{done} discarded.")


@click.command("received")
@click.argument("name", metavar="[ID|NUMBER]", required=False)
@json_option
def received(name: str | None) -> None:
    """Show what became of an activity that came in, by its id; without one, the last that came."""
    found = at_desk(lambda _desk: _named(name), MODULES)
    answer([asdict(each) for each in found], "\n".join(map(_arrived_line, found)) or "Nothing came in.")


async def _listed(_desk: Desk) -> Dead:
    return Dead(await incoming.latest("dead"), await work.given_up(), await outgoing.lost())


async def _one(kind: str, number: int) -> Arrived | work.OneJob | Lost:
    if kind == "received":
        return await incoming.one(number)
    return await (work.one(number) if kind == "job" else outgoing.one(number))


async def _retried(kind: str, number: int, desk: Desk) -> None:
    from_now = desk.clock.now()
    match kind:
        case "received":
            await backlog.retry_one(number, now=from_now)
        case "job":
            await work.retry(number, now=from_now)
        case _:
            await outgoing.retry(number, now=from_now)


async def _discarded(kind: str, numbers: tuple[int, ...], desk: Desk) -> int:
    found = await _listed(desk)
    shown = {
        "received": [each.id for each in found.received],
        "job": [each.id for each in found.jobs],
        "delivery": [each.id for each in found.deliveries],
    }
    chosen = numbers or shown[kind]
    verbs = {"received": incoming.discard, "job": work.discard, "delivery": outgoing.discard}
    return await verbs[kind](chosen, now=desk.clock.now())


async def _named(name: str | None) -> tuple[Arrived, ...]:
    if name is None:
        return await incoming.latest()
    if name.isdecimal() and len(name) < 19:
        return (await incoming.one(int(name)),)
    found = await incoming.named(name)
    if not found:
        raise NotFound(f"Nothing came in under {name[:200]}, or it is older than what is kept.")
    return found


def _in_words(found: Dead) -> str:
    lines = [f"received {_arrived_line(each)}" for each in found.received]
    lines += [f"job {each.id}: {each.kind}: {each.reason}" for each in found.jobs]
    lines += [
        f"delivery {each.id}: {each.type} to {each.host}, {each.state}: {each.reason}" for each in found.deliveries
    ]
    return "\n".join(lines) or "Nothing was given up."


def _arrived_line(each: Arrived) -> str:
    reason = f": {each.reason}" if each.reason else ""
    return f"{each.id}: {each.type} by {each.actor_uri}, {each.state}{reason}"
