"""The made-up network: told once, in three languages, by people on hosts that can't exist."""

from collections import Counter

from node.clock import SystemClock
from node.community import library, timelines
from node.community.library import EventFilter, Which
from node.community.node_profile import Description
from node.community.visibility import ANONYMOUS
from node.models import Actor, Event, Like, Member, Post, Practice
from node.serving import demo, foundation
from node.settings import Settings
from outbox.models import Delivery

NOW = SystemClock().now()
TABLES = (Actor, Event, Like, Member, Post, Practice, Delivery)


async def numbers() -> list[int]:
    """Count the rows of each table."""
    return [await table.all().count() for table in TABLES]


async def test_a_second_time_nothing_is_told(node_database: Settings) -> None:
    await foundation.lay(node_database, Description(name="Try"), now=NOW)

    first = await demo.fill(node_database, now=NOW)
    told = await numbers()
    second = await demo.fill(node_database, now=NOW)

    assert (first, second) == (True, False)
    assert await numbers() == told


async def test_visitors_find_records_events_posts_and_answers_in_three_languages(node_database: Settings) -> None:
    await foundation.lay(node_database, Description(name="Try"), now=NOW)

    await demo.fill(node_database, now=NOW)

    records = (await library.practices(ANONYMOUS)).items
    coming = (await library.events(ANONYMOUS, now=NOW)).items
    past = (await library.events(ANONYMOUS, EventFilter(which=Which.PAST), now=NOW)).items
    assert await Member.all().count() == 8
    assert Counter(each.language for each in records) == {"en": 3, "fr": 2, "ar": 1}
    assert "failed" in {each.outcome for each in await Practice.all()}
    assert (len(coming), len(past)) == (3, 1)
    assert len((await timelines.local(ANONYMOUS)).items) > 10
    assert await Post.filter(is_local=False).count() == 3
    hosts = await Actor.filter(is_local=False).distinct().values_list("host", flat=True)
    assert all(str(host).endswith(".example") for host in hosts)
