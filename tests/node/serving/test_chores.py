"""What a running node does unasked: timed entries end with their effects, lost files go. R-16, T-81."""

import os
from datetime import timedelta

from node.community import practices, trust
from node.models import Follow, FollowState
from node.policy.registry import Change
from node.serving import chores
from outbox.models import Delivery, DeliveryState
from tests.node.community.test_practices import FULL
from tests.standing import BASE, Company

HOUR = timedelta(hours=1)


async def states() -> list[tuple[DeliveryState, FollowState]]:
    deliveries = await Delivery.filter(activity__type="Create").order_by("id")
    follow = await Follow.get()
    return [(row.state, follow.state) for row in deliveries]


async def test_a_block_for_an_hour_holds_deliveries_and_lets_them_go(company: Company) -> None:
    home, good = company.home, company.good
    berta = good.actor("berta")
    await home.post(good, good.activity("Follow", berta, f"{BASE}/ap/g/practices"), berta)
    await home.work()
    await practices.publish(FULL, by=home.amina, now=home.now)
    await home.bridge()
    block = Change(("good.test",), "T0", "other", expires_at=home.now + HOUR)
    await trust.change(block, registry=home.node.registry, by_member_id=None, now=home.now)
    await home.work()
    held = await states()

    home.clock.advance(HOUR.total_seconds() - 1)
    await chores.end_timed_entries(home.node)
    await home.work()
    still = await states()
    home.clock.advance(1)
    await chores.end_timed_entries(home.node)
    await home.work()

    assert held == still == [(DeliveryState.HELD, FollowState.SUSPENDED)]
    assert await states() == [(DeliveryState.DELIVERED, FollowState.ACCEPTED)]


async def test_a_file_that_nothing_names_is_gone_after_the_next_look(company: Company) -> None:
    media, now = company.home.node.surroundings.media, company.home.now
    path = await media.keep(b"1", name="a" * 26)
    file, _ = media.find(path)
    old = (now - timedelta(hours=13)).timestamp()
    os.utime(file, (old, old))

    await chores.drop_lost_files(company.home.node)

    assert not file.exists()
