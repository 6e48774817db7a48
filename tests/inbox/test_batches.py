"""Many at once means the same as one after another, whatever comes in which order. R-03, R-10, F-16."""

import logging
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from tortoise.context import TortoiseContext

from inbox import store, worker
from inbox.store import Incoming
from node.clock import Clock
from node.community import foreign_actors, posts
from node.community.posts import PostDraft
from node.database import close_database, open_database, rows, using
from node.models import Actor, Follow, FollowState
from node.serving.assembly import Node, assemble
from tests.clock import START, FakeClock
from tests.databases import MODULES, settings_for
from tests.inbox.mixes import FOLLOWED, PEOPLE, Place, mix
from tests.peers.actors import Json
from tests.standing import BASE

TABLES = (
    *("received_activity", "post", "mention", "hashtag", "attachment", "search_entry", "liking", "boost", "reaction"),
    *("notification", "follow", "former_follow", "gone_object", "host", "avoidance", "poll", "vote", "quote", "job"),
)
NUMBERS = frozenset({"id", "fence", "key", "payload"})
"""What depends on the order of writing and means nothing."""
SEEN = (
    *("post", "mention", "hashtag", "search_entry", "liking", "boost", "reaction"),
    *("notification", "gone_object", "quote", "avoidance", "poll"),
)
"""The mixes are worth something: there are rows of these in the end."""
ROUNDS, ACTIVITIES = 3, 50
Rows = dict[str, list[str]]


@asynccontextmanager
async def opened(file: Path, folder: Path, clock: FakeClock) -> AsyncIterator[tuple[TortoiseContext, Node]]:
    """Open a node of its own, on a copy of `file`, for the code inside `using`."""
    folder.mkdir()
    shutil.copyfile(file, folder / "talanoa.db")
    settings = settings_for(folder, PUBLIC_URL=BASE, DEVELOPMENT="true")
    context = await open_database(settings, MODULES, everywhere=False)
    node = assemble(settings, name="Home", clock=clock)
    try:
        with using(context):
            await node.registry.refresh()
        yield context, node
    finally:
        await node.surroundings.client.aclose()
        await close_database(context)


async def furnished() -> Place:
    """Let people be known, one of them followed, and two posts stand."""
    amina = await Actor.get(local_name="amina")
    actors = {each.uri: await foreign_actors.remember(each, now=START) for each in PEOPLE}
    followed = actors[FOLLOWED.uri]
    await Follow.create(follower=amina, target=followed, state=FollowState.ACCEPTED, created_at=START)
    ours = [await posts.publish(PostDraft(text=text), author=amina, now=START) for text in ("One?", "Two?")]
    return Place(tuple(post.uri for post in ours), amina.uri, f"{BASE}/ap/g/practices")


async def come_in(activities: list[tuple[str, Json]], clock: Clock) -> None:
    """Let activities be kept as the door keeps them."""
    for author, told in activities:
        origin = author.rsplit("/users/", 1)[0]
        body = orjson.dumps(told)
        kept = Incoming(
            origin, str(told["id"]), author, author, str(told["type"]), "/ap/inbox", body, received_at=clock.now()
        )
        await store._insert([kept])


async def stand() -> Rows:
    """Return all rows of all tables that activities change, without their numbers."""
    return {table: sorted(_told(row) for row in await rows(f"SELECT * FROM {table}")) for table in TABLES}


def _told(row: Mapping[str, object]) -> str:
    return str([(name, value) for name, value in row.items() if name not in NUMBERS])


async def left_by(node: Node, at_once: int, activities: list[tuple[str, Json]], patch: pytest.MonkeyPatch) -> Rows:
    """Apply activities, so many at once; return all that stands then."""
    patch.setattr(worker, "AT_ONCE", at_once)
    await come_in(activities, node.bench.clock)
    while await worker.step(node.bench):
        pass
    assert not node.bench.reading
    return await stand()


async def test_a_batch_leaves_the_same_as_its_activities_one_by_one(
    founded: Path, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything that was written is compared after each mix; the next one meets what the last one left."""
    caplog.set_level(logging.INFO, "talanoa.inbox")
    async with opened(founded, tmp_path / "first", clock) as (context, _node):
        with using(context):
            place = await furnished()
    first = tmp_path / "first" / "talanoa.db"
    async with opened(first, tmp_path / "a", clock) as together, opened(first, tmp_path / "b", clock) as alone:
        for number in range(ROUNDS):
            clock.advance(600)
            activities = mix(ACTIVITIES, replace(place, mixed=number))
            with using(together[0]):
                found = await left_by(together[1], 100, activities, monkeypatch)
            with using(alone[0]):
                expected = await left_by(alone[1], 1, activities, monkeypatch)
            assert found == expected, f"mix {number}"
    assert [table for table in SEEN if not expected[table]] == []
    assert "rolled back" not in caplog.text, "they were applied together"
