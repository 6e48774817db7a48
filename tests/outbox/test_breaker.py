"""When a host is left alone, and when it is asked again; policy's way to stop a delivery. T-81, T-82."""

from datetime import timedelta

from node.community import hosts
from node.models import Host
from outbox import worker
from outbox.models import Delivery, DeliveryState
from tests.outbox.test_deliver import one, posts_to, refusing, tried
from tests.outbox.test_recipients import say
from tests.standing import Company


async def test_five_failures_open_the_breaker_and_a_sign_of_life_closes_it(company: Company) -> None:
    """Then nothing is sent until a probe is due, or until the host is heard."""
    home = company.home
    await one(company)
    for number in range(5):
        await say(home, f"Post {number}")
    await home.bridge()
    refusing(company.good, *[503] * 12)
    for _ in range(4):
        await home.node.worker.step()
        await home.node.worker.settle()
    sent = posts_to(company.good)
    assert 5 <= sent <= 6
    host = await Host.get(name="good.test")
    assert host.open_until == home.now + timedelta(minutes=15 if sent == 5 else 30)
    untried = await Delivery.filter(reason=worker.WAITING)
    assert {row.attempts for row in untried} <= {0}

    home.clock.advance(120)
    await home.node.worker.step()
    await home.node.worker.settle()
    assert posts_to(company.good) == sent

    company.good.refusals.clear()
    await hosts.heard("good.test", now=home.now)
    home.clock.advance(1)
    await home.work()
    assert await Delivery.filter(state=DeliveryState.DELIVERED).count() == 6


async def test_a_probe_that_arrives_closes_the_breaker(company: Company) -> None:
    home = company.home
    await one(company)
    await hosts.seen("good.test", now=home.now)
    until = home.now + timedelta(minutes=15)
    await Host.filter(name="good.test").update(failures=5, open_until=until)
    assert (await tried(home)).state is DeliveryState.PENDING
    assert posts_to(company.good) == 0

    home.clock.advance(15 * 60)
    row = await tried(home)

    assert (row.state, row.attempts) == (DeliveryState.DELIVERED, 1)
    assert (await Host.get(name="good.test")).open_until is None


async def test_a_host_that_is_kept_out_gets_nothing_more_until_it_is_let_in_again(company: Company) -> None:
    """T-81, T-82: the waiting delivery is held, released on return, and cancelled by policy after its week."""
    home = company.home
    await one(company)
    await home.decide("T0", "good.test")
    held = await tried(home)
    assert (held.state, held.attempts, posts_to(company.good)) == (DeliveryState.HELD, 0, 0)

    home.clock.advance(7 * 24 * 3600)
    assert await worker.sweep(home.node.van) == 1
    ended = await Delivery.get()
    assert (ended.state, ended.reason) == (DeliveryState.CANCELLED, "cancelled by policy")
