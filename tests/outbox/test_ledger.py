"""The ends of deliveries are written in groups, and nobody's end depends on another's. R-04, R-07."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from node.community import errands
from node.community.errands import Errand
from node.jobs import LeaseLost
from node.models import Host, Job
from outbox import worker
from outbox.deliver import DELIVERIES
from outbox.ledger import ASKED_WITHIN_SECONDS, Arrival, Other
from outbox.models import Delivery, DeliveryState
from outbox.parcels import Bodies, Parcel, load
from outbox.worker import Worker
from tests.outbox.test_recipients import say
from tests.outbox.test_worker import fans
from tests.standing import Company, Standing

HOSTS = ("good.test", "evil.test", "third.test")


async def claimed(company: Company, *hosts: str) -> list[Parcel]:
    """Let a post be due at hosts and claim the deliveries, in the order of the hosts."""
    home = company.home
    await fans(company, *hosts)
    await say(home)
    await home.bridge()
    claims = await worker.jobs.claim(DELIVERIES, now=home.now, limit=10)
    parcels = await load(claims, Bodies(), now=home.now)
    return sorted(parcels, key=lambda parcel: hosts.index(parcel.host.name))


def arrival(parcel: Parcel, home: Standing) -> Arrival:
    return Arrival(parcel, 202, "cavage", home.now)


async def states() -> dict[str, str]:
    return {row.host: row.state.value for row in await Delivery.all()}


async def test_what_somebody_else_claimed_since_is_not_marked_and_the_others_are(company: Company) -> None:
    """R-07: the fence decides for each by itself."""
    home = company.home
    lost, kept, other = await claimed(company, *HOSTS)
    await Delivery.filter(id=lost.claim.id).update(fence=lost.claim.fence + 1)

    ends = await asyncio.gather(
        *(home.node.van.ledger.enter(arrival(parcel, home)) for parcel in (lost, kept, other)), return_exceptions=True
    )

    assert isinstance(ends[0], LeaseLost)
    assert ends[1:] == [None, None]
    assert await states() == {"good.test": "pending", "evil.test": "delivered", "third.test": "delivered"}
    reached = await Host.filter(reached_at__isnull=False).values_list("name", flat=True)
    assert sorted(map(str, reached)) == ["evil.test", "third.test"], "what was not marked says nothing of its host"


async def test_an_end_that_cannot_be_written_spoils_no_other(company: Company) -> None:
    home = company.home
    odd, good, _ = await claimed(company, *HOSTS)

    async def stumble() -> None:
        await Delivery.filter(id=odd.claim.id).update(reason="half done")
        raise KeyError("in this house")

    ledger = home.node.van.ledger
    ends = await asyncio.gather(
        ledger.enter(Other(odd, stumble)), ledger.enter(arrival(good, home)), return_exceptions=True
    )

    assert (type(ends[0]), ends[1]) == (KeyError, None)
    assert (await Delivery.get(id=odd.claim.id)).reason == ""
    assert (await Delivery.get(id=good.claim.id)).state is DeliveryState.DELIVERED


async def test_whoever_is_cut_off_while_it_is_written_leaves_it_written(company: Company) -> None:
    """A shutdown loses no mark that was under way."""
    home = company.home
    (parcel,) = await claimed(company, "good.test")
    entering = asyncio.create_task(home.node.van.ledger.enter(arrival(parcel, home)))
    await asyncio.sleep(0)
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    await home.node.van.ledger.settle()

    assert await states() == {"good.test": "delivered"}


async def test_the_next_to_a_host_starts_after_the_one_before_is_marked(company: Company) -> None:
    """F-05: a crash then repeats two for each host at most, those under way."""
    home = company.home
    await fans(company, "good.test")
    for number in range(7):
        await say(home, f"Post {number}")
    await home.bridge()
    marked: list[int] = []

    async def look(_request: web.Request) -> web.Response:
        marked.append(await Delivery.filter(state=DeliveryState.DELIVERED).count())
        return web.Response(status=202)

    company.good.handlers["/inbox"] = look
    await home.node.worker.step()
    await home.node.worker.settle()

    assert [known >= before for before, known in zip((0, 0, 1, 2, 3, 4, 5), sorted(marked), strict=True)] == [True] * 7


async def test_no_more_hosts_are_told_at_once_than_allowed(company: Company) -> None:
    home = company.home
    await fans(company, *HOSTS)
    await say(home)
    await home.bridge()
    alone = Worker(home.node.van, wake=asyncio.Event(), hosts_at_once=1)

    assert await alone.step() == 1
    assert await alone.step() == 0
    await alone.settle()
    assert await alone.step() == 1
    await alone.settle()
    assert await Delivery.filter(state=DeliveryState.DELIVERED).count() == 2


async def test_new_hosts_are_asked_for_their_software_once_and_not_all_at_once(company: Company) -> None:
    home = company.home
    parcels = await claimed(company, *HOSTS)

    for _ in range(2):
        await asyncio.gather(
            *(home.node.van.ledger.enter(arrival(parcel, home)) for parcel in parcels), return_exceptions=True
        )

    asked = await Job.filter(kind=errands.KIND, key__startswith=Errand.NODEINFO.value)
    assert sorted(str(job.payload["subject"]) for job in asked) == sorted(HOSTS)
    assert all(home.now <= job.due_at < home.now + timedelta(seconds=ASKED_WITHIN_SECONDS) for job in asked)
