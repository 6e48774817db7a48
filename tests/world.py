"""A whole node of ours under a made-up name: real database, real sockets, real workers, in the test's own process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from node.community import actor_keys, actors, members
from node.community.members import NewMember
from node.community.node_profile import Description
from node.models import Member, Role
from node.serving import foundation
from node.serving.assembly import Node, assemble, web_of
from node.serving.loops import work
from node.settings import Settings, load
from tests.network import Network
from tests.peers.cavage import Message
from web.server import serve

HOME = "home.test"
SECONDS = 20.0


@dataclass
class Home:
    """A running node and the people on it."""

    node: Node
    network: Network
    base: str

    async def member(self, name: str, role: Role = Role.MEMBER) -> Member:
        """Give somebody an account with keys."""
        member = await members.add(
            NewMember(name=name, display_name=name.title(), role=role), base=self.base, now=self.node.clock.now()
        )
        secret_key = self.node.settings.secret_key
        await actor_keys.add_keys(member.actor, secret_key=secret_key, now=self.node.clock.now())
        return member

    async def inbox_of(self, name: str) -> str:
        """Return the inbox URL of a local actor."""
        return f"{(await actors.local(name)).uri}/inbox"

    async def page(self, path: str) -> tuple[int, str]:
        """Return status and text of a page, as a visitor without cookies gets it."""
        answer = await self.network.send(Message("GET", self.base + path, {"accept": "text/html"}))
        return answer.status, answer.body.decode()

    async def until_page(self, path: str, wanted: str) -> str:
        """Return the text of a page as soon as it holds `wanted`; give up after a while."""
        async with asyncio.timeout(SECONDS):
            while True:
                status, text = await self.page(path)
                if status == 200 and wanted in text:
                    return text
                await asyncio.sleep(0.1)


def home_settings(database: Settings, network: Network, **changes: str) -> Settings:
    """Return the settings of a node on this network, with the database and folder of `database`."""
    given = {
        "PUBLIC_URL": f"http://{HOME}",
        "DEVELOPMENT": "true",
        "LISTEN": "127.0.0.1:0",
        "DATABASE_URL": database.database_url,
        "DATA_DIR": str(database.data_dir),
        "SECRET_KEY": database.secret_key,
        "ALLOWED_NETWORKS": "127.0.0.0/8",
        "STATIC_HOSTS": network.static_hosts_setting() or f"{HOME}=127.0.0.1:1",
    }
    return load({f"TALANOA_{name}": value for name, value in (given | changes).items()}, {})


@asynccontextmanager
async def open_home(settings: Settings, network: Network) -> AsyncIterator[Home]:
    """Found a node, serve it on a free port and work its queues until the test ends. The database is open."""
    await foundation.lay(settings, Description(name="Home of the test"), now=network.now())
    node = assemble(settings, name="Home of the test")
    await node.registry.refresh()
    stop = asyncio.Event()
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(
        serve(web_of(node), settings, stop, started=lambda host, port: listening.set_result(port))
    )
    workers = asyncio.create_task(work(node, stop))
    try:
        async with asyncio.timeout(SECONDS):
            waiting: list[asyncio.Future[Any]] = [server, listening]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        network.place(HOME, listening.result())
        yield Home(node, network, settings.public_url.rstrip("/"))
    finally:
        stop.set()
        await asyncio.gather(server, workers)
        await node.surroundings.client.aclose()
