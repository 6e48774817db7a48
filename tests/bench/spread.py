"""The ground of the fan-out: a node with one member whom somebody on each of a thousand made-up hosts follows."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from node.clock import SystemClock
from node.community import actor_keys, members, posts
from node.community.members import NewMember
from node.community.node_profile import Description
from node.community.posts import PostDraft
from node.database import atomic, close_database, execute, execute_many, open_database, rows, using
from node.models import Actor, ActorKind, Follow, FollowState, Role
from node.schema import migrate
from node.serving import foundation
from node.serving.assembly import assemble
from node.serving.loops import equip
from node.serving.running import MODULES
from node.settings import Settings, load
from tests.bench.load import LOOPBACK
from tests.bench.processes import Running, free_port, running

BASE = "http://home.test"
DOMAIN = "many.test"
HOSTS = 1000
LONGEST_SECONDS = 300.0
PAUSE_SECONDS = 0.02
RAISED = {"DELIVERY_CONNECTIONS": "1100"}
"""A node keeps fewer connections open than this bench has hosts."""
UNFINISHED = (
    "SELECT (SELECT count(*) FROM job WHERE state = 'pending' AND kind = 'federate') "
    "+ (SELECT count(*) FROM delivery WHERE state IN ('pending', 'held')) AS number"
)


@dataclass
class Spread:
    """A founded node and the way to its made-up hosts.

    Args:
        folder: of the node; the receiver's file and certificate lie there, too.
        hosts: how many.
        database_url: PostgreSQL; empty for SQLite in the folder.
    """

    folder: Path
    hosts: int = HOSTS
    database_url: str = ""
    port: int = field(default_factory=free_port)
    receiver_port: int = field(default_factory=free_port)

    @property
    def names(self) -> list[str]:
        """Return the made-up hosts."""
        return [f"host{number:05}.{DOMAIN}" for number in range(self.hosts)]

    @property
    def arrivals(self) -> Path:
        """Return where the receiver notes when something came."""
        return self.folder / "arrivals"

    @property
    def environment(self) -> dict[str, str]:
        """Return the node's settings as an operator writes them."""
        given = RAISED | {
            "PUBLIC_URL": BASE,
            "DEVELOPMENT": "true",
            "LISTEN": f"{LOOPBACK}:{self.port}",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": "a secret that only the bench knows, 32 or more",
            "ALLOWED_NETWORKS": "127.0.0.0/8",
            "STATIC_HOSTS": ",".join(f"{host}={LOOPBACK}:{self.receiver_port}" for host in self.names),
        }
        return {f"TALANOA_{name}": value for name, value in given.items() if value}

    @property
    def settings(self) -> Settings:
        """Return the same as the node reads it."""
        return load(self.environment, {})

    @contextmanager
    def node(self, part: str) -> Iterator[Running]:
        """Run `talanoa run`, or `work`, until the block ends; whoever only works says so in no way but by working."""
        trusting = {"SSL_CERT_FILE": str(self.folder / "authority.pem")}
        port = self.receiver_port if part == "work" else self.port
        with running(["node", part], port, self.folder / f"log.{part}", self.environment | trusting) as found:
            yield found

    @contextmanager
    def receiver(self, *, tls: bool) -> Iterator[Running]:
        """Let the made-up hosts answer; with TLS each delivery needs a new connection."""
        told = ["tests.bench.receiver", str(self.receiver_port), str(self.arrivals)]
        told += [str(self.folder)] if tls else []
        with running(told, self.receiver_port, self.folder / "receiver.log") as found:
            yield found

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Let the code inside use the node's database."""
        context = await open_database(self.settings, MODULES, everywhere=False)
        try:
            with using(context):
                yield
        finally:
            await close_database(context)

    async def publish(self, text: str) -> float:
        """Let the member publish, as another process on the node's machine does; return when it was committed."""
        amina = await Actor.get(local_name="amina")
        await posts.publish(PostDraft(text), author=amina, now=SystemClock().now())
        return time.time()

    async def finished(self) -> None:
        """Return when nothing waits any more."""
        deadline = time.monotonic() + LONGEST_SECONDS
        while (await rows(UNFINISHED))[0]["number"]:
            if time.monotonic() > deadline:
                raise TimeoutError("deliveries still wait")
            await asyncio.sleep(PAUSE_SECONDS)

    async def speak(self, scheme: str, *, is_talanoa: bool) -> None:
        """Let all hosts be reached by http or https, and be nodes of our own kind or not."""
        other = "http" if scheme == "https" else "https"
        await execute("UPDATE actor SET inbox_url = replace(inbox_url, ?, ?)", [f"{other}://host", f"{scheme}://host"])
        await execute(
            "UPDATE host SET is_talanoa = ?, signature_scheme = '', nodeinfo_at = ?",
            [is_talanoa, SystemClock().now()],
        )


async def found(made: Spread) -> None:
    """Found the node, let everybody follow, and make the certificates; nothing is started."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(made.folder / "authority.pem")
    authority.issue_cert(f"*.{DOMAIN}").private_key_and_cert_chain_pem.write_to_path(made.folder / "server.pem")
    settings = made.settings
    await migrate(settings, MODULES, tell=lambda line: None)
    async with made.opened():
        now = SystemClock().now()
        await foundation.lay(settings, Description(name="Home of the bench", languages=("en",)), now=now)
        member = NewMember(name="amina", display_name="Amina", role=Role.EDITOR, email="amina@home.test")
        amina = await members.add(member, base=BASE, now=now)
        await actor_keys.add_keys(amina.actor, secret_key=settings.secret_key, now=now)
        node = assemble(settings, name="Home of the bench")
        await equip(node)
        await node.surroundings.client.aclose()
        await _follow(made, amina.actor)


async def _follow(made: Spread, amina: Actor) -> None:
    now = SystemClock().now()
    uris = {host: f"http://{host}/users/reader" for host in made.names}
    people = [
        Actor(
            uri=uri,
            kind=ActorKind.PERSON,
            is_local=False,
            host=host,
            name="reader",
            inbox_url=f"{uri}/inbox",
            created_at=now,
            updated_at=now,
        )
        for host, uri in uris.items()
    ]
    async with atomic():
        await Actor.bulk_create(people, batch_size=200)
        ids = await Actor.filter(uri__in=list(uris.values())).values_list("id", "uri")
        follows = [
            Follow(
                follower_id=number,
                target=amina,
                state=FollowState.ACCEPTED,
                activity_uri=f"{uri}/follow",
                created_at=now,
                answered_at=now,
            )
            for number, uri in ids
        ]
        await Follow.bulk_create(follows, batch_size=200)
        hosts = [(host, now, now, "", "", "", 0, 0, "", False) for host in made.names]
        await execute_many(
            "INSERT INTO host (name, first_seen_at, nodeinfo_at, software, software_version, last_error, failures, "
            "probes, signature_scheme, is_talanoa) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            hosts,
        )
