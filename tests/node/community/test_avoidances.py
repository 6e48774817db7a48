"""Blocks and mutes: who no longer reads, follows or hears of whom."""

import pytest

from node.community import avoidances, follows, foreign_posts, journal, posts, timelines, viewer
from node.community.facts import FollowEnded, FollowRefused
from node.community.follows import FollowAnswer, FollowRequest
from node.community.foreign_posts import ForeignPost
from node.community.objects import find
from node.community.posts import PostDraft
from node.community.received import Outcome
from node.community.relation_facts import ActorBlocked, ActorUnblocked
from node.community.visibility import may_read
from node.errors import Invalid, NotFound
from node.models import Actor, Avoidance, AvoidanceKind, Follow, Host, JournalEntry, Member, Notification, Role
from node.policy.grants import FollowGrant
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, MUCH_LATER, NOW, foreigner, home, member

BLOCK = "https://far.example/blocks/1"


async def friends(member_name: str = "anna") -> tuple[Member, Actor]:
    """Let a member and Berta follow each other."""
    await home()
    anna, berta = await member(member_name), await foreigner()
    await follows.request(FollowRequest(berta, anna.actor, "https://far.example/f/1"), grant=FollowGrant.YES, now=NOW)
    await follows.ask(anna.actor, berta, now=NOW)
    assert await follows.confirmed(anna.actor, berta, now=NOW)
    return anna, berta


async def answer(to: str, *, number: int = 1, mentions: tuple[str, ...] = ()) -> Outcome:
    """Let Berta answer something; return what became of it."""
    draft = ForeignPost(
        uri=f"https://far.example/n/{number}", author_uri=BERTA.uri, in_reply_to_uri=to, mentioned_uris=mentions
    )
    return (await foreign_posts.receive(draft, now=LATER)).outcome


async def facts() -> list[object]:
    return [journal.read(entry) for entry in await JournalEntry.all().order_by("id")]


async def test_one_does_not_block_oneself_the_node_or_the_node_s_actor(node_database: Settings) -> None:
    anna, node = await member(), (await home())["actor"]

    for subject in (anna.actor, node, "home.example"):
        with pytest.raises(Invalid):
            await avoidances.avoid(subject, AvoidanceKind.BLOCK, by=anna, now=NOW)
    with pytest.raises(NotFound):
        await avoidances.end(BERTA.uri, by=anna, now=NOW)


async def test_a_block_ends_both_follows_and_keeps_both_apart(database: Settings) -> None:
    anna, berta = await friends()
    post = await posts.publish(PostDraft(text="Hello"), author=anna.actor, now=NOW)

    for _ in range(2):
        await avoidances.avoid(berta, AvoidanceKind.BLOCK, by=anna, now=LATER)

    assert await Follow.all().count() == 0
    assert [type(fact) for fact in (await facts())[-2:]] == [FollowRefused, FollowEnded]
    assert await Notification.filter(member_id=anna.id).count() == 0
    again = FollowRequest(berta, anna.actor, "https://far.example/f/2")
    assert await follows.request(again, grant=FollowGrant.YES, now=LATER) is FollowAnswer.REFUSED
    with pytest.raises(Invalid):
        await follows.ask(anna.actor, berta, now=LATER)
    assert await answer(post.uri) is Outcome.IGNORED
    assert await answer("https://far.example/n/0", mentions=(anna.actor.uri,)) is Outcome.IGNORED
    known = await find(post.uri)
    assert known is not None
    assert not may_read(await viewer.of_actor(berta), known.readable)


async def test_a_block_is_told_only_if_wanted_and_to_software_that_acts_on_it(node_database: Settings) -> None:
    anna, berta = await friends()
    carlo = await foreigner(CARLO)
    await Host.filter(name="far.example").update(software="Mastodon")
    await Host.filter(name="other.example").update(software="lemmy")

    quiet = await avoidances.avoid(berta, AvoidanceKind.BLOCK, by=anna, now=LATER)
    assert quiet.activity_uri is None
    told = await avoidances.avoid(berta, AvoidanceKind.BLOCK, by=anna, now=LATER, tell=True)
    other = await avoidances.avoid(carlo, AvoidanceKind.BLOCK, by=anna, now=LATER, tell=True)
    assert other.activity_uri is None
    await avoidances.end(berta.uri, by=anna, now=MUCH_LATER)
    await avoidances.end(carlo.uri, by=anna, now=MUCH_LATER)

    assert told.activity_uri is not None
    assert (await facts())[-2:] == [
        ActorBlocked(anna.actor_id, berta.id, told.activity_uri),
        ActorUnblocked(anna.actor_id, berta.id, told.activity_uri),
    ]
    assert await Avoidance.all().count() == 0


async def test_a_blocked_server_s_people_are_all_kept_away(database: Settings) -> None:
    """V-G02: the check looks at the actor's own host, whatever id it is named by."""
    anna, berta = await friends()
    post = await posts.publish(PostDraft(text="Hello"), author=anna.actor, now=NOW)

    await avoidances.avoid("far.example", AvoidanceKind.BLOCK, by=anna, now=LATER)

    assert await Follow.all().count() == 0
    assert await answer(post.uri) is Outcome.IGNORED
    assert await avoidances.standing(anna, berta.uri, berta.host) is AvoidanceKind.BLOCK
    other = FollowRequest(berta, anna.actor, "https://far.example/f/3")
    assert await follows.request(other, grant=FollowGrant.YES, now=LATER) is FollowAnswer.REFUSED


@pytest.mark.parametrize("subject", ["person", "host"])
async def test_a_mute_hides_in_lists_and_tells_of_nothing_but_ends_no_follow(
    node_database: Settings, subject: str
) -> None:
    anna, berta = await friends()
    post = await posts.publish(PostDraft(text="Hello"), author=anna.actor, now=NOW)
    await Notification.filter(member_id=anna.id).delete()
    await avoidances.avoid(berta if subject == "person" else berta.host, AvoidanceKind.MUTE, by=anna, now=NOW)

    assert await answer(post.uri) is Outcome.STORED
    await foreign_posts.receive(ForeignPost(uri="https://far.example/n/2", author_uri=berta.uri), now=LATER)

    assert await Follow.all().count() == 2
    assert await Notification.all().count() == 0
    uris = [item.thing.uri for item in (await timelines.home(anna)).items]
    assert uris == [post.uri]
    own_page = await timelines.of_actor(berta, await viewer.of_member(anna))
    assert [item.thing.uri for item in own_page.items] == ["https://far.example/n/2"]

    await avoidances.end(berta.uri if subject == "person" else berta.host, by=anna, now=LATER)
    assert len((await timelines.home(anna)).items) == 2


async def test_a_foreign_block_ends_both_follows_without_a_word(database: Settings) -> None:
    anna, berta = await friends()
    before = await facts()

    assert await avoidances.received_block(berta, anna.actor, activity_uri=BLOCK, now=LATER)
    assert not await avoidances.received_block(berta, anna.actor, activity_uri=BLOCK, now=LATER)

    assert (await Follow.all().count(), await facts()) == (0, before)
    replay = FollowRequest(berta, anna.actor, "https://far.example/f/1")
    assert await follows.request(replay, grant=FollowGrant.YES, now=LATER) is FollowAnswer.IGNORED
    assert await Notification.filter(member_id=anna.id).count() == 0
    with pytest.raises(Invalid):
        await follows.ask(anna.actor, berta, now=LATER)
    assert await avoidances.received_unblock(berta, anna.actor.uri)
    await follows.ask(anna.actor, berta, now=LATER)


async def test_a_foreign_block_hides_nothing_from_our_people_and_ours_nothing_from_moderators(
    node_database: Settings,
) -> None:
    """Nobody escapes a moderator by blocking them."""
    anna, berta = await friends()
    mod, ben = await member("mod_one", role=Role.MODERATOR), await member("ben_one")
    await foreign_posts.receive(
        ForeignPost(uri="https://far.example/n/5", author_uri=berta.uri, is_solicited=True), now=NOW
    )
    hers, theirs = await posts.publish(PostDraft(text="Hello"), author=anna.actor, now=NOW), "https://far.example/n/5"
    await avoidances.received_block(berta, anna.actor, activity_uri=BLOCK, now=LATER)
    for each in (mod, ben):
        await avoidances.avoid(each.actor, AvoidanceKind.BLOCK, by=anna, now=LATER)

    async def reads(who: Member, uri: str) -> bool:
        known = await find(uri)
        assert known is not None
        return may_read(await viewer.of_member(who), known.readable)

    assert await reads(anna, theirs)
    assert (await reads(mod, hers.uri), await reads(ben, hers.uri)) == (True, False)
