"""The counts behind `talanoa queue`, on both databases."""

from node.clock import SystemClock
from node.community import node_actors
from node.queue_desk import count
from node.settings import Settings
from outbox import backlog as outgoing
from tests.node.test_queue_desk import LATER, NOW, something_waits


async def test_both_databases_count_alike(database: Settings) -> None:
    await node_actors.ensure_node_actors("https://home.example", now=SystemClock().now())
    await something_waits()

    found = await count()
    tried = await outgoing.retry(now=NOW)

    assert found.outgoing.states == {"pending": 1, "held": 1}
    assert [(each.host, each.number, each.due_at, each.reason) for each in found.outgoing.hosts] == [
        ("bad.example", 1, LATER, "answered 502"),
        ("far.example", 1, LATER, "answered 502"),
    ]
    assert (found.incoming.states, found.jobs, found.is_held) == ({"dead": 1}, {"fetch": {"dead": 1}}, False)
    assert tried == 1
