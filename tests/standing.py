"""A node that stands still: real front, real database, while the test moves clock and workers by hand."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from inbox import errands, pictures
from inbox import worker as inbox_worker
from inbox.models import ReceivedActivity
from node.community import actor_keys, members
from node.community.members import NewMember
from node.community.node_profile import Description
from node.database import atomic, close_database, open_database
from node.models import Actor, Member, Mode, Role
from node.policy import registry
from node.policy.registry import Change
from node.serving import foundation
from node.serving.assembly import Node, assemble, web_of
from node.settings import Settings
from outbox import admission, bridge
from tests.clock import START, FakeClock
from tests.databases import MODULES, run_apart, settings_for
from tests.network import Network, open_network
from tests.peers.actors import Json, PeerActor
from tests.peers.cavage import Message
from tests.peers.flavours import FEDIFY, MASTODON, Flavour
from tests.peers.peer import Peer
from tests.peers.values import ACTIVITY_TYPE, Reply
from tests.world import HOME, home_settings
from web.server import serve

BASE = f"http://{HOME}"
INBOXES = ("/ap/inbox", "/ap/u/amina/inbox")
"""The shared inbox and a personal one: whatever is tested at one door is tested at both. V-O07."""
ALL_INBOXES = (*INBOXES, "/ap/g/practices/inbox", "/actor/inbox")


@dataclass
class Standing:
    """A node whose workers move only when the test says so."""

    node: Node
    network: Network
    clock: FakeClock
    amina: Member

    @property
    def now(self) -> datetime:
        """Return the present of this node and its peers."""
        return self.clock.now()

    async def post(self, peer: Peer, activity: Json | bytes, actor: PeerActor, inbox: str = INBOXES[0]) -> Reply:
        """Deliver an activity, signed as Mastodon signs."""
        return await peer.send(peer.sign(self.message(activity, inbox), actor=actor))

    def message(self, activity: Json | bytes, inbox: str = INBOXES[0]) -> Message:
        """Return a delivery that nobody signed yet."""
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        return Message("POST", BASE + inbox, {"content-type": ACTIVITY_TYPE}, body)

    async def get(self, path: str, **headers: str) -> Reply:
        """Return the answer to an unsigned GET for an ActivityPub document."""
        given = {"accept": ACTIVITY_TYPE} | {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.network.send(Message("GET", BASE + path, given))

    async def work(self, *, rounds: int = 20) -> None:
        """Let all workers do what is due, until nothing is."""
        for _ in range(rounds):
            done = await inbox_worker.step(self.node.bench)
            await inbox_worker.settle(self.node.bench)
            done += await errands.step(self.node.bench)
            await inbox_worker.settle(self.node.bench)
            done += await pictures.step(self.node.gallery)
            await pictures.settle(self.node.gallery)
            done += await bridge.step(self.node.bridge)
            done += await admission.step(self.node.registry, self.clock)
            done += await self.node.worker.step()
            await self.node.worker.settle()
            if not done:
                return
        raise AssertionError("the workers do not come to rest")

    async def bridge(self) -> None:
        """Turn what became true into deliveries; send nothing."""
        while await bridge.step(self.node.bridge):
            pass

    async def decide(self, preset: str | None, *patterns: str) -> None:
        """Give hosts a preset, as an admin does, and let the node notice."""
        async with atomic():
            await registry.write(Change(patterns, preset), batch="of the test", by_member_id=None, now=self.now)
            await registry.raise_version(now=self.now)
        await self.node.registry.refresh()

    async def turn(self, mode: Mode) -> None:
        """Change the mode and let the node notice."""
        async with atomic():
            await registry.set_mode(mode, now=self.now)
            await registry.raise_version(now=self.now)
        await self.node.registry.refresh()

    async def member(self, name: str, role: Role = Role.MEMBER) -> Member:
        """Give somebody an account with keys."""
        return await _member(name, role, self.node.settings, self.now)

    async def rows(self) -> list[tuple[str, str, str]]:
        """Return id, state and reason of all that came in, in order."""
        found = await ReceivedActivity.all().order_by("id")
        return [(row.activity_uri, row.state.value, row.reason) for row in found]

    async def row(self) -> tuple[str, str]:
        """Return state and reason of the only activity that came in."""
        ((_, state, reason),) = await self.rows()
        return state, reason

    async def actor(self, path: str) -> Actor:
        """Return one of our actors by the path of its id."""
        return await Actor.get(uri=BASE + path)


async def _member(name: str, role: Role, settings: Settings, now: datetime) -> Member:
    member = await members.add(
        NewMember(name=name, display_name=name.title(), role=role), base=settings.public_url.rstrip("/"), now=now
    )
    await actor_keys.add_keys(member.actor, secret_key=settings.secret_key, now=now)
    return member


async def found(settings: Settings) -> None:
    """Found a node with one member, `amina`, in a database that has its tables."""
    context = await open_database(settings, MODULES)
    try:
        await foundation.lay(settings, Description(name="Home of the test"), now=START)
        await _member("amina", Role.MEMBER, settings, START)
    finally:
        await close_database(context)


@pytest.fixture(scope="session")
def founded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file of a founded node with one member, `amina`; copy it, don't open it."""
    folder = tmp_path_factory.mktemp("founded")
    shutil.copyfile(sqlite_template, folder / "talanoa.db")
    settings = settings_for(folder, PUBLIC_URL=BASE, DEVELOPMENT="true")
    run_apart(found(settings))
    return folder / "talanoa.db"


@asynccontextmanager
async def open_standing(settings: Settings, network: Network, clock: FakeClock) -> AsyncIterator[Standing]:
    """Serve a founded node on a free port; its database is open."""
    node = assemble(settings, name="Home of the test", clock=clock)
    await node.registry.refresh()
    stop = asyncio.Event()
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(
        serve(web_of(node), settings, stop, started=lambda host, port: listening.set_result(port))
    )
    try:
        async with asyncio.timeout(20):
            waiting: list[asyncio.Future[Any]] = [server, listening]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        network.place(HOME, listening.result())
        amina = await Member.get(actor__local_name="amina").select_related("actor")
        yield Standing(node, network, clock, amina)
    finally:
        stop.set()
        await server
        await inbox_worker.settle(node.bench)
        await node.worker.settle()
        await node.surroundings.client.aclose()


@asynccontextmanager
async def standing_among(
    hosts: Mapping[str, Flavour], founded: Path, folder: Path, clock: FakeClock, **changes: str
) -> AsyncIterator[tuple[Standing, dict[str, Peer]]]:
    """Open peers and a standing node that reaches them; `changes` are settings of the node."""
    shutil.copyfile(founded, folder / "talanoa.db")
    async with open_network(now=clock.now) as network:
        peers = {host: await network.peer(host, flavour) for host, flavour in hosts.items()}
        settings = home_settings(settings_for(folder), network, **changes)
        context = await open_database(settings, MODULES)
        try:
            async with open_standing(settings, network, clock) as standing:
                yield standing, peers
        finally:
            await close_database(context)


@dataclass
class Company:
    """A standing node with a good, an evil and a third server around it; the third proves what it says."""

    home: Standing
    good: Peer
    evil: Peer
    third: Peer


@pytest.fixture
async def company(founded: Path, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Company]:
    """Return a standing node and three servers: good.test and evil.test like Mastodon, third.test like Fedify."""
    hosts = {"good.test": MASTODON, "evil.test": MASTODON, "third.test": FEDIFY}
    async with standing_among(hosts, founded, tmp_path, clock) as (home, peers):
        yield Company(home, *peers.values())
