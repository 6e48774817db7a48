"""No host fills the tables: so many activities and bytes a day, then 429 until the next. T-30."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inbox.budget import NAMED_FACTOR
from inbox.models import ReceivedActivity
from inbox.quota import Quota
from node.errors import TooMany
from tests.clock import FakeClock
from tests.peers.actors import PeerActor
from tests.peers.flavours import MASTODON
from tests.peers.peer import Peer
from tests.peers.values import Reply
from tests.standing import BASE, Company, standing_among

EVENING = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
MOST = 3


def brought(quota: Quota, host: str, *, body_bytes: int = 1, is_named: bool = False, now: datetime = EVENING) -> int:
    """Return how many activities `host` can still bring this day."""
    number = 0
    while True:
        try:
            quota.require(host, is_named=is_named, now=now)
        except TooMany:
            return number
        quota.spend(host, body_bytes, now=now)
        number += 1


def test_a_host_stops_at_its_rows_or_its_bytes_and_harms_no_other() -> None:
    quota = Quota(rows=5, mib=1)

    found = [
        brought(quota, "small.example"),
        brought(quota, "big.example", body_bytes=400_000),
        brought(quota, "c.example"),
    ]

    assert found == [5, 3, 5]


def test_it_is_told_to_come_again_the_next_day_and_may_then() -> None:
    quota = Quota(rows=1, mib=1)
    brought(quota, "loud.example")

    with pytest.raises(TooMany) as refused:
        quota.require("loud.example", is_named=False, now=EVENING)

    assert refused.value.retry_after == 60
    assert brought(quota, "loud.example", now=EVENING + timedelta(minutes=1)) == 1


def test_a_host_that_policy_names_may_bring_ten_times_as_much() -> None:
    assert brought(Quota(rows=2, mib=1), "friend.example", is_named=True) == 2 * NAMED_FACTOR


@pytest.fixture
async def frugal(founded: Path, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Company]:
    """Return a standing node that takes three activities a day from a host."""
    hosts = dict.fromkeys(("good.test", "evil.test", "third.test"), MASTODON)
    limits = {"INBOX_DAILY_ACTIVITIES": str(MOST)}
    async with standing_among(hosts, founded, tmp_path, clock, **limits) as (home, peers):
        yield Company(home, *peers.values())


async def post(company: Company, peer: Peer, actor: PeerActor) -> Reply:
    return await company.home.post(peer, peer.activity("Follow", actor, f"{BASE}/ap/g/practices"), actor)


async def test_over_its_quota_a_host_gets_429_and_no_more_rows(frugal: Company) -> None:
    eve, berta = frugal.evil.actor("eve"), frugal.good.actor("berta")

    answers = [await post(frugal, frugal.evil, eve) for _ in range(MOST + 3)]

    assert [answer.status for answer in answers] == [202] * MOST + [429] * 3
    assert int(answers[-1].headers["retry-after"]) > 60
    assert (await post(frugal, frugal.good, berta)).status == 202
    assert await ReceivedActivity.all().count() == MOST + 1
