"""Run a node: open, check, serve and work, then end in order: stop accepting, finish, close."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import Enum

from node.clock import SystemClock
from node.community.node_profile import Description
from node.database import close_database, open_database
from node.errors import Unavailable
from node.schema import migrate, pending
from node.serving import foundation
from node.serving.assembly import Node, assemble, web_of
from node.serving.demo import fill
from node.serving.loops import watch_policy, work
from node.settings import Settings, make_secret
from web.server import serve, stop_on_signals

MODULES = ("inbox.models", "outbox.models")
DEMO_NAME = "Talanoa on this machine"
Tell = Callable[[str], None]
_log = logging.getLogger("talanoa")


class Part(Enum):
    """What a process does."""

    ALL = "run"
    WEB = "web"
    WORK = "work"


@asynccontextmanager
async def opened(settings: Settings, *, name: str = "") -> AsyncIterator[Node]:
    """Open the database and assemble the node; close both at the end.

    Args:
        name: how the node calls itself, if its profile does not say.

    Raises:
        Unavailable: the database can't be opened.
        NotFound: the node was not founded.
    """
    await open_database(settings, MODULES)
    try:
        found = name or await foundation.require_founded(settings)
        node = assemble(settings, name=found)
        try:
            await node.registry.refresh()
            yield node
        finally:
            await node.surroundings.client.aclose()
    finally:
        await close_database()


async def first_start(settings: Settings, *, tell: Tell, demo: bool = False) -> tuple[Settings, str]:
    """Make tables, secret key, foundation and a steward; return the settings and an address to sign in.

    Args:
        demo: fill it with a made-up network, too.
    """
    settings = make_secret(settings)
    await migrate(settings, MODULES, tell=tell)
    await open_database(settings, MODULES)
    try:
        now = SystemClock().now()
        await foundation.lay(settings, Description(name=DEMO_NAME, languages=settings.languages), now=now)
        steward = await foundation.first_steward(settings, now=now)
        if demo and await fill(settings, now=now):
            tell("Filled with a made-up network.")
        return settings, await foundation.sign_in_url(steward, settings, now=now)
    finally:
        await close_database()


async def run(settings: Settings, part: Part, *, tell: Tell) -> None:
    """Serve, work, or both, until SIGTERM or Ctrl-C.

    Raises:
        Unavailable: the database can't be used, or its tables are older than this version (web and work).
        NotFound, Conflict: the node was not founded, or under another address.
        CannotListen: the address is taken.
    """
    if part is Part.ALL:
        await migrate(settings, MODULES, tell=tell)
    elif behind := await pending(settings, MODULES):
        raise Unavailable(f"The tables are older than this version ({', '.join(behind)}): run `talanoa migrate` first.")
    stop = asyncio.Event()
    stop_on_signals(stop)
    async with opened(settings) as node:
        workers = asyncio.create_task(watch_policy(node, stop) if part is Part.WEB else work(node, stop))
        workers.add_done_callback(lambda _: stop.set())
        try:
            await (stop.wait() if part is Part.WORK else _serve(node, stop, tell))
        except asyncio.CancelledError:
            workers.cancel()
            raise
        finally:
            stop.set()
            await workers
        await node.reception.store.settle()


async def _serve(node: Node, stop: asyncio.Event, tell: Tell) -> None:
    def started(host: str, port: int) -> None:
        tell(f"Listening on {host}:{port} for {node.settings.public_url}")

    try:
        await serve(web_of(node), node.settings, stop, started=started)
    finally:
        stop.set()
