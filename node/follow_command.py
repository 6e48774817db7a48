"""talanoa follow: ask to follow somebody; the running node looks them up and asks their server."""

import asyncio

import click

from federation.names import Handle, parse_handle
from node.commands.console import Desk, active_member, answer, at_desk, json_option, remark
from node.community import actors, errands, follows
from node.community.errands import Errand
from node.errors import CommunityError, NotFound
from node.models import Actor, Follow, FollowState, Job, JobState, Member

MODULES = ("inbox.models", "outbox.models")
POLL_SECONDS = 0.25
LONGEST_WAIT = 600


class NotYet(CommunityError):
    """It did not come to an end in time, or ended otherwise than wished."""


@click.command("follow")
@click.argument("name")
@click.argument("address", metavar="@USER@HOST")
@click.option("--wait", is_flag=True, help="Wait until the other server has said yes or no.")
@click.option("--seconds", type=click.IntRange(1, LONGEST_WAIT), default=60, show_default=True, help="Longest wait.")
@json_option
def follow(name: str, address: str, seconds: int, *, wait: bool) -> None:
    """Let the member NAME follow somebody. The running node looks them up and asks their server."""
    state = at_desk(lambda desk: _follow(name, address, desk, seconds if wait else 0), MODULES)
    answer({"name": name, "address": address, "state": state}, _IN_WORDS[state].format(name=name, address=address))


_IN_WORDS = {
    "queued": "{name} will ask to follow {address} as soon as the node has looked them up.",
    "pending": "{name} has asked to follow {address}; they have not answered yet.",
    "accepted": "{name} follows {address}.",
}


async def _follow(name: str, address: str, desk: Desk, wait_seconds: int) -> str:
    member = await active_member(name)
    handle = parse_handle(address, relaxed=desk.settings.development)
    if handle.host in (desk.registry.book.own_host, desk.settings.account_domain):
        return await _follow_here(member, handle, desk)
    payload: dict[str, object] = {"member_id": member.id}
    job = await errands.ask(Errand.FOLLOW, str(handle), now=desk.clock.now(), payload=payload)
    if not wait_seconds:
        return "queued"
    return await _outcome(job, member, wait_seconds)


async def _follow_here(member: Member, handle: Handle, desk: Desk) -> str:
    target = await actors.local(handle.name)
    made = await follows.ask(member.actor, target, now=desk.clock.now(), by_member_id=member.id)
    return made.state.value


async def _outcome(job: Job, member: Member, wait_seconds: int) -> str:
    """Return `accepted`, or `pending` where somebody there has to decide."""
    try:
        async with asyncio.timeout(wait_seconds):
            uri = await _looked_up(job)
            remark(f"Found {uri}.")
            return await _answered(uri, member)
    except TimeoutError:
        return await _after_timeout(job, member, wait_seconds)


async def _looked_up(job: Job) -> str:
    while True:
        now = await errands.awaited(job.id)
        if now.has_failed:
            raise NotYet(f"{now.subject} can't be followed: {now.reason}")
        if now.is_over:
            return now.reason
        await asyncio.sleep(POLL_SECONDS)


async def _answered(uri: str, member: Member) -> str:
    target = await actors.by_uri(uri)
    if target is None:
        raise NotFound(f"{uri} is not known here")
    while True:
        found = await Follow.get_or_none(follower_id=member.actor_id, target_id=target.id)
        if found is None or found.state is FollowState.REFUSED:
            raise NotYet(f"{uri} said no.")
        if found.state is FollowState.SUSPENDED:
            raise NotYet(f"Policy forbids to follow {uri}: see `talanoa policy list`.")
        if found.state is FollowState.ACCEPTED:
            return FollowState.ACCEPTED.value
        await asyncio.sleep(POLL_SECONDS)


async def _after_timeout(job: Job, member: Member, wait_seconds: int) -> str:
    row = await Job.get(id=job.id)
    if row.state is JobState.PENDING:
        hint = f" So far: {row.reason}." if row.reason else " Is the node running?"
        raise NotYet(f"Not looked up within {wait_seconds} s.{hint} It stays in the queue.")
    target = await Actor.get_or_none(uri=row.reason)
    remark(f"{target.name if target else row.reason} has not answered within {wait_seconds} s.")
    return FollowState.PENDING.value
