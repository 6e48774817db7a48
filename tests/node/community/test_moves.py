"""Members who come from elsewhere and who go elsewhere."""

from dataclasses import replace

import pytest

from node.community import follows, journal, moves
from node.community.facts import Fact, ProfileChanged
from node.community.follows import FollowAnswer, FollowRequest
from node.community.relation_facts import ActorMoved
from node.errors import Invalid, NotAllowed
from node.models import Actor, Follow, FollowState, JournalEntry
from node.policy.grants import FollowGrant
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, MUCH_LATER, NOW, foreigner, home, member


async def last_facts(number: int) -> list[Fact]:
    return [journal.read(entry) for entry in await JournalEntry.all().order_by("id")][-number:]


async def test_a_member_names_only_a_few_people_and_not_themselves(node_database: Settings) -> None:
    anna, group = await member(), (await home())["posts"]
    for target in (anna.actor, group):
        with pytest.raises(Invalid):
            await moves.add_alias(target, by=anna, now=NOW)
    crowd = [await foreigner(replace(BERTA, uri=f"{BERTA.uri}{number}", keys=())) for number in range(6)]
    for each in crowd[:5]:
        await moves.add_alias(each, by=anna, now=NOW)
    with pytest.raises(Invalid):
        await moves.add_alias(crowd[5], by=anna, now=NOW)

    await moves.add_alias(crowd[0], by=anna, now=NOW)
    await moves.drop_alias(crowd[0].uri, by=anna, now=NOW)
    await moves.drop_alias(crowd[5].uri, by=anna, now=NOW)

    assert (await Actor.get(id=anna.actor_id)).also_known_as == [each.uri for each in crowd[1:5]]
    assert await last_facts(6) == [ProfileChanged(anna.actor_id)] * 6


async def test_nobody_goes_where_they_are_not_expected(database: Settings) -> None:
    """T-20."""
    anna, berta = await member(), await foreigner()
    with pytest.raises(NotAllowed):
        await moves.leave_for(berta, by=anna, may_follow=True, now=NOW)
    elsewhere = await foreigner(replace(CARLO, also_known_as=(anna.actor.uri,), moved_to=berta.uri))
    with pytest.raises(NotAllowed):
        await moves.leave_for(elsewhere, by=anna, may_follow=True, now=NOW)

    assert (await Actor.get(id=anna.actor_id)).moved_to is None
    assert await JournalEntry.all().count() == 0


async def test_whoever_goes_takes_local_followers_along_and_gets_no_new_ones(database: Settings) -> None:
    anna, bela = await member(), await member("bela", "Bela")
    await follows.ask(bela.actor, anna.actor, now=NOW)
    berta = await foreigner(replace(BERTA, also_known_as=(anna.actor.uri,)))
    carlo = await foreigner(CARLO)

    await moves.leave_for(berta, by=anna, may_follow=True, now=LATER)
    with pytest.raises(NotAllowed):
        await moves.leave_for(berta, by=anna, may_follow=True, now=MUCH_LATER)

    (row,) = await Follow.all()
    assert (row.follower_id, row.target_id, row.state) == (bela.actor_id, berta.id, FollowState.PENDING)
    assert await last_facts(1) == [ActorMoved(anna.actor_id)]
    gone = await Actor.get(id=anna.actor_id)
    assert (gone.moved_to, gone.moved_at) == (berta.uri, LATER)
    wanted = FollowRequest(carlo, gone, "https://other.example/f/1")
    assert await follows.request(wanted, grant=FollowGrant.YES, now=LATER) is FollowAnswer.REFUSED

    await moves.come_back(by=anna, now=MUCH_LATER)
    again = replace(wanted, target=await Actor.get(id=anna.actor_id), activity_uri="https://other.example/f/2")
    assert await follows.request(again, grant=FollowGrant.YES, now=MUCH_LATER) is FollowAnswer.ACCEPTED
