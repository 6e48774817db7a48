"""talanoa queue: what waits and why; release after a restore; another try."""

from datetime import timedelta

from inbox.models import ReceivedActivity, ReceivedState
from node.clock import SystemClock
from node.community import actors
from node.models import Host, Job, JobState, NodeProfile, Visibility
from outbox.models import Delivery, DeliveryState, PublishedActivity
from tests.operators import Operator

NOW = SystemClock().now()
LATER = NOW + timedelta(hours=4)


async def something_waits() -> None:
    """Put a delivery that failed, one that policy holds, a dead activity and a dead job into the queues."""
    actor = await actors.local("network")
    for number, (host, state) in enumerate((("far.example", "pending"), ("bad.example", "held")), start=1):
        activity = await PublishedActivity.create(
            uri=f"https://home.example/ap/a/{number}",
            public_id=f"{number:026}",
            actor=actor,
            type="Create",
            object_uri="https://home.example/ap/n/1",
            visibility=Visibility.PUBLIC,
            body="{}",
            created_at=NOW,
        )
        await Delivery.create(
            activity=activity,
            inbox_url=f"https://{host}/inbox",
            host=host,
            sender_id=actor.id,
            ordering_key="https://home.example/ap/n/1",
            state=DeliveryState(state),
            due_at=LATER,
            attempts=3,
            reason="answered 502",
            created_at=NOW - timedelta(days=3),
        )
    await Host.create(name="far.example", first_seen_at=NOW, failures=6, open_until=LATER)
    await Job.create(kind="fetch", key="x", due_at=NOW, created_at=NOW, state=JobState.DEAD, attempts=5, reason="gone")
    await ReceivedActivity.create(
        actor_origin="https://far.example",
        activity_uri="https://far.example/1",
        actor_uri="https://far.example/u",
        type="Create",
        signer_uri="https://far.example/u",
        body=b"{}",
        received_at=NOW,
        due_at=NOW,
        state=ReceivedState.DEAD,
        attempts=5,
    )


def test_empty_queues_are_said_to_be_empty(operator: Operator) -> None:
    assert operator.types("queue").output == "Deliveries: none\nReceived: none\n"


def test_it_shows_what_waits_for_whom_how_long_and_why(operator: Operator) -> None:
    operator.knows(something_waits)

    printed = operator.types("queue").output
    said = operator.gets("queue")

    assert "Deliveries: 1 held, 1 pending; the oldest waits for 3 d" in printed
    assert "far.example: 1 waiting, oldest 3 d, next try in 3 h: answered 502" in printed
    assert "Received: 1 dead" in printed
    assert "Jobs, fetch: 1 dead" in printed
    assert (said["outgoing"]["states"], said["is_held"]) == ({"pending": 1, "held": 1}, False)


def test_another_try_lets_hold_what_policy_holds(operator: Operator) -> None:
    operator.knows(something_waits)

    said = operator.gets("queue", "retry")

    assert said == {"deliveries": 1, "received": 1, "jobs": 1}
    rows = operator.knows(lambda: Delivery.all().order_by("id"))
    host = operator.knows(lambda: Host.get(name="far.example"))
    assert [(row.state, row.due_at < LATER) for row in rows] == [("pending", True), ("held", False)]
    assert (host.open_until, host.failures) == (None, 0)


def test_another_try_for_one_host_leaves_the_rest_alone(operator: Operator) -> None:
    operator.knows(something_waits)

    assert operator.gets("queue", "retry", "--host", "other.example") == {"deliveries": 0, "received": 0, "jobs": 0}
    assert operator.gets("queue", "retry", "--host", "FAR.example")["deliveries"] == 1


def test_what_a_restore_holds_is_released_once(operator: Operator) -> None:
    operator.knows(lambda: NodeProfile.filter(id=1).update(deliveries_held=True))
    assert "everything is held until you say `talanoa queue release`" in operator.types("queue").output

    first = operator.gets("queue", "release")
    second = operator.gets("queue", "release")

    assert (first, second) == ({"released": True}, {"released": False})
    assert "held" not in operator.types("queue").output
