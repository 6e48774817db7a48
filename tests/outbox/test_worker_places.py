"""Who gets the places of the delivery worker when many hosts hang."""

import asyncio
from datetime import timedelta

import pytest

from node.models import Host
from outbox import worker
from outbox.deliver import Van
from outbox.models import Delivery
from outbox.parcels import Parcel
from outbox.worker import Worker
from tests.outbox.test_recipients import say
from tests.outbox.test_worker import fans
from tests.standing import Company


async def test_hosts_that_never_answered_leave_half_of_the_places(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-08: however many hosts were never reached and hang, those that answer are served at once."""
    home, go_on, begun = company.home, asyncio.Event(), list[str]()
    await fans(company, *(f"new{number}.test" for number in range(6)), "good.test")
    await Host.filter(name="good.test").delete()
    await Host.create(name="good.test", first_seen_at=home.now, reached_at=home.now)
    await say(home, "Hello")
    await home.bridge()
    await Delivery.filter(host="good.test").update(due_at=home.now + timedelta(microseconds=1))
    home.clock.advance(1)
    real = worker.deliver

    async def hang(parcel: Parcel, van: Van) -> bool:
        begun.append(parcel.host.name)
        if parcel.host.name.startswith("new"):
            await go_on.wait()
        return await real(parcel, van)

    monkeypatch.setattr(worker, "deliver", hang)
    few = Worker(home.node.van, wake=asyncio.Event(), hosts_at_once=4)
    for _ in range(3):
        await few.step()
        await asyncio.sleep(0)
    await company.good.expect(1)

    assert (len(begun), begun.count("good.test")) == (3, 1)
    go_on.set()
    await few.settle()
