"""What we noticed of other servers, on both databases."""

import asyncio
from datetime import timedelta

from node.community import hosts
from node.models import Follow, FollowState, Host
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, NOW, foreigner, member


async def test_a_host_that_nobody_saw_is_not_there(node_database: Settings) -> None:
    assert (await hosts.one("far.example"), await hosts.listing(), await hosts.actors_of("far.example")) == (
        None,
        ([], 0),
        [],
    )


async def test_twenty_who_see_a_host_at_once_make_one_row(database: Settings) -> None:
    """A-25."""
    rows = await asyncio.gather(*(hosts.seen("far.example", now=NOW) for _ in range(20)))

    assert len({row.id for row in rows}) == await Host.all().count() == 1


async def test_hearing_from_a_host_closes_its_breaker(database: Settings) -> None:
    await hosts.seen("far.example", now=NOW)
    await Host.filter(name="far.example").update(failures=7, open_until=LATER, probes=3)

    await hosts.heard("far.example", now=LATER)
    await hosts.told_software("far.example", "x" * 300, "1" * 300, is_talanoa=True, now=LATER)

    row = await Host.get(name="far.example")
    assert (row.heard_at, row.failures, row.open_until, row.probes) == (LATER, 0, None, 0)
    assert (row.software, row.software_version, row.nodeinfo_at, row.is_talanoa) == ("x" * 100, "1" * 100, LATER, True)
    assert row.first_seen_at == NOW


async def test_the_latest_heard_comes_first_and_who_was_never_heard_by_its_first_sight(database: Settings) -> None:
    """Both databases sort what is empty differently."""
    for number, name in enumerate(("silent.example", "early.example", "late.example", "new.example")):
        await hosts.seen(name, now=NOW + timedelta(minutes=number))
    await hosts.heard("early.example", now=NOW + timedelta(hours=1))
    await hosts.heard("late.example", now=NOW + timedelta(hours=2))

    views, number = await hosts.listing()

    assert [view.name for view in views] == ["late.example", "early.example", "new.example", "silent.example"]
    assert (number, (await hosts.listing(2))[0], (await hosts.listing(0))[0]) == (4, [], views)


async def test_follows_are_counted_each_way_and_only_those_that_stand(database: Settings) -> None:
    anna, boris = (await member()).actor, (await member("boris", "Boris")).actor
    berta, carlo = await foreigner(), await foreigner(CARLO)
    for follower, target, state in (
        (berta, anna, FollowState.ACCEPTED),
        (berta, boris, FollowState.ACCEPTED),
        (carlo, anna, FollowState.PENDING),
        (anna, berta, FollowState.ACCEPTED),
        (boris, carlo, FollowState.SUSPENDED),
    ):
        await Follow.create(follower=follower, target=target, state=state, created_at=NOW)
    for host in (BERTA.host, CARLO.host):
        await hosts.seen(host, now=NOW)

    views, _ = await hosts.listing()

    assert {view.name: (view.followers, view.following) for view in views} == {
        "far.example": (2, 1),
        "other.example": (0, 0),
    }
    assert await hosts.one("far.example") == next(view for view in views if view.name == "far.example")
    assert [actor.id for actor in await hosts.actors_of("far.example")] == [berta.id]
