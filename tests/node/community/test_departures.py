"""Members who leave, and hosts that are shut out."""

from dataclasses import replace

import pytest

from node.community import (
    departures,
    events,
    foreign_actors,
    foreign_posts,
    interactions,
    posts,
    practices,
    suspensions,
    threads,
    timelines,
)
from node.community.foreign_posts import ForeignPost
from node.community.posts import PostDraft
from node.community.visibility import ANONYMOUS
from node.errors import NotAllowed, NotFound, Withdrawn
from node.models import Actor, ActorState, JournalEntry, Like, SearchEntry
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, LATER, MUCH_LATER, NOW, foreigner, home, member
from tests.node.community.test_events import WORKSHOP
from tests.node.community.test_practices import FULL

ANSWER = ForeignPost(uri="https://far.example/n/1", author_uri=BERTA.uri, content_html="<p>one</p>")


async def test_a_group_does_not_leave(node_database: Settings) -> None:
    groups, berta = await home(), await foreigner()

    for actor in (groups["posts"], groups["actor"], berta):
        with pytest.raises(NotAllowed):
            await departures.leave(actor, now=LATER)


async def test_who_leaves_takes_their_words_and_leaves_the_records(database: Settings) -> None:
    """V-K13: the name stays taken."""
    await home()
    anna, boris = await member(), await member("boris", "Boris")
    post = await posts.publish(PostDraft("mine #Tag"), author=anna.actor, now=NOW)
    event = await events.publish(WORKSHOP, by=anna, now=NOW)
    record = await practices.publish(FULL, by=anna, now=NOW)
    other = await posts.publish(PostDraft("other"), author=boris.actor, now=NOW)
    await interactions.like(other.uri, by=anna.actor, now=NOW)

    await departures.leave(anna.actor, now=LATER)
    await departures.leave(await Actor.get(id=anna.actor_id), now=MUCH_LATER)

    for verb, uri in ((posts.standing, post.uri), (events.standing, event.uri)):
        with pytest.raises(Withdrawn):
            await verb(uri)
    assert (await practices.standing(record.uri)).title == FULL.title
    row = await Actor.get(id=anna.actor_id)
    assert (row.state, row.display_name, row.local_name) == (ActorState.GONE, "", "anna")
    assert await Like.all().count() == 0
    assert set(await SearchEntry.all().values_list("object_uri", flat=True)) >= {record.uri, other.uri}
    assert not await SearchEntry.filter(object_uri__in=[post.uri, event.uri, row.uri]).exists()
    assert await JournalEntry.filter(fact="ActorLeft").count() == 1


async def test_what_a_shut_out_host_said_is_hidden_until_it_comes_back(database: Settings) -> None:
    """V-M26."""
    anna = await member()
    await foreigner()
    await foreigner(CARLO)
    top = await posts.publish(PostDraft("top"), author=anna.actor, now=NOW)
    await foreign_posts.receive(replace(ANSWER, in_reply_to_uri=top.uri), now=LATER)

    assert await suspensions.follow_policy("far.example", is_admitted=False) == 1

    view = await threads.thread(top.uri, ANONYMOUS)
    assert (view.answers, view.hidden) == ((), 1)
    with pytest.raises(NotFound):
        await threads.thread(ANSWER.uri, ANONYMOUS)
    assert (await timelines.network(ANONYMOUS)).items[0].thing.uri == top.uri
    assert (await Actor.get(uri=CARLO.uri)).state is ActorState.ACTIVE
    assert await suspensions.follow_policy("far.example", is_admitted=True) == 1
    assert len((await threads.thread(top.uri, ANONYMOUS)).answers) == 1


async def test_who_is_suspended_at_home_stays_so(node_database: Settings) -> None:
    await foreign_actors.remember(replace(BERTA, is_suspended=True, document='{"suspended": true}'), now=NOW)

    assert await suspensions.follow_policy("far.example", is_admitted=True) == 0

    assert (await Actor.get()).state is ActorState.SUSPENDED
