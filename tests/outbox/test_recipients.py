"""Whose inboxes get what: each once, shared where it may be, as policy allows. T-86, T-99."""

from node.community import events, follows, posts
from node.community.event_rules import EventDraft
from node.community.posts import PostDraft
from node.models import Actor, ActorKind, Member, Post, Visibility
from outbox.models import Delivery, PublishedActivity, Reach
from outbox.recipients import recipients
from outbox.telling import Audience, Telling
from tests.outbox.foreigners import following, foreigner
from tests.standing import Company, Standing

SHARED = "http://{}/inbox"


async def told(home: Standing, audience: Audience, visibility: Visibility = Visibility.PUBLIC) -> list[str]:
    """Return the inboxes for something by Amina."""
    telling = Telling(home.amina.actor, {}, "http://home.test/ap/n/1", visibility, audience)
    found = await recipients(telling, registry=home.node.registry, relaxed=True, now=home.now)
    return [each.inbox_url for each in found]


async def sent(home: Standing) -> dict[str, list[str]]:
    """Return the inboxes of the deliveries by type and sender of the activity."""
    await home.bridge()
    found: dict[str, list[str]] = {}
    for row in await Delivery.all().select_related("activity__actor").order_by("id"):
        found.setdefault(f"{row.activity.type} by {row.activity.actor.name}", []).append(row.inbox_url)
    return found


async def say(home: Standing, text: str = "Hello", *, visibility: Visibility = Visibility.PUBLIC) -> Post:
    draft = PostDraft(text=text, language="en", visibility=visibility)
    return await posts.publish(draft, author=home.amina.actor, now=home.now)


async def test_many_followers_on_one_host_are_one_inbox(company: Company) -> None:
    """T-99."""
    home = company.home
    for number in range(30):
        await following(await foreigner(f"f{number}", "good.test", now=home.now), home.amina.actor, now=home.now)
    alone = await foreigner("alone", "evil.test", now=home.now, shared=False)
    await following(alone, home.amina.actor, now=home.now)

    inboxes = await told(home, Audience(followers_of=(home.amina.actor,)))

    assert inboxes == ["http://good.test/inbox", "http://evil.test/users/alone/inbox"]


async def test_who_is_named_in_public_gets_it_by_the_inbox_that_followers_share(company: Company) -> None:
    """One POST for a server that has a follower and somebody who is named."""
    home = company.home
    fan, named = [await foreigner(name, "good.test", now=home.now) for name in ("fan", "named")]
    await following(fan, home.amina.actor, now=home.now)
    audience = Audience(followers_of=(home.amina.actor,), named=(named,), acquainted=home.amina.actor)

    assert await told(home, audience) == ["http://good.test/inbox"]
    assert await told(home, Audience(named=(named,)), Visibility.DIRECT) == ["http://good.test/users/named/inbox"]


async def test_nobody_here_and_nobody_gone_has_an_inbox(company: Company) -> None:
    home = company.home
    gone = await foreigner("gone", "good.test", now=home.now)
    await Actor.filter(id=gone.id).update(state="gone")
    await gone.refresh_from_db()

    assert await told(home, Audience(named=(home.amina.actor, gone))) == []
    await Reach.create(object_uri="http://home.test/ap/n/1", inbox_url="http://home.test/ap/inbox")
    assert await told(home, Audience(reached_by="http://home.test/ap/n/1")) == []


async def test_hosts_that_policy_keeps_out_get_nothing(company: Company) -> None:
    """T-86: followers, named people and inboxes reached before."""
    home = company.home
    out = await foreigner("out", "evil.test", now=home.now)
    fan = await foreigner("fan", "good.test", now=home.now)
    for each in (out, fan):
        await following(each, home.amina.actor, now=home.now)
    await Reach.create(object_uri="http://home.test/ap/n/1", inbox_url="http://evil.test/inbox")
    await home.decide("T0", "evil.test")
    audience = Audience(followers_of=(home.amina.actor,), named=(out,), reached_by="http://home.test/ap/n/1")

    assert await told(home, audience) == ["http://good.test/inbox"]


async def test_what_is_for_the_network_goes_to_partners_alone(company: Company) -> None:
    """T4 and above, whoever else follows."""
    home = company.home
    partner, guest = [await foreigner("hub", host, now=home.now) for host in ("good.test", "evil.test")]
    for each in (partner, guest):
        await following(each, home.amina.actor, now=home.now)
    await home.decide("T4", "good.test")
    await home.bridge()
    await Delivery.filter(id__gt=0).delete()

    await say(home, visibility=Visibility.NETWORK)

    assert await sent(home) == {"Create by amina": ["http://good.test/inbox"]}


async def test_a_member_s_post_comes_from_its_author_and_is_passed_on_by_the_group_to_the_same_server(
    company: Company,
) -> None:
    """Who follows @posts sees it, although somebody else there follows the author."""
    home = company.home
    fan, reader, all_round = [await foreigner(name, "good.test", now=home.now) for name in ("fan", "reader", "all")]
    only_network = await foreigner("only", "evil.test", now=home.now)
    await following(fan, home.amina.actor, now=home.now)
    await following(reader, await home.actor("/ap/g/posts"), now=home.now)
    for each in (all_round, only_network):
        await following(each, await home.actor("/ap/g/network"), now=home.now)
    await home.bridge()
    await Delivery.filter(id__gt=0).delete()

    await say(home)

    assert await sent(home) == {
        "Create by amina": ["http://good.test/inbox"],
        "Announce by posts": ["http://good.test/inbox"],
        "Announce by network": ["http://evil.test/inbox"],
    }


async def test_everybody_who_got_it_gets_its_changes_and_its_end(company: Company) -> None:
    """Reach is remembered, also for those who unfollowed since and those who got it from a Group."""
    home = company.home
    fan = await following(await foreigner("fan", "good.test", now=home.now), home.amina.actor, now=home.now)
    group = await home.actor("/ap/g/posts")
    await following(await foreigner("reader", "evil.test", now=home.now), group, now=home.now)
    post = await say(home)
    await home.bridge()
    await follows.undo(fan, home.amina.actor, now=home.now)
    await Delivery.filter(id__gt=0).delete()

    home.clock.advance(60)
    await posts.edit(post.uri, PostDraft(text="Hello again", language="en"), author=home.amina.actor, now=home.now)
    await home.bridge()
    home.clock.advance(60)
    await posts.withdraw(post.uri, by=home.amina, now=home.now)

    assert await sent(home) == {
        "Update by amina": ["http://good.test/inbox", "http://evil.test/inbox"],
        "Delete by amina": ["http://good.test/inbox", "http://evil.test/inbox"],
    }
    assert await PublishedActivity.filter(object_uri=post.uri).count() == 5


async def test_an_instance_that_follows_the_node_gets_every_event(company: Company) -> None:
    home = company.home
    calendar = await foreigner("relay", "good.test", now=home.now, kind=ActorKind.APPLICATION)
    await following(calendar, await home.actor("/actor"), now=home.now)
    await home.bridge()
    await Delivery.filter(id__gt=0).delete()
    editor = await home.member("esi")
    await publish_event(home, editor)

    assert await sent(home) == {"Announce by home.test": ["http://good.test/inbox"]}


async def publish_event(home: Standing, member: Member, *, for_network: bool = False) -> None:
    draft = EventDraft(
        title="Open budget evening",
        start_local="2026-04-02T18:00",
        end_local="2026-04-02T20:00",
        time_zone="Africa/Nairobi",
        text="Bring your questions.",
        language="en",
        online_url="https://meet.example/budget",
    )
    publish = events.publish_for_network if for_network else events.publish
    await publish(draft, by=member, now=home.now)
