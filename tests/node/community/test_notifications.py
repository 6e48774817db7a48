"""What a member hears about."""

from dataclasses import replace

from node.community import foreign_posts, notifications, posts
from node.community.foreign_posts import ForeignPost
from node.community.posts import PostDraft
from node.models import Member, NotificationKind
from node.settings import Settings
from tests.node.community.people import BERTA, LATER, MUCH_LATER, NOW, foreigner, member

ANSWER = ForeignPost(uri="https://far.example/n/1", author_uri=BERTA.uri, content_html="<p>one</p>")


async def test_nobody_is_told_what_they_may_not_read_any_more(node_database: Settings) -> None:
    anna, boris = await member(), await member("boris", "Boris")
    post = await posts.publish(PostDraft("@boris hello"), author=anna.actor, now=NOW)
    assert await notifications.unseen(boris) == 1

    await posts.withdraw(post.uri, by=anna, now=LATER)

    assert (await notifications.of(boris)).items == ()


async def test_notices_come_latest_first_until_they_are_seen(database: Settings) -> None:
    anna = await member()
    berta = await foreigner()
    top = await posts.publish(PostDraft("top"), author=anna.actor, now=NOW)
    for number in range(22):
        answer = replace(ANSWER, uri=f"https://far.example/n/{number}", in_reply_to_uri=top.uri)
        await foreign_posts.receive(answer, now=LATER)

    first = await notifications.of(anna)
    second = await notifications.of(anna, before=first.next)

    assert (len(first), len(second), second.next) == (20, 2, None)
    newest = first.items[0]
    assert (newest.kind, newest.actor.id, newest.at, newest.is_new) == (
        NotificationKind.REPLY,
        berta.id,
        LATER,
        True,
    )
    assert newest.thing is not None and newest.thing.uri == "https://far.example/n/21"
    assert await notifications.unseen(anna) == 22
    await notifications.mark_seen(anna, now=MUCH_LATER)
    again = await Member.get(id=anna.id)
    assert (await notifications.unseen(again), (await notifications.of(again)).items[0].is_new) == (0, False)
