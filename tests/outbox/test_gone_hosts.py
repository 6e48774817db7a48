"""Deliveries for hosts that are gone: the waiting ones end, new ones are not written, follows stay."""

from datetime import timedelta

from node.community import host_ends
from node.models import Actor, Follow, Host
from outbox import backlog, gone
from outbox.models import Delivery, DeliveryState
from tests.inbox.strangers import introduce
from tests.outbox.foreigners import following, foreigner
from tests.outbox.test_deliver import refusing
from tests.outbox.test_recipients import say
from tests.standing import Company


async def test_a_personal_inbox_that_is_gone_says_nothing_of_its_host(company: Company) -> None:
    home = company.home
    rosa = await foreigner("rosa", "good.test", now=home.now, shared=False)
    await following(rosa, home.amina.actor, now=home.now)
    await home.work()
    await say(home, "Hello")
    refusing(company.good, 410)

    await home.work()

    assert await host_ends.gone() == frozenset()


async def test_a_shared_inbox_that_is_gone_ends_what_waits_and_keeps_the_follow(company: Company) -> None:
    home = company.home
    await following(await foreigner("rosa", "good.test", now=home.now), home.amina.actor, now=home.now)
    await home.work()
    for text in ("One", "Two", "Three"):
        await say(home, text)
    await home.bridge()
    refusing(company.good, *[410] * 6)

    await home.work()

    assert await host_ends.gone() == {"good.test"}
    ends = {row.state for row in await Delivery.filter(activity__type="Create")}
    assert ends <= {DeliveryState.REFUSED, DeliveryState.CANCELLED}
    assert await Follow.all().count() == 1
    before = await Delivery.all().count()
    await say(home, "Four")
    await home.bridge()
    assert await Delivery.all().count() == before


async def test_whoever_speaks_again_is_written_to_again(company: Company) -> None:
    home = company.home
    rosa = await introduce(company, company.good, "rosa")
    await following(await Actor.get(uri=rosa.uri), home.amina.actor, now=home.now)
    await home.work()
    await host_ends.mark_gone("good.test", reason=gone.SAID_SO, now=home.now)

    await introduce(company, company.good, "otto")

    assert await host_ends.gone() == frozenset()
    await say(home, "Welcome back")
    await home.work()
    assert len(company.good.of_type("Create")) == 1


async def test_silence_of_a_season_is_swept_and_an_operator_asks_for_another_try(company: Company) -> None:
    home = company.home
    await following(await foreigner("rosa", "good.test", now=home.now), home.amina.actor, now=home.now)
    await home.bridge()
    long_ago = home.now - timedelta(days=100)
    columns = {"first_seen_at": long_ago, "failures": 20}
    await Host.update_or_create(name="good.test", defaults=columns)

    assert await gone.sweep(now=home.now) == 1
    assert {row.state for row in await Delivery.all()} == {DeliveryState.CANCELLED}
    await backlog.retry("good.test", now=home.now)

    assert await host_ends.gone() == frozenset()


async def test_an_inbox_that_leads_elsewhere_is_looked_for_at_its_owner_s(company: Company) -> None:
    """A host that moved: nothing is posted where the redirect points, the owner's document says where to."""
    home = company.home
    rosa = await introduce(company, company.good, "rosa")
    row = await Actor.get(uri=rosa.uri)
    await following(row, home.amina.actor, now=home.now)
    await home.work()
    await Actor.filter(id=row.id).update(shared_inbox_url=f"{company.good.base}/old")
    await say(home, "Hello")
    refusing(company.good, 301, location=f"{company.evil.base}/inbox")

    await home.work()

    assert company.evil.received == []
    assert (await Actor.get(id=row.id)).shared_inbox_url == rosa.shared_inbox
