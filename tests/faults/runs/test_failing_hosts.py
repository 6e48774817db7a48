"""F-08, F-11, F-27, R-04, R-06: hosts that fail now and then, that are gone, that are cut off for a while."""

import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from aiohttp import web

from inbox import worker as inbox_worker
from node.community import posts
from node.community.posts import PostDraft
from node.models import Member
from outbox import worker as outbox_worker
from outbox.deliver import Van, deliver
from outbox.models import Delivery, DeliveryState
from outbox.parcels import Parcel
from tests.clock import FakeClock
from tests.faults.runs.report import Line, Report
from tests.peers.flavours import MASTODON
from tests.peers.peer import Peer
from tests.standing import Standing, standing_among

SEED = 8
FAILING = 0.2
HOSTS, HOSTS_LONG = 4, 20
POSTS, POSTS_LONG = 6, 50
DAY, HOUR, MINUTE = 86_400, 3_600, 60
MOST_TRIES_A_DAY = 12


class Flaky:
    """An inbox that fails now and then by a seeded chance, or never; counts what it took by body."""

    def __init__(self, peer: Peer, chance: random.Random | None) -> None:
        self.taken: Counter[bytes] = Counter()
        self.is_down = False
        self.asked = 0
        self._chance = chance
        peer.handlers["/inbox"] = self._take

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        body = await request.read()
        if self.is_down:
            return web.Response(status=503)
        if self._chance is not None and self._chance.random() < FAILING:
            return web.Response(status=self._chance.choice([500, 502, 503, 429]))
        self.taken[body] += 1
        return web.Response(status=202)


class Starts:
    """Notes which delivery was begun first, by sender and host."""

    def __init__(self) -> None:
        self.ids: dict[tuple[int, str], dict[int, None]] = defaultdict(dict)

    async def deliver(self, parcel: Parcel, van: Van) -> bool:
        """Note it and go on."""
        row = await Delivery.get(id=parcel.claim.id).select_related("activity")
        self.ids[row.activity.actor_id, row.host][row.id] = None
        return await deliver(parcel, van)


async def befriended(home: Standing, peers: list[Peer], *members: Member) -> None:
    """Let somebody on each peer follow each of the members."""
    for peer in peers:
        for member in members:
            actor = peer.actor(f"friend_of_{member.actor.local_name}")
            answer = await home.post(peer, peer.activity("Follow", actor, member.actor.uri), actor)
            assert answer.status == 202
    while await inbox_worker.step(home.node.bench):
        pass
    await home.work()


async def pass_by(home: Standing, seconds: int, *, step: int = 30) -> None:
    """Let time pass, with all workers at work."""
    for _ in range(seconds // step):
        home.clock.advance(step)
        await home.work()


async def test_hosts_that_fail_now_and_then_get_everything_once_and_in_order(
    founded: Path, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, report: Report, *, is_long: bool
) -> None:
    """F-08: a fifth of all tries fails; two members write to everybody."""
    number, times = (HOSTS_LONG, POSTS_LONG) if is_long else (HOSTS, POSTS)
    hosts = {f"host{each}.test": MASTODON for each in range(number)}
    starts = Starts()
    monkeypatch.setattr(outbox_worker, "deliver", starts.deliver)
    async with standing_among(hosts, founded, tmp_path, clock, INBOX_BURST="1000") as (home, peers):
        tui = await home.member("tui")
        await befriended(home, list(peers.values()), home.amina, tui)
        chance = random.Random(SEED)
        flaky = [Flaky(peer, chance) for peer in peers.values()]
        for turn in range(times):
            for member in (home.amina, tui):
                await posts.publish(PostDraft(f"Number {turn}."), author=member.actor, now=home.now)
            await pass_by(home, 60)
        await pass_by(home, 8 * HOUR, step=10 * MINUTE)

        assert [sorted(each.taken.values()) for each in flaky] == [[1] * (2 * times)] * number
        assert await Delivery.exclude(state=DeliveryState.DELIVERED).count() == 0
        assert [list(ids) for ids in starts.ids.values()] == [sorted(ids) for ids in starts.ids.values()]
    deliveries = 2 * times * number
    report.note(Line("F-08 a fifth of all tries fails", "SQLite", f"{number} hosts, two senders", deliveries))


async def test_a_host_that_is_gone_is_asked_seldom_and_told_of_in_the_end(
    founded: Path, tmp_path: Path, clock: FakeClock, report: Report
) -> None:
    """F-11: at most twelve tries in the first day, whatever is published; after seven days each has expired."""
    async with standing_among({"gone.test": MASTODON}, founded, tmp_path, clock) as (home, peers):
        await befriended(home, list(peers.values()), home.amina)
        gone = Flaky(peers["gone.test"], None)
        gone.is_down = True
        for turn in range(6):
            await posts.publish(PostDraft(f"Number {turn}."), author=home.amina.actor, now=home.now)
            await pass_by(home, 4 * HOUR, step=5 * MINUTE)
        in_a_day = gone.asked
        await pass_by(home, 8 * DAY, step=3 * HOUR)

        ends = await Delivery.exclude(state=DeliveryState.DELIVERED).values_list("state", "reason", "ended_at")
        assert in_a_day <= MOST_TRIES_A_DAY
        assert [state for state, _, _ in ends] == [DeliveryState.EXPIRED] * 6
        assert all(reason and ended for _, reason, ended in ends)
    report.note(Line("F-11 a host that is gone", "SQLite", f"6 posts, {in_a_day} tries in the first day", 6))


async def test_after_a_cut_line_is_mended_everything_arrives_once(
    founded: Path, tmp_path: Path, clock: FakeClock, report: Report
) -> None:
    """F-27: half of the hosts are away for five minutes; half an hour later they have everything."""
    hosts = {f"host{each}.test": MASTODON for each in range(4)}
    async with standing_among(hosts, founded, tmp_path, clock) as (home, peers):
        await befriended(home, list(peers.values()), home.amina)
        inboxes = [Flaky(peer, None) for peer in peers.values()]
        cut_off = inboxes[::2]
        for each in cut_off:
            each.is_down = True
        for turn in range(5):
            await posts.publish(PostDraft(f"Number {turn}."), author=home.amina.actor, now=home.now)
            await pass_by(home, MINUTE)
        heard_meanwhile = [len(each.taken) for each in inboxes]
        for each in cut_off:
            each.is_down = False
        await pass_by(home, 40 * MINUTE, step=MINUTE)

        assert heard_meanwhile == [0, 5, 0, 5]
        assert [sorted(each.taken.values()) for each in inboxes] == [[1] * 5] * 4
    report.note(Line("F-27 a line that is cut", "SQLite", "2 of 4 hosts for 5 minutes", 20))
