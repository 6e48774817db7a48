"""The node that is measured: founded with one member, whom a person elsewhere answers and two hundred hosts follow."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from node.clock import SystemClock
from node.community import actor_keys, foreign_actors, foreign_posts, members, posts, practices
from node.community.foreign_actors import ForeignActor, ForeignKey
from node.community.foreign_posts import ForeignPost
from node.community.members import NewMember
from node.community.node_profile import Description
from node.community.posts import PostDraft
from node.community.practice_rules import Organization, PracticeDraft
from node.database import close_database, open_database, rows, using
from node.models import Actor, ActorKind, Follow, FollowState, KeyKind, Role
from node.schema import migrate
from node.serving import foundation
from node.serving.assembly import assemble
from node.serving.loops import equip
from node.serving.running import MODULES
from node.settings import Settings, load
from tests.bench import sender
from tests.bench.load import LOOPBACK
from tests.bench.processes import Running, free_port, running
from tests.peers.keys import pem_of

HOME = "home.test"
BASE = f"http://{HOME}"
HOSTS = 200
ANSWERS = 200
MEMBER = f"{BASE}/ap/u/amina"
PAUSE_SECONDS = 0.02
WAITING = "SELECT count(*) FROM received_activity WHERE state = 'pending'"
LONGEST_SECONDS = 600.0
RAISED = {
    "INBOX_RATE": "1000000",
    "INBOX_DAILY_ACTIVITIES": "100000000",
    "INBOX_DAILY_MIB": "1000000",
    "INBOX_BURST": "1000000",
    "INBOX_WAITING": "1000000",
    "PAGE_RATE": "1000000",
    "PAGE_BURST": "1000000",
    "CONNECTIONS_PER_ADDRESS": "1000",
}
"""Everything comes from one address and one host here; a node's own limits are for many."""


@dataclass
class Ground:
    """A founded node; `question` is the id of the member's post, `record` that of a practice record.

    Args:
        receiver_port: where all made-up hosts are reached.
        key: of the person elsewhere.
        database_url: of an empty PostgreSQL database; empty for SQLite in `folder`.
    """

    folder: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    receiver_port: int = field(default_factory=free_port)
    key: RSAPrivateKey = field(default_factory=sender.new_key)
    question: str = ""
    record: str = ""
    used: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """Return the node's settings as an operator writes them."""
        hosts = ",".join(f"{host}={LOOPBACK}:{self.receiver_port}" for host in host_names())
        given = RAISED | {
            "PUBLIC_URL": BASE,
            "DEVELOPMENT": "true",
            "LISTEN": f"{LOOPBACK}:{self.port}",
            "DATA_DIR": str(self.folder),
            "SECRET_KEY": "a secret that only the bench knows, 32 or more",
            "ALLOWED_NETWORKS": "127.0.0.0/8",
            "STATIC_HOSTS": hosts,
        }
        if self.database_url:
            given["DATABASE_URL"] = self.database_url
        return {f"TALANOA_{name}": value for name, value in given.items()}

    @property
    def settings(self) -> Settings:
        """Return the same as the node reads it."""
        return load(self.environment, {})

    @contextmanager
    def node(self, part: str) -> Iterator[Running]:
        """Run `talanoa run`, `web` or `work` until the block ends."""
        log = self.folder / "log"
        with running(["node", part], self.port, log, self.environment) as found:
            yield found

    def requests(self, number: int) -> list[bytes]:
        """Return signed answers to the question that were never sent before."""
        numbers = range(self.used, self.used + number)
        self.used += number
        return sender.prebuilt(
            numbers,
            key=self.key,
            answered=self.question,
            mentioned=MEMBER,
            when=datetime.now(UTC).replace(microsecond=0),
        )

    def count(self, sql: str) -> int:
        """Return the number that a query gives, read beside the running node."""
        if self.database_url:
            return asyncio.run(self._count(sql))
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
            return int(database.execute(sql).fetchone()[0])

    async def _count(self, sql: str) -> int:
        async with self.opened():
            return int(str(next(iter((await rows(sql))[0].values()))))

    def wait_for_none(self, sql: str) -> float:
        """Return the moment at which a count has become 0."""
        deadline = time.monotonic() + LONGEST_SECONDS
        while self.count(sql):
            if time.monotonic() > deadline:
                raise TimeoutError(sql)
            time.sleep(PAUSE_SECONDS)
        return time.time()

    def publish(self, text: str) -> float:
        """Let the member publish, as another process on the node's machine does; return when it was committed."""
        return asyncio.run(self._publish(text))

    async def _publish(self, text: str) -> float:
        async with self.opened():
            amina = await Actor.get(local_name="amina")
            await posts.publish(PostDraft(text), author=amina, now=SystemClock().now())
            return time.time()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Let the code inside use the node's database."""
        context = await open_database(self.settings, MODULES, everywhere=False)
        try:
            with using(context):
                yield
        finally:
            await close_database(context)

    @property
    def _database(self) -> Path:
        return Path(self.settings.database_url.removeprefix("sqlite:///"))


def host_names() -> list[str]:
    """Return the made-up hosts."""
    return [f"host{number:03}.test" for number in range(HOSTS)]


def founded(folder: Path, database_url: str = "") -> Ground:
    """Return a node with everything that is measured on it; not started."""
    made = Ground(folder, database_url)
    asyncio.run(_found(made))
    return made


async def _found(made: Ground) -> None:
    settings = made.settings
    await migrate(settings, MODULES, tell=lambda line: None)
    async with made.opened():
        now = SystemClock().now()
        await foundation.lay(settings, Description(name="Home of the bench", languages=("en",)), now=now)
        amina = await members.add(
            NewMember(name="amina", display_name="Amina", role=Role.EDITOR, email="amina@home.test"), base=BASE, now=now
        )
        await actor_keys.add_keys(amina.actor, secret_key=settings.secret_key, now=now)
        node = assemble(settings, name="Home of the bench")
        await equip(node)
        await node.surroundings.client.aclose()
        made.question = (await posts.publish(PostDraft("What do you think?"), author=amina.actor, now=now)).uri
        made.record = (await practices.publish(_record(), by=amina, now=now)).uri
        berta = await foreign_actors.remember(_person(made), now=now)
        await _answer(made, berta, now)


async def _answer(made: Ground, berta: Actor, now: datetime) -> None:
    for number in range(ANSWERS):
        uri = f"{berta.uri}/answers/{number}"
        draft = ForeignPost(
            uri=uri,
            author_uri=berta.uri,
            content_html=f"<p>Early answer {number}. {sender.WORDS * 3}</p>",
            language="en",
            url=uri,
            in_reply_to_uri=made.question,
            published_at=now,
        )
        await foreign_posts.receive(draft, now=now)


async def follow(made: Ground) -> None:
    """Let somebody on each of the made-up hosts follow the member."""
    now = SystemClock().now()
    async with made.opened():
        amina = await Actor.get(local_name="amina")
        for host in host_names():
            uri = f"http://{host}/users/reader"
            draft = ForeignActor(uri=uri, kind=ActorKind.PERSON, name="reader", host=host, inbox_url=f"{uri}/inbox")
            reader = await foreign_actors.remember(draft, now=now)
            await Follow.create(
                follower=reader,
                target=amina,
                state=FollowState.ACCEPTED,
                activity_uri=f"{uri}/follow",
                created_at=now,
                answered_at=now,
            )


def _person(made: Ground) -> ForeignActor:
    key = ForeignKey(sender.KEY_ID, KeyKind.RSA, pem_of(made.key))
    return ForeignActor(
        uri=sender.ACTOR,
        kind=ActorKind.PERSON,
        name="berta",
        host=sender.HOST,
        display_name="Berta",
        inbox_url=f"{sender.ACTOR}/inbox",
        followers_uri=f"{sender.ACTOR}/followers",
        indexable=True,
        keys=(key,),
    )


def _record() -> PracticeDraft:
    return PracticeDraft(
        title="Ward budget hearings by SMS",
        country=("KE",),
        level=("local",),
        start_date="2023-05",
        status="implemented",
        status_date="2024",
        outcome="partial",
        lead_organization=Organization("Nakuru County", "local-government"),
        objective=("participation",),
        theme=("e-participation",),
        sdg=("16.7",),
        channel=("sms-ussd",),
        sections={"problem": "Few people came to the hearings.", "approach": "We asked by SMS before each hearing."},
        evidence_level=2,
        language="en",
    )
