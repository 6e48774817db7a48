"""Follows: theirs, ours, local; replays and strangers."""

import asyncio
from dataclasses import replace

import pytest

from node.community import follows, journal
from node.community.facts import Fact, FollowAccepted, FollowAsked, FollowEnded, FollowRefused
from node.community.follows import FollowAnswer, FollowRequest
from node.errors import Invalid, NotAllowed, NotFound
from node.models import (
    Actor,
    ActorKind,
    ActorState,
    Follow,
    FollowState,
    JournalEntry,
    Notification,
    NotificationKind,
    Role,
)
from node.policy.grants import FollowGrant
from node.settings import Settings
from tests.node.community.people import BERTA, LATER, MUCH_LATER, NOW, foreigner, home, member

FIRST = "https://far.example/follows/1"
SECOND = "https://far.example/follows/2"


async def facts() -> list[Fact]:
    return [journal.read(entry) for entry in await JournalEntry.all().order_by("id")]


async def states() -> list[tuple[int, int, FollowState]]:
    return [(row.follower_id, row.target_id, row.state) for row in await Follow.all().order_by("id")]


async def test_a_replay_of_an_undone_follow_changes_nothing(database: Settings) -> None:
    """T-12."""
    anna, berta = (await member()).actor, await foreigner()
    wanted = FollowRequest(berta, anna, FIRST)
    assert await follows.request(wanted, grant=FollowGrant.YES, now=NOW) is FollowAnswer.ACCEPTED
    assert await follows.undo(berta, anna, activity_uri=FIRST, now=LATER)

    assert await follows.request(wanted, grant=FollowGrant.YES, now=MUCH_LATER) is FollowAnswer.IGNORED

    assert await states() == []


async def test_an_undo_that_comes_before_its_follow_still_counts(node_database: Settings) -> None:
    """T-12, the other way round."""
    anna, berta = (await member()).actor, await foreigner()
    assert not await follows.undo(berta, anna, activity_uri=FIRST, now=NOW)

    answer = await follows.request(FollowRequest(berta, anna, FIRST), grant=FollowGrant.YES, now=LATER)

    assert (answer, await states()) == (FollowAnswer.IGNORED, [])


async def test_an_old_undo_does_not_end_a_newer_follow(node_database: Settings) -> None:
    """T-12: a state change applies only if its subject is current."""
    anna, berta = (await member()).actor, await foreigner()
    await follows.request(FollowRequest(berta, anna, FIRST), grant=FollowGrant.YES, now=NOW)
    await follows.request(FollowRequest(berta, anna, SECOND), grant=FollowGrant.YES, now=NOW)

    assert not await follows.undo(berta, anna, activity_uri=FIRST, now=LATER)

    assert await states() == [(berta.id, anna.id, FollowState.ACCEPTED)]


async def test_a_refused_host_gets_no_relation_and_a_reject(node_database: Settings) -> None:
    anna, berta = (await member()).actor, await foreigner()

    answer = await follows.request(FollowRequest(berta, anna, FIRST), grant=FollowGrant.NONE, now=NOW)

    assert (answer, await states()) == (FollowAnswer.REFUSED, [])
    assert await facts() == [FollowRefused(berta.id, anna.id, FIRST)]


async def test_a_person_cannot_follow_the_node_itself(node_database: Settings) -> None:
    node, berta = (await home())["actor"], await foreigner()
    relay = await foreigner(replace(BERTA, uri="https://far.example/actor", kind=ActorKind.APPLICATION, keys=()))

    answers = [
        await follows.request(FollowRequest(each, node, f"{each.uri}#f"), grant=FollowGrant.YES, now=NOW)
        for each in (berta, relay)
    ]

    assert answers == [FollowAnswer.REFUSED, FollowAnswer.ACCEPTED]
    assert await states() == [(relay.id, node.id, FollowState.ACCEPTED)]


@pytest.mark.parametrize("state", [ActorState.SUSPENDED, ActorState.GONE])
async def test_a_suspended_actor_follows_nobody(node_database: Settings, state: ActorState) -> None:
    anna, berta = (await member()).actor, await foreigner()
    await Actor.filter(id=berta.id).update(state=state)

    wanted = FollowRequest(await Actor.get(id=berta.id), anna, FIRST)

    assert await follows.request(wanted, grant=FollowGrant.YES, now=NOW) is FollowAnswer.REFUSED
    assert await states() == []


async def test_a_follow_is_accepted_once_and_told(database: Settings) -> None:
    anna, berta = await member(), await foreigner()
    wanted = FollowRequest(berta, anna.actor, FIRST)

    answers = [await follows.request(wanted, grant=FollowGrant.YES, now=NOW) for _ in range(2)]
    again = await follows.request(replace(wanted, activity_uri=SECOND), grant=FollowGrant.YES, now=LATER)

    assert [*answers, again] == [FollowAnswer.ACCEPTED] * 3
    row = await Follow.get()
    assert (row.state, row.activity_uri) == (FollowState.ACCEPTED, SECOND)
    assert await facts() == [FollowAccepted(row.id, FIRST), FollowAccepted(row.id, SECOND)]
    assert await Notification.all().values_list("member_id", "kind", "actor_id") == [
        (anna.id, NotificationKind.FOLLOW, berta.id)
    ]


async def test_twenty_equal_follows_at_once_make_one_row(database: Settings) -> None:
    """A-25: the unique key decides, not a look before."""
    anna, berta = (await member()).actor, await foreigner()
    wanted = FollowRequest(berta, anna, FIRST)

    answers = await asyncio.gather(*(follows.request(wanted, grant=FollowGrant.YES, now=NOW) for _ in range(20)))

    assert set(answers) == {FollowAnswer.ACCEPTED}
    assert len(await states()) == 1


async def test_a_request_waits_for_its_target_and_for_nobody_else(database: Settings) -> None:
    anna, boris, berta = await member(), await member("boris", "Boris", Role.STEWARD), await foreigner()
    await Actor.filter(id=anna.actor_id).update(manually_approves=True)
    target = await Actor.get(id=anna.actor_id)
    answer = await follows.request(FollowRequest(berta, target, FIRST), grant=FollowGrant.YES, now=NOW)
    row = await Follow.get()
    assert (answer, row.state, await facts()) == (FollowAnswer.PENDING, FollowState.PENDING, [])

    with pytest.raises(NotAllowed):
        await follows.accept(row.id, by=boris, now=LATER)
    with pytest.raises(NotFound):
        await follows.accept(row.id + 1, by=anna, now=LATER)
    await follows.accept(row.id, by=anna, now=LATER)
    await follows.accept(row.id, by=anna, now=MUCH_LATER)

    assert await facts() == [FollowAccepted(row.id, FIRST)]
    assert await states() == [(berta.id, anna.actor_id, FollowState.ACCEPTED)]


async def test_a_host_that_must_ask_waits_also_at_an_open_door(node_database: Settings) -> None:
    groups, berta, editor = await home(), await foreigner(), await member("eda", "Eda", Role.EDITOR)
    wanted = FollowRequest(berta, groups["practices"], FIRST)

    assert await follows.request(wanted, grant=FollowGrant.ASK, now=NOW) is FollowAnswer.PENDING
    row = await Follow.get()
    await follows.refuse(row.id, by=editor, now=LATER)

    assert await states() == []
    assert await facts() == [FollowRefused(berta.id, groups["practices"].id, FIRST)]


async def test_a_yes_that_nobody_asked_for_makes_no_relation(node_database: Settings) -> None:
    """T-19, V-K13, V-X01: only the asked one's answer to our waiting Follow counts."""
    anna, berta = (await member()).actor, await foreigner()

    assert not await follows.confirmed(anna, berta, now=NOW)
    assert not await follows.rejected(anna, berta, now=NOW)
    assert not await follows.confirmed(berta, anna, now=NOW)

    assert await states() == []


async def test_our_follow_stays_pending_until_the_target_says_yes(database: Settings) -> None:
    """V-X01(a)."""
    anna, berta = await member(), await foreigner()

    row = await follows.ask(anna.actor, berta, now=NOW, by_member_id=anna.id)
    same = await follows.ask(anna.actor, berta, now=LATER)

    assert (row.id, row.state) == (same.id, FollowState.PENDING)
    assert row.activity_uri is not None and row.activity_uri.startswith("https://home.example/ap/a/")
    assert await facts() == [FollowAsked(row.id)]
    assert await follows.confirmed(anna.actor, berta, now=LATER)
    assert not await follows.confirmed(anna.actor, berta, now=LATER)
    assert await states() == [(anna.actor_id, berta.id, FollowState.ACCEPTED)]
    assert await Notification.all().values_list("member_id", "kind") == [(anna.id, NotificationKind.FOLLOW_ACCEPTED)]
    assert await follows.rejected(anna.actor, berta, now=MUCH_LATER)
    assert await states() == [(anna.actor_id, berta.id, FollowState.REFUSED)]


async def test_ending_our_follow_says_which_one_ended(database: Settings) -> None:
    anna, berta = (await member()).actor, await foreigner()
    row = await follows.ask(anna, berta, now=NOW)

    assert await follows.undo(anna, berta, now=LATER)
    assert not await follows.undo(anna, berta, now=LATER)

    assert await states() == []
    assert (await facts())[1:] == [FollowEnded(anna.id, berta.id, row.activity_uri or "")]


async def test_following_here_needs_no_other_server(node_database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris")
    with pytest.raises(Invalid):
        await follows.ask(anna.actor, anna.actor, now=NOW)

    row = await follows.ask(anna.actor, boris.actor, now=NOW)

    assert (row.state, await facts()) == (FollowState.ACCEPTED, [])
    assert await Notification.all().values_list("member_id", "kind") == [(boris.id, NotificationKind.FOLLOW)]
