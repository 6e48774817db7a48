"""Policy acts on what waits: held when a host is put out, released when it is let in, never sent meanwhile. T-81."""

import pytest

from node.community import trust
from node.community.trust import block_patterns
from node.models import Host, Mode
from node.policy.registry import Change
from outbox import admission, worker
from outbox.models import Delivery, DeliveryState
from outbox.parcels import Bodies, load
from tests.outbox.test_deliver import one, posts_to
from tests.outbox.test_recipients import say
from tests.outbox.test_worker import fans
from tests.standing import Company


async def put_out(company: Company, host: str) -> str:
    """Block a host as an admin does; return what to undo."""
    home = company.home
    wanted = Change(block_patterns(host), "T0", reason_code="spam", reason="Sells watches")
    return (await trust.change(wanted, registry=home.node.registry, by_member_id=home.amina.id, now=home.now)).batch


async def states() -> list[str]:
    return sorted(str(state) for state in await Delivery.all().values_list("state", flat=True))


async def test_a_block_holds_what_waits_and_its_undo_lets_it_go(company: Company) -> None:
    """T-81, T-82: nothing is sent after it, others are not concerned, and nothing is lost by taking it back."""
    home = company.home
    await fans(company, "good.test", "evil.test")
    await say(home)
    await home.bridge()

    batch = await put_out(company, "evil.test")
    assert await admission.step(home.node.registry, home.clock) == 1
    assert await states() == ["held", "pending"]
    await home.work()
    assert (posts_to(company.evil), posts_to(company.good)) == (0, 1)

    await trust.undo(batch, registry=home.node.registry, by_member_id=home.amina.id, now=home.now)
    await home.work()
    assert posts_to(company.evil) == 1
    assert await states() == ["delivered", "delivered"]


async def test_a_block_that_comes_between_the_claim_and_the_sending_still_holds(company: Company) -> None:
    """T-82: asked again at the moment of sending."""
    home = company.home
    await one(company)
    (claim,) = await worker.jobs.claim(worker.DELIVERIES, now=home.now, limit=1)
    (parcel,) = await load([claim], Bodies(), now=home.now)
    await home.decide("T0", "good.test")

    assert await worker.deliver(parcel, home.node.van) is False

    row = await Delivery.get()
    assert (row.state, row.attempts, posts_to(company.good)) == (DeliveryState.HELD, 0, 0)


@pytest.mark.parametrize(("mode", "state"), [(Mode.CLOSED, "held"), (Mode.OPEN, "pending")])
async def test_a_change_of_mode_holds_what_waits_for_hosts_that_nobody_named(
    company: Company, mode: Mode, state: str
) -> None:
    home = company.home
    await one(company)

    await trust.change_mode(mode, registry=home.node.registry, by_member_id=home.amina.id, now=home.now)
    await admission.step(home.node.registry, home.clock)

    assert await states() == [state]


async def test_what_is_held_too_long_is_cancelled_and_does_not_come_back(company: Company) -> None:
    """R-04: it ends with time and reason."""
    home = company.home
    await one(company)
    batch = await put_out(company, "good.test")
    await home.work()
    home.clock.advance(7 * 24 * 3600)
    assert await worker.sweep(home.node.van) == 1

    await trust.undo(batch, registry=home.node.registry, by_member_id=home.amina.id, now=home.now)
    await home.work()

    row = await Delivery.get()
    assert (row.state, row.reason, row.ended_at) == (DeliveryState.CANCELLED, "cancelled by policy", home.now)
    assert await admission.pending_for("good.test") == 0
    assert await Host.filter(name="good.test", reached_at__isnull=False).count() == 0
