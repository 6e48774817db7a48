"""What moderators do, about whom, and how it is undone."""

import pytest

from node.community import journal, mixing, moderation, objects, posts, search, timelines
from node.community.moderation import GRACE
from node.community.posts import PostDraft
from node.community.viewer import of_member
from node.community.visibility import ANONYMOUS
from node.errors import Conflict, Invalid, NotAllowed, NotFound, Withdrawn
from node.models import (
    ActKind,
    Actor,
    ActorState,
    JournalEntry,
    Member,
    MemberState,
    ModerationAct,
    Notification,
    NotificationKind,
    Post,
    Role,
    Session,
)
from node.settings import Settings
from tests.node.community.moderating import WORDS, do, facts, staff, take_back, written
from tests.node.community.people import LATER, NOW, foreigner, home, member
from tests.node.community.trusting import ACCEPTED, follow


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EDITOR])
async def test_only_moderators_moderate(node_database: Settings, role: Role) -> None:
    """V-S09, V-W02, V-Z05, T-58."""
    await home()
    post = await written(await member())
    somebody = await member("bela", "Bela", role)

    for kind, uri in ((ActKind.HIDE, post.uri), (ActKind.SUSPEND, post.author.uri)):
        with pytest.raises(NotAllowed):
            await do(kind, uri, somebody)

    assert await ModerationAct.all().count() == 0
    assert await posts.standing(post.uri)


async def test_a_moderator_decides_about_nobody_above_and_not_about_themselves(node_database: Settings) -> None:
    """V-S09, T-58: roles in their order."""
    await home()
    mona, head = await staff(), await staff(Role.STEWARD, "head")
    post, own = await written(head), await written(mona)

    for kind, uri in (
        (ActKind.SUSPEND, head.actor.uri),
        (ActKind.WARN, head.actor.uri),
        (ActKind.HIDE, post.uri),
        (ActKind.HIDE, own.uri),
    ):
        with pytest.raises(NotAllowed):
            await do(kind, uri, mona)

    assert (await Member.get(id=head.id)).state is MemberState.ACTIVE
    assert await ModerationAct.all().count() == 0


async def test_staff_that_was_disabled_does_nothing_more(node_database: Settings) -> None:
    """V-M38: the right is asked of the row, not of what the request began with."""
    await home()
    mona, post = await staff(), await written(await member())
    await Member.filter(id=mona.id).update(state=MemberState.DISABLED)

    with pytest.raises(NotAllowed):
        await do(ActKind.HIDE, post.uri, mona)
    await Member.filter(id=mona.id).update(state=MemberState.ACTIVE, role=Role.MEMBER)
    with pytest.raises(NotAllowed):
        await do(ActKind.HIDE, post.uri, mona)


async def test_what_does_not_fit_is_refused(node_database: Settings) -> None:
    groups = await home()
    berta, mona = await foreigner(), await staff()
    post = await written(await member())

    for kind, uri, warning in (
        (ActKind.LIMIT, post.uri, ""),
        (ActKind.HIDE, berta.uri, ""),
        (ActKind.WARN, berta.uri, ""),
        (ActKind.MARK, post.uri, ""),
        (ActKind.SUSPEND, groups["posts"].uri, ""),
        (ActKind.MARK, post.uri, "x" * 300),
    ):
        with pytest.raises(Invalid):
            await do(kind, uri, mona, warning=warning)
    with pytest.raises(NotFound):
        await do(ActKind.HIDE, "https://nowhere.example/1", mona)
    assert await ModerationAct.all().count() == 0
    assert "Moderated" not in await facts()


async def test_a_hidden_post_is_out_of_sight_and_comes_back_whole(database: Settings) -> None:
    await home()
    mona, anna = await staff(), await member()
    post = await written(anna)

    act = await do(ActKind.HIDE, post.uri, mona)

    with pytest.raises(Withdrawn):
        await posts.standing(post.uri)
    for viewer in (ANONYMOUS, await of_member(anna)):
        assert await mixing.show_things([post.uri], viewer) == {}
        assert (await timelines.local(viewer)).items == ()
        assert (await search.find("tide", viewer)).items == ()
    with pytest.raises(Conflict):
        await do(ActKind.HIDE, post.uri, mona)
    await take_back(act, mona)
    assert (await posts.standing(post.uri)).source == WORDS
    assert [item.thing.uri for item in (await timelines.local(ANONYMOUS)).items] == [post.uri]
    assert len((await search.find("tide", ANONYMOUS)).items) == 1
    assert [each for each in await facts() if each.startswith(("Post", "Moder"))] == [
        "PostPublished",
        "PostWithdrawn",
        "Moderated",
        "PostRestored",
        "ModerationUndone",
    ]
    with pytest.raises(Conflict):
        await take_back(act, mona)
    assert await journal.verify_chain() == 2


async def test_a_deleted_post_can_come_back_for_a_month(database: Settings) -> None:
    await home()
    mona, anna = await staff(), await member()
    kept, lost = await written(anna), await written(anna, "second words")

    first, second = await do(ActKind.DELETE, kept.uri, mona), await do(ActKind.DELETE, lost.uri, mona)
    await take_back(first, mona)

    assert await moderation.erase_deleted(now=NOW + GRACE - (LATER - NOW)) == 0
    assert await moderation.erase_deleted(now=NOW + GRACE) == 1
    assert await moderation.erase_deleted(now=NOW + GRACE) == 0
    assert (await posts.standing(kept.uri)).source == WORDS
    gone = await Post.get(uri=lost.uri)
    assert (gone.source, gone.content_html) == ("", "")
    with pytest.raises(Conflict):
        await take_back(second, mona)


async def test_a_foreign_post_that_was_deleted_leaves_nothing_and_does_not_come_again(node_database: Settings) -> None:
    await home()
    berta, mona = await foreigner(), await staff()
    uri = f"{berta.uri}/1"
    await Post.create(uri=uri, author=berta, thread_uri=uri, content_html="<p>x</p>", published_at=NOW)

    await do(ActKind.DELETE, uri, mona)
    await moderation.erase_deleted(now=NOW + GRACE)

    assert await Post.filter(uri=uri).count() == 0
    assert await objects.find(uri) is None


async def test_a_warning_put_on_a_post_stays_through_its_next_version(database: Settings) -> None:
    await home()
    mona, anna = await staff(), await member()
    post = await written(anna)

    act = await do(ActKind.MARK, post.uri, mona, warning="Shows an accident")
    await posts.edit(post.uri, PostDraft("calmer words"), author=anna.actor, now=LATER)

    marked = await Post.get(uri=post.uri)
    assert (marked.warning, marked.sensitive, marked.source) == ("Shows an accident", True, "calmer words")
    await take_back(act, mona)
    free = await Post.get(uri=post.uri)
    assert (free.warning, free.sensitive, free.imposed_warning) == ("", False, "")


async def test_a_limited_account_is_met_by_its_followers_only(database: Settings) -> None:
    await home()
    mona, anna, bela, cora = await staff(), await member(), await member("bela", "B"), await member("cora", "C")
    await follow(bela.actor, anna.actor, ACCEPTED)
    post = await written(anna, "hello @bela and @cora")
    await Notification.filter(id__gt=0).delete()

    act = await do(ActKind.LIMIT, anna.actor.uri, mona)
    anna.actor = await Actor.get(id=anna.actor_id)
    again = await written(anna, "hello again @bela and @cora")

    told = await Notification.filter(kind=NotificationKind.MENTION).values_list("member_id", flat=True)
    assert told == [bela.id]
    for viewer, seen in ((ANONYMOUS, 0), (await of_member(cora), 0), (await of_member(bela), 2)):
        assert len((await timelines.local(viewer)).items) == seen
        assert len((await timelines.network(viewer)).items) == seen
        assert len((await search.find("hello", viewer)).items) == seen
    assert await posts.standing(post.uri) and await posts.standing(again.uri)
    await take_back(act, mona)
    assert len((await timelines.local(ANONYMOUS)).items) == 2


async def test_a_suspended_member_is_out_at_once_and_can_come_back(database: Settings) -> None:
    """V-M38."""
    await home()
    mona, anna = await staff(), await member()
    await Session.create(
        token_hash="h", member=anna, csrf_token="c", created_at=NOW, used_at=NOW, proven_at=NOW, expires_at=LATER
    )

    act = await do(ActKind.SUSPEND, anna.actor.uri, mona)

    assert await Session.all().count() == 0
    assert (await Member.get(id=anna.id)).state is MemberState.DISABLED
    assert (await Actor.get(id=anna.actor_id)).state is ActorState.SUSPENDED
    await take_back(act, mona)
    assert (await Member.get(id=anna.id)).state is MemberState.ACTIVE
    actor = await Actor.get(id=anna.actor_id)
    assert (actor.state, actor.suspended_at) == (ActorState.ACTIVE, None)


async def test_the_person_is_told_and_each_act_is_audited(database: Settings) -> None:
    """T-58: one audit entry for each change."""
    await home()
    mona, anna = await staff(), await member()
    post = await written(anna)

    acts = [await do(kind, uri, mona) for kind, uri in ((ActKind.WARN, post.uri), (ActKind.WARN, anna.actor.uri))]

    paths = await Notification.filter(member_id=anna.id, kind=NotificationKind.MODERATION).order_by("id")
    assert [row.object_uri for row in paths] == [f"/moderation/{act.public_id}" for act in acts]
    assert {(await Actor.get(id=row.actor_id)).local_name for row in paths} == {"actor"}
    entries = await JournalEntry.filter(fact="Moderated").order_by("id")
    assert [entry.payload for entry in entries] == [
        {
            "act_id": act.id,
            "kind": "warn",
            "reason_code": "spam",
            "object_kind": kind,
            "target_uri": anna.actor.uri,
            "object_uri": uri,
        }
        for act, kind, uri in ((acts[0], "post", post.uri), (acts[1], "", ""))
    ]
    assert [entry.by_member_id for entry in entries] == [mona.id, mona.id]
    assert await journal.verify_chain() == 2
