"""talanoa hosts, talanoa actor: how other servers and accounts stand; retry, forget, refresh, suspend, purge."""

from dataclasses import asdict, dataclass
from datetime import datetime

import click

from federation.names import canonical_host
from node.commands.console import Desk, active_member, answer, at_desk, json_option
from node.community import account_views, errands, hosts, moderation, purging
from node.community.account_views import AccountView
from node.community.errands import Errand
from node.community.hosts import HostView
from node.community.moderation import Act
from node.errors import Invalid, NotFound
from node.models import ActKind, Concern, ModerationAct
from outbox import backlog

MODULES = ("inbox.models", "outbox.models")
by_option = click.option("--by", "by", required=True, metavar="NAME", help="The moderator who decides.")


@dataclass(frozen=True, slots=True)
class Health:
    """How a host is doing."""

    name: str
    software: str
    heard_at: datetime | None
    reached_at: datetime | None
    failures: int
    open_until: datetime | None
    last_error: str


@click.group("hosts", invoke_without_command=True)
@click.option("--page", type=click.IntRange(1, 100_000), default=1, show_default=True)
@click.pass_context
@json_option
def hosts_group(context: click.Context, page: int) -> None:
    """Show the servers that were seen, the latest heard first, and how they are doing."""
    if context.invoked_subcommand is None:
        found = at_desk(lambda _desk: _listed(page), MODULES)
        answer([asdict(each) for each in found], "\n".join(map(_host_line, found)) or "No server was seen.")


@hosts_group.command("show")
@click.argument("name")
@json_option
def show_host(name: str) -> None:
    """Show one server."""
    found = at_desk(lambda desk: _one(name, desk), MODULES)
    answer(asdict(found), _host_line(found))


@hosts_group.command("retry")
@click.argument("name")
@json_option
def retry_host(name: str) -> None:
    """Try at once what waits for one server."""
    done = at_desk(lambda desk: _retried(name, desk), MODULES)
    answer({"host": name, "deliveries": done}, f"{done} deliveries are due now.")


@hosts_group.command("forget")
@click.argument("name")
@json_option
def forget_host(name: str) -> None:
    """Forget how one server was doing; what is decided about it stays."""
    at_desk(lambda desk: hosts.forget(_canonical(name, desk)), MODULES)
    answer({"host": name, "forgotten": True}, "Forgotten.")


@click.group("actor")
def actor() -> None:
    """Look after an account, here or elsewhere: @NAME, @NAME@HOST or its id."""


@actor.command("show")
@click.argument("handle")
@json_option
def show_actor(handle: str) -> None:
    """Show how an account stands."""
    found = at_desk(lambda _desk: account_views.view(handle), MODULES)
    answer(asdict(found), _account_words(found))


@actor.command("refresh")
@click.argument("handle")
@json_option
def refresh(handle: str) -> None:
    """Let the running node read an account of another server anew."""
    uri = at_desk(lambda desk: _refreshed(handle, desk), MODULES)
    answer({"uri": uri, "state": "queued"}, f"{uri} is read anew by the running node.")


@actor.command("suspend")
@click.argument("handle")
@by_option
@click.option("--code", type=click.Choice([each.value for each in Concern]), default=Concern.RULES.value)
@click.option("--reason", default="", help="What the person is told and the moderation log says.")
@json_option
def suspend(handle: str, by: str, code: str, reason: str) -> None:
    """Suspend an account; `actor lift` takes it back."""
    done = at_desk(
        lambda desk: _suspended(
            handle, by, Act(kind=ActKind.SUSPEND, uri=handle, reason_code=Concern(code), reason=reason), desk
        ),
        MODULES,
    )
    answer({"act": done}, f"Suspended; {done} is the number of the act.")


@actor.command("lift")
@click.argument("handle")
@by_option
@json_option
def lift(handle: str, by: str) -> None:
    """Take the suspension of an account back."""
    done = at_desk(lambda desk: _lifted(handle, by, desk), MODULES)
    answer({"act": done}, "The suspension is taken back.")


@actor.command("purge")
@click.argument("handle")
@click.option("--yes", is_flag=True, help="Do it; without this it is only counted.")
@json_option
def purge(handle: str, *, yes: bool) -> None:
    """Erase everything that we hold of a suspended account of another server; the running node does it."""
    found = at_desk(lambda desk: _purged(handle, desk, yes=yes), MODULES)
    told = f"{found.held} things are erased by the running node." if yes else f"{found.held} things would be erased."
    answer(asdict(found), told)


async def _listed(page: int) -> list[Health]:
    rows, _number = await hosts.listing(page)
    return [_health(row) for row in rows]


async def _one(name: str, desk: Desk) -> Health:
    found = await hosts.one(_canonical(name, desk))
    if found is None:
        raise NotFound(f"{name} was not seen.")
    return _health(found)


async def _retried(name: str, desk: Desk) -> int:
    return await backlog.retry(_canonical(name, desk), now=desk.clock.now())


async def _refreshed(handle: str, desk: Desk) -> str:
    found = await purging.of_handle(handle)
    if found.is_local:
        raise Invalid("This is an account of ours.")
    await errands.ask(Errand.ACTOR, found.uri, now=desk.clock.now())
    return found.uri


async def _suspended(handle: str, by: str, wanted: Act, desk: Desk) -> str:
    target, member = await purging.of_handle(handle), await active_member(by)
    about = Act(kind=wanted.kind, uri=target.uri, reason_code=wanted.reason_code, reason=wanted.reason)
    return (await moderation.act(about, by=member, now=desk.clock.now())).public_id


async def _lifted(handle: str, by: str, desk: Desk) -> str:
    target, member = await purging.of_handle(handle), await active_member(by)
    standing = ModerationAct.filter(target_id=target.id, kind=ActKind.SUSPEND, undone_at__isnull=True)
    act = await standing.order_by("-id").first()
    if act is None:
        raise NotFound("No moderator suspended this account.")
    await moderation.undo(act.public_id, by=member, registry=desk.registry, now=desk.clock.now())
    return act.public_id


async def _purged(handle: str, desk: Desk, *, yes: bool) -> AccountView:
    found = await account_views.view(handle)
    if yes:
        await purging.ask(await purging.of_handle(handle), by=None, now=desk.clock.now())
    return found


def _canonical(name: str, desk: Desk) -> str:
    return canonical_host(name, relaxed=desk.settings.development)


def _health(row: HostView) -> Health:
    software = f"{row.software} {row.software_version}".strip()
    return Health(row.name, software, row.heard_at, row.reached_at, row.failures, row.open_until, row.last_error)


def _host_line(each: Health) -> str:
    trouble = f"; {each.failures} failures in a row: {each.last_error}" if each.failures else ""
    heard = each.heard_at.isoformat(timespec="minutes") if each.heard_at else "never"
    return f"{each.name} ({each.software or 'unknown software'}), heard {heard}{trouble}"


def _account_words(found: AccountView) -> str:
    marks = [
        word
        for word, is_so in (
            ("suspended", found.subject.is_suspended),
            ("limited", found.subject.is_limited),
            ("gone", found.is_gone),
        )
        if is_so
    ]
    lines = [f"{found.subject.actor.handle}: {', '.join(marks) or 'active'}, {found.held} things held here"]
    if found.purge:
        lines.append(f"purge {found.purge.state}: {found.purge.done} erased, {found.purge.left} left")
    lines += [f"{act.at:%Y-%m-%d} {act.kind}: {act.reason_code} {act.reason}".rstrip() for act in found.acts]
    return "\n".join(lines)
