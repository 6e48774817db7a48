"""F-17, R-02, R-03: the Nth statement of the database fails, for every N until a run has no such statement.

What was answered 202 has its row; what was not is repeated; in the end each activity has its effects once.
"""

import logging
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiosqlite
import pytest
from tortoise.exceptions import OperationalError

from inbox import errands
from inbox import worker as inbox_worker
from inbox.models import ReceivedActivity
from node.errors import Unavailable
from node.models import JournalEntry, Notification, Post
from outbox import bridge
from outbox.models import Delivery, PublishedActivity
from tests.faults.runs.accounts import FOLLOW, REPLY, Balance, balance
from tests.faults.runs.report import Line, Report
from tests.peers.actors import Json, PeerActor
from tests.standing import Company, Standing

COUNTED = frozenset({"execute", "executemany", "commit", "_execute_fetchall", "_execute_insert"})
MOST = 400
LEASE_SECONDS = 61
ROUNDS = 12


@dataclass
class Failing:
    """Lets one statement of the database fail.

    Args:
        left: statements until it fails; None for never.
    """

    left: int | None = None

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand between the node and SQLite."""
        real: Callable[..., Awaitable[Any]] = aiosqlite.Connection._execute

        async def counted(connection: aiosqlite.Connection, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
            if self.left is not None and getattr(call, "__name__", "") in COUNTED:
                self.left -= 1
                if self.left == 0:
                    raise sqlite3.OperationalError("disk I/O error")
            return await real(connection, call, *args, **named)

        monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)

    @property
    def has_failed(self) -> bool:
        """Tell whether the statement has failed."""
        return self.left is not None and self.left <= 0


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Failing]:
    """Return the fault, not switched on; what the workers log of it is not shown."""
    made = Failing()
    made.patch(monkeypatch)
    logging.disable(logging.CRITICAL)
    yield made
    logging.disable(logging.NOTSET)


async def work(home: Standing) -> None:
    """Let each worker do one round; one that meets the fault is ended by it, as its loop would note and go on."""
    steps: tuple[Callable[[], Awaitable[int]], ...] = (
        lambda: inbox_worker.step(home.node.bench),
        lambda: errands.step(home.node.bench),
        lambda: bridge.step(home.node.bridge),
        home.node.worker.step,
    )
    for step in steps:
        with suppress(OperationalError, sqlite3.OperationalError, Unavailable):
            await step()
    await inbox_worker.settle(home.node.bench)
    await home.node.worker.settle()


async def until_rest(home: Standing) -> None:
    """Work on, leases ending and waits passing, until nothing is pending."""
    for _ in range(ROUNDS):
        await work(home)
        pending = await ReceivedActivity.filter(state="pending").count()
        pending += await Delivery.filter(state="pending").count()
        if not pending and not await bridge.step(home.node.bridge):
            return
        home.clock.advance(LEASE_SECONDS)
    raise AssertionError("it never comes to rest")


async def one_run(home: Standing, company: Company, made: tuple[PeerActor, Json], failing: Failing, nth: int) -> bool:
    """Post and work while the `nth` statement fails; then without the fault. Return whether it was reached."""
    actor, activity = made
    failing.left = nth
    reply = await home.post(company.good, activity, actor)
    await work(home)
    await work(home)
    was_reached = failing.has_failed
    failing.left = None
    assert reply.status in (202, 503), reply
    rows = await ReceivedActivity.filter(activity_uri=str(activity["id"])).count()
    assert reply.status != 202 or rows == 1, f"acknowledged without a row, statement {nth}"
    if reply.status != 202:
        assert (await home.post(company.good, activity, actor)).status == 202
    home.clock.advance(LEASE_SECONDS)
    await until_rest(home)
    return was_reached


def follow(home: Standing, company: Company, actor: PeerActor) -> Json:
    """Return a Follow of the member, each with its own id."""
    return company.good.activity("Follow", actor, home.amina.actor.uri)


def reply(home: Standing, company: Company, actor: PeerActor) -> Json:
    """Return an answer that names the member."""
    tag = [{"type": "Mention", "href": home.amina.actor.uri, "name": "@amina"}]
    note = company.good.note(actor, "<p>Yes.</p>", cc=[home.amina.actor.uri]) | {"tag": tag}
    return company.good.activity("Create", actor, note)


async def effects(kind: str, activity: Json) -> tuple[int, ...]:
    """Return how often each effect of an activity is there."""
    received = await ReceivedActivity.filter(activity_uri=str(activity["id"]), state="done").count()
    if kind == REPLY:
        uri = activity["object"]["id"]
        notices = await Notification.filter(object_uri=uri).count()
        return received, await Post.filter(uri=uri).count(), notices
    entries = await JournalEntry.filter(fact="FollowAccepted").values_list("payload", flat=True)
    bodies = await PublishedActivity.filter(type="Accept").values_list("body", flat=True)
    accepted = Counter(str(entry["activity_uri"]) for entry in entries)  # type: ignore[call-overload]
    told = sum(f'"{activity["id"]}"' in str(body) for body in bodies)
    return received, accepted[str(activity["id"])], told


@pytest.mark.parametrize("kind", [FOLLOW, REPLY])
async def test_whichever_statement_fails_nothing_acknowledged_is_lost_and_nothing_done_twice(
    kind: str, company: Company, failing: Failing, report: Report
) -> None:
    home = company.home
    actor = company.good.actor("berta")
    make = follow if kind == FOLLOW else reply
    assert (await home.post(company.good, follow(home, company, actor), actor)).status == 202
    await until_rest(home)

    ledger, counted = {}, {}
    for nth in count(1):
        assert nth < MOST, "a run never ends without the fault"
        activity = make(home, company, actor)
        was_reached = await one_run(home, company, (actor, activity), failing, nth)
        ledger[str(activity["id"])] = kind
        counted[str(activity["id"])] = await effects(kind, activity)
        if not was_reached:
            break

    assert balance(ledger, counted) == Balance(len(ledger))
    assert len(ledger) > 30, "too few statements were seen"
    sent = [entry.raw for entry in company.good.of_type("Accept")]
    assert len({entry.activity["id"] for entry in company.good.of_type("Accept")}) == len(set(sent))
    tried = f"{kind}: each of {len(ledger) - 1} statements"
    report.note(Line("F-17 the Nth statement fails", "SQLite", tried, len(ledger)))
