"""The work of a node: what came in, what goes out, errands, mail, and keeping the house clean."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator

from inbox import errands, lookups, pictures
from inbox import worker as inbox_worker
from node import jobs
from node.community import actor_keys, links, portraits, sessions
from node.database import as_outage
from node.mail.worker import mail_step
from node.serving import chores, desk_chores
from node.serving.assembly import Node
from outbox import admission, bridge
from outbox import gone as gone_hosts
from outbox.worker import sweep as sweep_deliveries

POLICY_SECONDS = 1.0
CLEANING_SECONDS = 600.0
NEWCOMER_SECONDS = 5.0
_log = logging.getLogger("talanoa.work")


async def work(node: Node, stop: asyncio.Event) -> None:
    """Work the queues until `stop` is set; what is under way then has the drain time to end.

    What has not ended by then is cut off as a crash would do: its lease runs out and it is tried again.
    """
    await node.registry.refresh()
    loops = [asyncio.create_task(loop) for loop in _loops(node, stop)]
    asked = asyncio.create_task(_asked(stop))
    try:
        await asyncio.wait([asked, *loops], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        async with asyncio.timeout(node.settings.drain_seconds):
            await asyncio.wait(loops)
            await inbox_worker.settle(node.bench)
            await pictures.settle(node.gallery)
            await node.worker.settle()
    except TimeoutError:
        _log.warning("cut off what was still under way; it will be tried again")
    finally:
        await _cut_off(node, [asked, *loops])
    for loop in loops:
        if not loop.cancelled():
            loop.result()


def _loops(node: Node, stop: asyncio.Event) -> Iterator[Coroutine[None, None, None]]:
    steps: tuple[tuple[Callable[[], Awaitable[int]], asyncio.Event], ...] = (
        (lambda: inbox_worker.step(node.bench), node.wakes.inbox),
        (lambda: errands.step(node.bench), asyncio.Event()),
        (lambda: pictures.step(node.gallery), asyncio.Event()),
        (lambda: _tell(node), node.wakes.outbox),
        (lambda: admission.step(node.registry, node.clock), asyncio.Event()),
        (node.worker.step, node.wakes.deliveries),
        (mail_step(node.surroundings), asyncio.Event()),
    )
    rounds: tuple[tuple[Callable[[], Awaitable[object]], float], ...] = (
        (node.registry.refresh, POLICY_SECONDS),
        (lambda: equip(node), NEWCOMER_SECONDS),
        (lambda: clean(node), CLEANING_SECONDS),
        (lambda: chores.end_timed_entries(node), chores.TRUST_SECONDS),
        (lambda: desk_chores.follow_up(node), desk_chores.FOLLOW_UP_SECONDS),
        (lambda: desk_chores.daily(node), desk_chores.DAILY_SECONDS),
        (lambda: chores.drop_lost_files(node), chores.ORPHAN_SECONDS),
        (lambda: chores.let_go(node), chores.RETENTION_SECONDS),
        (lambda: chores.count_what_would_go(node), chores.COUNT_SECONDS),
    )
    for step, wake in steps:
        yield jobs.run_forever(step, wake=wake, stop=stop)
    for act, seconds in rounds:
        yield _repeat(act, seconds, stop)


async def _asked(stop: asyncio.Event) -> None:
    await stop.wait()


async def _tell(node: Node) -> int:
    told = await bridge.step(node.bridge)
    if told:
        node.wakes.deliveries.set()
    return told


async def _cut_off(node: Node, tasks: list[asyncio.Task[None]]) -> None:
    """Cancel what is left, and return when it has ended."""
    left = [*tasks, *node.bench.reading, *node.gallery.running]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await node.worker.abandon()


async def watch_policy(node: Node, stop: asyncio.Event) -> None:
    """Notice within a second what another process changed in the policy."""
    await _repeat(node.registry.refresh, POLICY_SECONDS, stop)


async def equip(node: Node) -> None:
    """Give keys and a picture to the actors that miss them."""
    now = node.clock.now()
    for actor in await actor_keys.actors_without_keys():
        await actor_keys.add_keys(actor, secret_key=node.settings.secret_key, now=now)
    await portraits.dress(media=node.surroundings.media, now=now)


async def clean(node: Node) -> None:
    """Drop what has run out."""
    now = node.clock.now()
    await sessions.sweep(now=now)
    await links.sweep(now=now)
    await lookups.sweep(now=now)
    await sweep_deliveries(node.van)
    await gone_hosts.sweep(now=now)


async def _repeat(act: Callable[[], Awaitable[object]], seconds: float, stop: asyncio.Event) -> None:
    """Call `act` now and then every `seconds` until `stop` is set; an error is logged, not fatal."""
    while not stop.is_set():
        try:
            await act()
        except Exception as error:  # noqa: BLE001  the house must be kept although one round failed
            outage = as_outage(error)
            _log.log(logging.WARNING if outage else logging.ERROR, "round failed", exc_info=None if outage else error)
        try:
            await asyncio.wait_for(stop.wait(), timeout=seconds)
        except TimeoutError:
            continue
