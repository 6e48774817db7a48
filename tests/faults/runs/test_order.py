"""F-07, R-06: a host takes everything but one activity; that one is parked, the others start in their order.

Two deliveries run at once per host, so that of two neighbours the later may arrive first; it never starts first.
"""

from datetime import timedelta

import pytest
from aiohttp import web

from inbox import worker as inbox_worker
from node.community import posts
from node.community.posts import PostDraft
from outbox import worker as outbox_worker
from outbox.deliver import Van, deliver
from outbox.models import Delivery, DeliveryState
from outbox.parcels import Parcel
from tests.faults.runs.report import Line, Report
from tests.peers.peer import Peer
from tests.standing import Company, Standing

POSTS = 6
WEEK = timedelta(days=8)
STEP_SECONDS = 30


class Picky:
    """An inbox that answers 500 to whatever holds a certain text, and notes the first arrival of everything."""

    def __init__(self, peer: Peer, text: bytes) -> None:
        self.arrived: list[str] = []
        self.refused = 0
        self._text = text
        self._peer = peer
        peer.handlers["/inbox"] = self._take

    async def _take(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if self._text in body:
            self.refused += 1
            return web.Response(status=500)
        self.arrived.append(next(each for each in NAMES if each.encode() in body))
        return web.Response(status=202)


NAMES = [f"Number {number}." for number in range(1, POSTS + 1)]


async def follow(home: Standing, peer: Peer) -> None:
    """Let somebody on the peer follow the member."""
    actor = peer.actor("berta")
    await home.post(peer, peer.activity("Follow", actor, home.amina.actor.uri), actor)
    while await inbox_worker.step(home.node.bench):
        pass
    await home.work()


class Starts:
    """Notes in which order deliveries are begun."""

    def __init__(self) -> None:
        self.ids: list[int] = []

    async def deliver(self, parcel: Parcel, van: Van) -> bool:
        """Note it and go on."""
        self.ids.append(parcel.claim.id)
        return await deliver(parcel, van)


async def test_one_activity_that_a_host_never_takes_delays_no_other(
    company: Company, monkeypatch: pytest.MonkeyPatch, report: Report
) -> None:
    home, peer = company.home, company.good
    starts = Starts()
    monkeypatch.setattr(outbox_worker, "deliver", starts.deliver)
    await follow(home, peer)
    picky = Picky(peer, NAMES[1].encode())
    for name in NAMES:
        await posts.publish(PostDraft(name), author=home.amina.actor, now=home.now)
        home.clock.advance(1)
    begun = home.now

    waited: dict[str, float] = {}
    while (home.now - begun).total_seconds() < 20 * 60:
        await home.work()
        for name in picky.arrived:
            waited.setdefault(name, (home.now - begun).total_seconds())
        home.clock.advance(STEP_SECONDS)

    others = [name for name in NAMES if name != NAMES[1]]
    assert sorted(picky.arrived) == others
    begun_in_order = list(dict.fromkeys(starts.ids))
    assert begun_in_order == sorted(begun_in_order)
    assert len(begun_in_order) == POSTS + 1, "the posts, and before them the Accept"
    assert max(waited.values()) <= 60
    assert picky.refused >= 3
    parked = await Delivery.get(state=DeliveryState.PENDING)
    assert parked.last_status == 500
    home.clock.advance(WEEK.total_seconds())
    await home.work()
    assert [row.state for row in await Delivery.filter(id=parked.id)] == [DeliveryState.EXPIRED]
    report.note(Line("F-07 one activity never taken", "SQLite", f"1 of {POSTS}, for a week", POSTS - 1))
