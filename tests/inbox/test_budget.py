"""No host takes the door for itself: a budget a host, paid by what was proven. T-29, A-23."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from federation.errors import NotFound, Unauthenticated
from inbox import budget as budget_module
from inbox import lookups
from inbox.budget import NAMED_FACTOR, Budget
from inbox.keys import NEW_HOSTS_AN_HOUR, KeyRing
from inbox.models import ReceivedActivity
from node.errors import TooMany
from node.models import FailedLookup
from node.settings import Settings
from tests.clock import FakeClock
from tests.peers import cavage
from tests.peers.actors import PeerActor
from tests.peers.flavours import MASTODON
from tests.peers.peer import Peer
from tests.peers.values import Reply
from tests.standing import BASE, INBOXES, Company, standing_among

BURST = 3


def brought(budget: Budget, host: str, *, at: float = 0.0, is_named: bool = False) -> int:
    """Return how many activities `host` can bring at this moment."""
    number = 0
    while True:
        try:
            budget.require(host, is_named=is_named, at=at)
        except TooMany:
            return number
        budget.spend(host, is_named=is_named, at=at)
        number += 1


def test_a_host_without_anything_left_is_told_when_to_come_again() -> None:
    budget = Budget(rate=0.5, burst=2)
    assert brought(budget, "loud.example") == 2

    with pytest.raises(TooMany) as refused:
        budget.require("loud.example", is_named=False, at=0.5)

    assert refused.value.retry_after == 2
    assert brought(budget, "loud.example", at=2.0) == 1


def test_a_loud_host_takes_nothing_from_a_quiet_one() -> None:
    budget = Budget(rate=1, burst=5)

    assert (brought(budget, "loud.example"), brought(budget, "quiet.example")) == (5, 5)


def test_a_host_that_saves_up_never_has_more_than_the_burst() -> None:
    budget = Budget(rate=10, burst=5)
    brought(budget, "a.example")

    assert (brought(budget, "a.example", at=0.2), brought(budget, "a.example", at=9_000.0)) == (2, 5)


def test_a_host_that_policy_names_has_ten_times_the_budget() -> None:
    budget = Budget(rate=1, burst=2)

    assert [brought(budget, "friend.example", at=at, is_named=True) for at in (0.0, 1.0)] == [20, NAMED_FACTOR]


def test_what_was_under_way_at_once_is_paid_back() -> None:
    budget = Budget(rate=1, burst=2)
    for _ in range(6):
        budget.spend("fast.example", is_named=False, at=0.0)

    assert [brought(budget, "fast.example", at=at) for at in (4.0, 5.0)] == [0, 1]


def test_no_more_hosts_are_remembered_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget_module, "MOST_HOSTS", 2)
    budget = Budget(rate=0.001, burst=1)

    found = [brought(budget, host) for host in ("a.example", "b.example", "c.example", "c.example", "a.example")]

    assert found == [1, 1, 1, 0, 1]


@pytest.fixture
async def frugal(founded: Path, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Company]:
    """Return a standing node that takes three activities at once from a host, one more every second."""
    hosts = dict.fromkeys(("good.test", "evil.test", "third.test"), MASTODON)
    limits = {"INBOX_RATE": "1", "INBOX_BURST": str(BURST)}
    async with standing_among(hosts, founded, tmp_path, clock, **limits) as (home, peers):
        yield Company(home, *peers.values())


async def post(company: Company, peer: Peer, actor: PeerActor) -> Reply:
    return await company.home.post(peer, peer.activity("Follow", actor, f"{BASE}/ap/g/practices"), actor)


async def test_over_its_budget_a_host_gets_429_and_the_others_are_taken_in(frugal: Company) -> None:
    eve, berta = frugal.evil.actor("eve"), frugal.good.actor("berta")
    answers = [await post(frugal, frugal.evil, eve) for _ in range(BURST + 2)]

    assert [answer.status for answer in answers] == [202] * BURST + [429] * 2
    assert answers[-1].headers["retry-after"] == "1"
    assert (await post(frugal, frugal.good, berta)).status == 202
    assert await ReceivedActivity.all().count() == BURST + 1
    frugal.home.clock.advance(1)
    assert [(await post(frugal, frugal.evil, eve)).status for _ in range(2)] == [202, 429]


async def test_over_its_budget_no_key_of_a_host_is_looked_up(frugal: Company) -> None:
    eve, other = frugal.evil.actor("eve"), frugal.evil.actor("mallory")
    for _ in range(BURST):
        await post(frugal, frugal.evil, eve)
    before = list(frugal.evil.requests)

    assert (await post(frugal, frugal.evil, other)).status == 429

    assert frugal.evil.requests == before


async def test_nobody_spends_the_budget_of_another_host_by_naming_its_key(frugal: Company) -> None:
    berta, eve = frugal.good.actor("berta"), frugal.evil.actor("eve")
    assert (await post(frugal, frugal.good, berta)).status == 202
    forged = frugal.home.message(frugal.good.activity("Follow", berta, f"{BASE}/ap/g/practices"))
    style = frugal.good.flavour.style
    message = cavage.signed(forged, eve.rsa, key_id=berta.key_id, when=frugal.home.now, style=style)

    statuses = [(await frugal.evil.send(message)).status for _ in range(BURST * 2)]

    assert set(statuses) == {401}
    assert (await post(frugal, frugal.good, berta)).status == 202


async def test_a_host_with_an_entry_brings_ten_times_as_much(frugal: Company) -> None:
    await frugal.home.decide("T4", "good.test")
    berta = frugal.good.actor("berta")

    statuses = [(await post(frugal, frugal.good, berta)).status for _ in range(BURST * NAMED_FACTOR + 1)]

    assert statuses == [202] * BURST * NAMED_FACTOR + [429]


class Nowhere:
    """Fetches nothing; counts what it is asked."""

    asked = 0

    async def owner_of_key(self, key_id: str, **_named: object) -> None:
        self.asked += 1
        raise NotFound(key_id)


async def test_of_all_hosts_below_a_wildcard_only_so_many_are_asked_in_an_hour_v_m17(
    node_database: Settings, clock: FakeClock
) -> None:
    nowhere = Nowhere()
    ring = KeyRing(cast("Any", nowhere), jitter=lambda: 0.0)

    async def met(host: str) -> bool:
        try:
            await ring.find(f"https://{host}/users/x#main-key", now=clock.now())
        except TooMany:
            return False
        except Unauthenticated:
            pass
        return True

    found = [await met(f"a{number}.evil.example") for number in range(NEW_HOSTS_AN_HOUR + 20)]

    assert found == [True] * NEW_HOSTS_AN_HOUR + [False] * 20
    assert nowhere.asked == NEW_HOSTS_AN_HOUR
    assert await FailedLookup.all().count() == NEW_HOSTS_AN_HOUR
    assert await met("other.example")
    clock.advance(3600)
    await lookups.sweep(now=clock.now())
    assert await met("b.evil.example")


@pytest.mark.parametrize("inbox", INBOXES)
async def test_a_newcomer_of_a_site_that_had_too_many_is_told_to_come_later_v_m17(
    founded: Path, tmp_path: Path, clock: FakeClock, inbox: str
) -> None:
    hosts = dict.fromkeys(("a.evil.test", "b.evil.test"), MASTODON)
    async with standing_among(hosts, founded, tmp_path, clock) as (home, peers):
        home.node.reception.keys._newcomers = Budget(rate=1 / 36, burst=1)
        first, second = (peer.actor("eve") for peer in peers.values())
        a, b = peers.values()

        early = await home.post(a, a.activity("Like", first, BASE), first, inbox)
        late = await home.post(b, b.activity("Like", second, BASE), second, inbox)
        known = await home.post(a, a.activity("Like", first, BASE), first, inbox)

    assert [early.status, late.status, known.status] == [202, 429, 202]
    assert (late.headers["retry-after"], b.requests) == ("36", [])
