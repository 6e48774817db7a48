"""talanoa dead, received, hosts, actor: read, retry, discard; retry, forget; refresh, suspend, lift, purge."""

import json
from typing import Any

from inbox.models import ReceivedActivity, ReceivedState
from node.clock import SystemClock
from node.community import foreign_actors, members
from node.community.members import NewMember
from node.models import Actor, ActorState, Host, Job, JobState, Role
from tests.node.community.people import BERTA
from tests.operators import Operator

NOW = SystemClock().now()


async def trouble() -> None:
    """Put a dead activity, a dead job, an account elsewhere and a moderator into the node."""
    await foreign_actors.remember(BERTA, now=NOW)
    await members.add(NewMember("mona", "Mona", role=Role.MODERATOR), base="https://home.example", now=NOW)
    await Host.filter(name="far.example").update(failures=3, last_error="answered 502")
    await Job.create(kind="mail", key="x", due_at=NOW, created_at=NOW, state=JobState.DEAD, attempts=5, reason="gone")
    await ReceivedActivity.create(
        actor_origin="https://far.example",
        activity_uri="https://far.example/a/1",
        actor_uri=BERTA.uri,
        type="Create",
        signer_uri=BERTA.uri,
        body=b'{"type": "Create"}',
        received_at=NOW,
        due_at=NOW,
        state=ReceivedState.DEAD,
        reason="no author",
    )


def told(operator: Operator, *words: str) -> Any:
    """Return the JSON answer of a command."""
    return json.loads(operator.types(*words, "--json").output)


def test_what_was_given_up_is_listed_read_tried_and_discarded(operator: Operator) -> None:
    assert operator.types("dead").output == "Nothing was given up.\n"
    operator.knows(trouble)

    listed = told(operator, "dead")
    number = listed["received"][0]["id"]
    shown = told(operator, "dead", "show", "received", str(number))
    found = told(operator, "received", "https://far.example/a/1")
    again = told(operator, "dead", "retry", "received", str(number))
    discarded = told(operator, "dead", "discard", "job", "--all")

    assert (listed["received"][0]["reason"], listed["jobs"][0]["reason"]) == ("no author", "gone")
    assert (shown["body"], shown["state"]) == ('{"type": "Create"}', "dead")
    assert [each["id"] for each in found] == [number]
    assert (again["state"], discarded["discarded"]) == ("pending", 1)
    assert told(operator, "dead") == {"received": [], "jobs": [], "deliveries": []}
    assert operator.types("dead", "retry", "received", str(number)).exit_code == 1
    assert operator.types("received", "https://far.example/none").exit_code == 1
    assert operator.types("dead", "discard", "job").exit_code == 2


def test_hosts_are_listed_tried_and_forgotten(operator: Operator) -> None:
    operator.knows(trouble)

    listed = told(operator, "hosts")
    forgotten = told(operator, "hosts", "forget", "far.example")

    assert [(each["name"], each["failures"], each["last_error"]) for each in listed] == [
        ("far.example", 3, "answered 502")
    ]
    assert told(operator, "hosts", "retry", "far.example") == {"host": "far.example", "deliveries": 0}
    assert forgotten == {"host": "far.example", "forgotten": True}
    assert told(operator, "hosts", "show", "far.example")["failures"] == 0
    assert operator.types("hosts", "show", "never.example").exit_code == 1


def test_an_account_is_suspended_purged_and_lifted(operator: Operator) -> None:
    operator.knows(trouble)
    handle = "@berta@far.example"

    refused = operator.types("actor", "purge", handle, "--yes")
    operator.types("actor", "suspend", handle, "--by", "mona", "--code", "spam", "--reason", "Advertising")
    shown = told(operator, "actor", "show", handle)
    counted = told(operator, "actor", "purge", handle)
    begun = operator.types("actor", "purge", handle, "--yes")
    lifted = operator.types("actor", "lift", handle, "--by", "mona")
    refreshed = told(operator, "actor", "refresh", handle)

    assert (refused.exit_code, begun.exit_code, lifted.exit_code) == (1, 0, 0)
    assert (shown["subject"]["is_suspended"], counted["held"]) == (True, 0)
    assert refreshed == {"uri": BERTA.uri, "state": "queued"}
    assert operator.types("actor", "show", "@nobody@far.example").exit_code == 1
    assert operator.types("actor", "suspend", handle, "--by", "nobody").exit_code == 1

    async def state() -> None:
        assert (await Actor.get(uri=BERTA.uri)).state is ActorState.ACTIVE

    operator.knows(state)
