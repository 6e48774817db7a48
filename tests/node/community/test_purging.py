"""Purging an account elsewhere: in batches, by a job that says how far it is, and only once it is suspended."""

import pytest

from node.community import foreign_actors, purging
from node.errors import Invalid, NotAllowed, NotFound
from node.models import ActKind, Actor, ActorState, Follow, Job, JobState, JournalEntry, Like, Post
from node.settings import Settings
from tests.node.community.moderating import do, staff, take_back
from tests.node.community.people import BERTA, CARLO, NOW, foreigner, home, member
from tests.node.community.trusting import ACCEPTED, follow, opened


async def posts_of(actor: Actor, number: int) -> None:
    uris = [f"{actor.uri}/{each}" for each in range(number)]
    await Post.bulk_create([Post(uri=uri, author=actor, thread_uri=uri, published_at=NOW) for uri in uris])


async def test_only_a_suspended_account_elsewhere_is_purged_and_only_by_moderators(node_database: Settings) -> None:
    await home()
    berta, anna, mona = await foreigner(), await member(), await staff()

    for actor, by, wanted in ((berta, mona, Invalid), (anna.actor, mona, Invalid), (berta, anna, NotAllowed)):
        with pytest.raises(wanted):
            await purging.ask(actor, by=by, now=NOW)
    with pytest.raises(NotFound):
        await purging.of_handle("@nobody@far.example")

    assert await Job.filter(kind="purge").count() == 0


async def test_a_purge_says_how_far_it_is_and_leaves_everybody_else_alone(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await home()
    berta, carlo, anna, mona = await foreigner(), await foreigner(CARLO), await member(), await staff()
    await posts_of(berta, 5)
    await posts_of(carlo, 2)
    await follow(anna.actor, berta, ACCEPTED)
    await Like.create(actor=berta, object_uri=f"{carlo.uri}/0", created_at=NOW)
    await do(ActKind.SUSPEND, berta.uri, mona)
    monkeypatch.setattr(purging, "BATCH", 2)
    monkeypatch.setattr(purging, "BATCHES", 2)

    await purging.ask(berta, by=mona, now=NOW)
    await purging.step(now=NOW)
    halfway = await purging.progress(berta)
    while await purging.step(now=NOW):
        pass

    assert halfway == purging.Progress("pending", done=4, left=1, reason="")
    assert await purging.progress(berta) == purging.Progress("done", done=5, left=0, reason="")
    assert (await Post.filter(author_id=carlo.id).count(), await Follow.all().count(), await Like.all().count()) == (
        2,
        0,
        0,
    )
    left = await Actor.get(id=berta.id)
    assert (left.state, left.display_name, left.document) == (ActorState.SUSPENDED, "", None)
    assert await JournalEntry.filter(fact="Moderated").count() == 2


async def test_a_purge_ends_when_the_suspension_was_lifted_meanwhile(node_database: Settings) -> None:
    await home()
    registry = await opened()
    berta, mona = await foreigner(), await staff()
    await posts_of(berta, 3)
    act = await do(ActKind.SUSPEND, berta.uri, mona)
    await purging.ask(berta, by=mona, now=NOW)
    await take_back(act, mona, registry)

    await purging.step(now=NOW)

    assert await Job.filter(kind="purge").values_list("state", "reason") == [
        (JobState.DONE, "not suspended any more, or gone")
    ]
    assert await Post.filter(author_id=berta.id).count() == 3


async def test_a_purged_account_can_be_let_in_again_without_its_old_words(node_database: Settings) -> None:
    await home()
    registry = await opened()
    berta, mona = await foreigner(), await staff()
    await posts_of(berta, 3)
    act = await do(ActKind.SUSPEND, berta.uri, mona)
    await purging.ask(berta, by=mona, now=NOW)
    while await purging.step(now=NOW):
        pass

    await take_back(act, mona, registry)
    await foreign_actors.remember(BERTA, now=NOW)

    back = await Actor.get(id=berta.id)
    assert (back.state, back.display_name) == (ActorState.ACTIVE, "Berta Kim")
    assert await Post.filter(author_id=berta.id).count() == 0
