"""Where the faults happen: a founded node with one member, ready to be started, and the network around it."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from node.clock import SystemClock
from node.community import actor_keys, members, posts
from node.community.members import NewMember
from node.community.node_profile import Description
from node.community.posts import PostDraft
from node.database import close_database, open_database, using
from node.models import Actor, Role
from node.schema import migrate
from node.serving import foundation
from node.serving.assembly import assemble
from node.serving.loops import equip
from node.settings import Settings, load
from tests.databases import MODULES, Cluster, run_apart
from tests.faults.runs.accounts import Ledger
from tests.faults.runs.checker import reading
from tests.faults.runs.driver import BASE, Writer
from tests.faults.runs.nodes import NodeProcess, free_port
from tests.network import Network, open_network
from tests.peers.flavours import MASTODON, Flavour
from tests.peers.peer import Peer
from tests.world import HOME

SECRET = "a secret that only the tests know, 32 or more"


@dataclass
class Ground:
    """A node, its network and the ledger of what it acknowledged.

    Args:
        question: the id of the member's post that others answer.
        writers: who writes to the node.
    """

    node: NodeProcess
    network: Network
    ledger: Ledger
    question: str
    peers: list[Peer] = field(default_factory=list)
    writers: list[Writer] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """Return the settings of the node."""
        return self.node.settings

    async def publish(self, text: str) -> str:
        """Let the member publish a post, as another process on the node's machine does; return its id."""
        async with reading(self.settings):
            return await _publish(text)


def settings_of(folder: Path, network: Network | None = None, **changes: str) -> dict[str, str]:
    """Return the environment of a node whose data are in `folder`."""
    given = {
        "PUBLIC_URL": BASE,
        "DEVELOPMENT": "true",
        "DATA_DIR": str(folder),
        "SECRET_KEY": SECRET,
        "ALLOWED_NETWORKS": "127.0.0.0/8",
        "INBOX_RATE": "1000",
        "INBOX_DAILY_ACTIVITIES": "100000000",
        "INBOX_DAILY_MIB": "1000000",
        "INBOX_BURST": "10000",
        "STATIC_HOSTS": (network.static_hosts_setting() if network else "") or f"{HOME}=127.0.0.1:1",
    }
    return {f"TALANOA_{name}": value for name, value in (given | changes).items()}


async def found(settings: Settings) -> None:
    """Make a node with tables, own actors, pictures and one member, as it is after its first minute."""
    await migrate(settings, MODULES, tell=lambda line: None)
    context = await open_database(settings, MODULES, everywhere=False)
    with using(context):
        try:
            now = SystemClock().now()
            await foundation.lay(settings, Description(name="Home of the test"), now=now)
            new = NewMember(name="amina", display_name="Amina", role=Role.MEMBER, email="amina@home.test")
            member = await members.add(new, base=BASE, now=now)
            await actor_keys.add_keys(member.actor, secret_key=settings.secret_key, now=now)
            node = assemble(settings, name="Home of the test")
            await equip(node)
            await node.surroundings.client.aclose()
        finally:
            await close_database(context)


async def _publish(text: str) -> str:
    amina = await Actor.get(local_name="amina")
    post = await posts.publish(PostDraft(text), author=amina, now=SystemClock().now())
    return post.uri


def found_on_sqlite(folder: Path) -> Path:
    """Return a folder with a founded node; copy it, don't start it."""
    run_apart(found(load(settings_of(folder), {})))
    return folder


async def found_on_postgresql(cluster: Cluster, folder: Path) -> str:
    """Found a node on PostgreSQL, its files in `folder`; return the address of its database."""
    url = cluster.url(await cluster.empty_database())
    await found(load(settings_of(folder, DATABASE_URL=url), {}))
    return url


@asynccontextmanager
async def ground(
    template: Path,
    folder: Path,
    *,
    flavours: Mapping[str, Flavour] | None = None,
    warm: bool = False,
    changes: Mapping[str, str] | None = None,
) -> AsyncIterator[Ground]:
    """Open a network with a node that is not started yet, and with one writer for each peer.

    Args:
        template: the files of a founded node.
        flavours: the peers by host; four like Mastodon unless given.
        changes: settings of the node.
    """
    shutil.copytree(template, folder / "node")
    async with open_network() as network:
        port = free_port()
        network.place(HOME, port)
        hosts = flavours or {f"peer{number}.test": MASTODON for number in range(1, 5)}
        peers = [await network.peer(host, flavour) for host, flavour in hosts.items()]
        environment = settings_of(folder / "node", network, LISTEN=f"127.0.0.1:{port}", **(changes or {}))
        node = NodeProcess(folder / "node", environment, warm=warm)
        ledger = Ledger(folder / "ledger")
        async with reading(node.settings):
            question = await _publish("What do you think?")
        made = Ground(node, network, ledger, question, peers)
        made.writers = [Writer(peer, peer.actor("berta"), ledger, question) for peer in peers]
        try:
            yield made
        finally:
            await node.close()
            ledger.close()
