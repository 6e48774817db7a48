"""T-97, R-17, F-25: an old backup comes back. Nothing goes out unasked, nothing is numbered twice, nothing is lost."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tortoise.exceptions import IntegrityError

from federation.client import Answer, Signing
from inbox.models import ReceivedActivity
from node import chance
from node.backup import Secret, restore, take
from node.community import node_profile
from node.community.node_profile import Description
from node.database import atomic, close_database, open_database, using
from node.models import Actor, Job, Visibility
from node.policy.registry import Registry
from node.serving import foundation
from node.settings import Settings
from outbox.deliver import Van
from outbox.keys import SigningKeys
from outbox.models import Delivery, DeliveryState, PublishedActivity
from outbox.worker import Worker
from tests.clock import FakeClock
from tests.databases import MODULES

SECRET = Secret.of("correct horse battery")
NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


class Postman:
    """A client that notes where it was sent."""

    def __init__(self) -> None:
        self.posted: list[str] = []

    async def post(self, url: str, body: bytes, *, signing: Signing, admit: Callable[[str], None]) -> Answer:
        """Take it and say thank you."""
        self.posted.append(url)
        return Answer(202)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[None]:
    """Open a node's database for the code inside."""
    context = await open_database(settings, MODULES, everywhere=False)
    try:
        with using(context):
            yield
    finally:
        await close_database(context)


async def publish(number: int, *, now: datetime) -> str:
    """Put one activity into the queue for two servers and return its id."""
    actor = await Actor.filter(is_local=True).order_by("id").first()
    assert actor is not None
    uri = f"https://home.example/ap/a/{chance.public_id(now)}"
    async with atomic():
        activity = await PublishedActivity.create(
            uri=uri,
            public_id=uri.rpartition("/")[2],
            actor=actor,
            type="Create",
            object_uri=f"https://home.example/ap/n/{number}",
            visibility=Visibility.PUBLIC,
            body="{}",
            created_at=now,
        )
        for host in ("one.example", "two.example"):
            await Delivery.create(
                activity=activity,
                inbox_url=f"https://{host}/inbox",
                host=host,
                sender_id=actor.id,
                ordering_key=activity.object_uri,
                due_at=now,
                created_at=now,
            )
    return uri


async def work(settings: Settings, *, now: datetime) -> list[str]:
    """Let the delivery worker do what it would do, and return where it posted."""
    postman, registry = Postman(), Registry(own_host="home.example")
    await registry.refresh()
    keys = SigningKeys(secret_key=settings.secret_key)
    worker = Worker(Van(postman, keys, registry, FakeClock(now), lambda: 0.0), wake=asyncio.Event())
    while await worker.step():
        await worker.settle()
    return sorted(postman.posted)


async def test_a_backup_of_yesterday_sends_nothing_until_an_operator_says_so(
    database_settings: Settings, tmp_path: Path
) -> None:
    settings = database_settings
    async with opened(settings):
        await foundation.lay(settings, Description(name="Home"), now=NOW)
        before = await publish(1, now=NOW)
    taken = take(settings, tmp_path / "backups", SECRET, now=NOW, salt=bytes(16))
    async with opened(settings):
        assert await work(settings, now=NOW) == ["https://one.example/inbox", "https://two.example/inbox"]
        lost = await publish(2, now=NOW)

    restore(settings, taken.path, SECRET, now=LATER, replace=True)

    async with opened(settings):
        assert await work(settings, now=LATER) == []
        assert await Delivery.filter(state=DeliveryState.PENDING, attempts=0).count() == 2
        after = await publish(2, now=LATER)
        assert await work(settings, now=LATER) == []
        assert len({before, lost, after}) == 3
        await node_profile.release_deliveries(now=LATER)
        assert len(await work(settings, now=LATER)) == 4


async def test_what_was_received_before_the_backup_is_known_after_the_restore(
    database_settings: Settings, tmp_path: Path
) -> None:
    settings = database_settings
    async with opened(settings):
        await foundation.lay(settings, Description(name="Home"), now=NOW)
        await receive("https://far.example/likes/1")
    taken = take(settings, tmp_path / "backups", SECRET, now=NOW, salt=bytes(16))

    restore(settings, taken.path, SECRET, now=LATER, replace=True)

    async with opened(settings):
        with pytest.raises(IntegrityError):
            await receive("https://far.example/likes/1")


async def receive(uri: str) -> None:
    """Store one like as it came in."""
    async with atomic():
        await ReceivedActivity.create(
            actor_origin="https://far.example",
            activity_uri=uri,
            actor_uri="https://far.example/u/berta",
            signer_uri="https://far.example/u/berta",
            type="Like",
            body=b"{}",
            received_at=NOW,
            due_at=NOW,
        )


async def test_a_backup_under_load_holds_all_that_was_acknowledged_before_it_began(
    sqlite_template: Path, settings: Settings, tmp_path: Path
) -> None:
    database = settings.data_dir / "talanoa.db"
    database.write_bytes(sqlite_template.read_bytes())
    async with opened(settings):
        await foundation.lay(settings, Description(name="Home"), now=NOW)
    written, ended = [], threading.Event()
    enough = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(database, timeout=10)) as connection:
            number = 0
            while not ended.is_set():
                number += 1
                connection.execute(
                    "INSERT INTO job (kind, key, payload, due_at, fence, attempts, state, reason, created_at)"
                    " VALUES ('load', ?, '{}', ?, 0, 0, 'pending', '', ?)",
                    (str(number), str(NOW), str(NOW)),
                )
                connection.commit()
                written.append(number)
                if number == 50:
                    enough.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert await asyncio.to_thread(enough.wait, 30)
        acknowledged = written[-1]
        taken = await asyncio.to_thread(take, settings, tmp_path / "backups", SECRET, now=NOW, salt=bytes(16))
    finally:
        ended.set()
        writer.join()

    restore(settings, taken.path, SECRET, now=LATER, replace=True)

    async with opened(settings):
        held = {int(job.key) for job in await Job.filter(kind="load")}
    assert held >= set(range(1, acknowledged + 1))
    assert held == set(range(1, max(held) + 1))
