"""Three may silence an actor elsewhere: its server, policy, a moderator. It speaks again when none does."""

from node.models import ActKind, Actor, ActorState, Follow
from node.settings import Settings
from tests.node.community.moderating import do, staff, take_back
from tests.node.community.people import BERTA, foreigner, home, member
from tests.node.community.trusting import ACCEPTED, BLOCK, SUSPENDED, change, follow, opened, states, undo


async def test_lifting_a_block_of_a_host_leaves_those_whom_a_moderator_suspended(database: Settings) -> None:
    await home()
    registry = await opened()
    berta, mona, anna = await foreigner(), await staff(), await member()
    await follow(anna.actor, berta, ACCEPTED)
    await follow(berta, anna.actor, ACCEPTED)

    act = await do(ActKind.SUSPEND, berta.uri, mona)
    blocked = await change(BLOCK, registry)
    await undo(blocked.batch, registry)

    assert (await Actor.get(id=berta.id)).state is ActorState.SUSPENDED
    assert await states() == [SUSPENDED, SUSPENDED]
    await foreigner(BERTA)
    assert (await Actor.get(id=berta.id)).state is ActorState.SUSPENDED
    await take_back(act, mona, registry)
    assert (await Actor.get(id=berta.id)).state is ActorState.ACTIVE
    assert await states() == [ACCEPTED, ACCEPTED]


async def test_undoing_a_suspension_does_not_undo_a_block(database: Settings) -> None:
    await home()
    registry = await opened()
    berta, mona, anna = await foreigner(), await staff(), await member()
    await follow(anna.actor, berta, ACCEPTED)
    act = await do(ActKind.SUSPEND, berta.uri, mona)
    blocked = await change(BLOCK, registry)

    await take_back(act, mona, registry)

    assert (await Actor.get(id=berta.id)).state is ActorState.SUSPENDED
    assert await states() == [SUSPENDED]
    await undo(blocked.batch, registry)
    assert (await Actor.get(id=berta.id)).state is ActorState.ACTIVE
    assert await Follow.filter(state=ACCEPTED).count() == 1
