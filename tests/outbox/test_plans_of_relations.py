"""Follows, likes and boosts as they are told, compared whole with what was written by hand."""

import json
from dataclasses import replace

from node.community import avoidances, follows, interactions, moves, pins, posts, reports
from node.community.posts import PostDraft
from node.community.reports import NewReport
from node.models import Actor, AvoidanceKind, Concern, Host
from outbox.models import Delivery, PublishedActivity
from tests.outbox.foreigners import following, foreigner
from tests.outbox.test_plans import AMINA, PUBLIC, act, told
from tests.standing import BASE, Company, Standing


async def test_follows_are_asked_answered_and_ended(company: Company) -> None:
    home = company.home
    rosa = await foreigner("rosa", "good.test", now=home.now)
    asked = await follows.ask(home.amina.actor, rosa, now=home.now)
    (follow,) = [json.loads(row.body) for row in await _bridged(home)]
    assert follow["id"] == asked.activity_uri
    assert await told(home) == [act("Follow", AMINA, rosa.uri, [rosa.uri], [])]

    await follows.undo(home.amina.actor, rosa, now=home.now)
    original = {"id": asked.activity_uri, "type": "Follow", "actor": AMINA, "object": rosa.uri}
    assert await told(home) == [act("Undo", AMINA, original, [rosa.uri], [])]

    await following(rosa, home.amina.actor, now=home.now)
    theirs = {"id": f"{rosa.uri}#follows/{home.amina.actor_id}", "type": "Follow", "actor": rosa.uri, "object": AMINA}
    assert await told(home) == [act("Accept", AMINA, theirs, [rosa.uri], [])]


async def _bridged(home: Standing) -> list[PublishedActivity]:
    await home.bridge()
    return await PublishedActivity.all().order_by("id")


async def test_likes_and_boosts_go_to_the_author_boosts_to_followers_too(company: Company) -> None:
    home = company.home
    rosa = company.good.actor("rosa")
    theirs = company.good.note(rosa, "<p>Look</p>", tag=[{"type": "Mention", "href": AMINA, "name": "@amina"}])
    await home.post(company.good, company.good.activity("Create", rosa, theirs), rosa)
    await home.work()
    uri = str(theirs["id"])

    like = await interactions.like(uri, by=home.amina.actor, now=home.now)
    boost = await interactions.boost(uri, by=home.amina.actor, now=home.now)
    rows = await _bridged(home)
    assert [row.uri for row in rows] == [like.activity_uri, boost.activity_uri]
    everybody = ([PUBLIC], [f"{AMINA}/followers", rosa.uri])
    assert await told(home) == [
        act("Like", AMINA, uri, [rosa.uri], []),
        act("Announce", AMINA, uri, *everybody),
    ]

    await interactions.unlike(uri, by=home.amina.actor, now=home.now)
    await interactions.unboost(uri, by=home.amina.actor, now=home.now)
    undone = [{"id": like.activity_uri, "type": "Like", "actor": AMINA, "object": uri},
              {"id": boost.activity_uri, "type": "Announce", "actor": AMINA, "object": uri}]  # fmt: skip
    assert await told(home) == [
        act("Undo", AMINA, undone[0], [rosa.uri], []),
        act("Undo", AMINA, undone[1], *everybody),
    ]


async def test_a_block_is_told_to_the_one_who_is_blocked_alone_and_taken_back_whole(company: Company) -> None:
    home = company.home
    rosa = await foreigner("rosa", "good.test", now=home.now)
    await Host.filter(name="good.test").update(software="mastodon")

    block = await avoidances.avoid(rosa, AvoidanceKind.BLOCK, by=home.amina, now=home.now, tell=True)
    await avoidances.end(rosa.uri, by=home.amina, now=home.now)

    await home.bridge()
    assert set(await Delivery.all().values_list("inbox_url", flat=True)) == {f"{rosa.uri}/inbox"}
    original = {"id": block.activity_uri, "type": "Block", "actor": AMINA, "object": rosa.uri}
    assert await told(home) == [
        act("Block", AMINA, rosa.uri, [rosa.uri], []),
        act("Undo", AMINA, original, [rosa.uri], []),
    ]


async def test_a_post_that_names_somebody_who_is_apart_does_not_reach_them(company: Company) -> None:
    home = company.home
    rosa = await foreigner("rosa", "good.test", now=home.now, shared=False)
    await avoidances.received_block(rosa, home.amina.actor, activity_uri=f"{rosa.uri}#block", now=home.now)

    await posts.publish(PostDraft(text="Look @rosa@good.test"), author=home.amina.actor, now=home.now)

    await home.bridge()
    assert await Delivery.all().count() == 0


async def test_a_report_goes_out_in_the_name_of_the_node(company: Company) -> None:
    """Neither id nor name of whoever reported leaves the node."""
    home = company.home
    rosa = company.good.actor("rosa")
    theirs = company.good.note(rosa, "<p>Rude</p>", tag=[{"type": "Mention", "href": AMINA, "name": "@amina"}])
    await home.post(company.good, company.good.activity("Create", rosa, theirs), rosa)
    await home.work()
    uri = str(theirs["id"])

    kept = NewReport((uri,), Concern.HARASSMENT, "Stays here")
    await reports.file(kept, by=home.amina, now=home.now)
    await reports.file(replace(kept, text="Please look", forward=True), by=home.amina, now=home.now)

    node = f"{BASE}/actor"
    assert await told(home) == [act("Flag", node, [rosa.uri, uri], [rosa.uri], []) | {"content": "Please look"}]
    await reports.file(replace(kept, forward=True), by=home.amina, now=home.now)
    await home.work()
    (entry,) = company.good.of_type("Flag")
    assert entry.activity["actor"] == node
    assert "amina" not in json.dumps(entry.activity)


async def test_a_move_is_told_to_followers_after_the_changed_actor(company: Company) -> None:
    home = company.home
    rosa = await foreigner("rosa", "good.test", now=home.now)
    await following(rosa, home.amina.actor, now=home.now)
    new = await foreigner("amina", "third.test", now=home.now)
    await Actor.filter(id=new.id).update(also_known_as=[AMINA])
    await told(home)

    await moves.leave_for(await Actor.get(id=new.id), by=home.amina, may_follow=True, now=home.now)

    changed, moved = await told(home)
    assert (changed["type"], changed["object"]["movedTo"]) == ("Update", new.uri)
    assert moved == act("Move", AMINA, AMINA, [f"{AMINA}/followers"], []) | {"target": new.uri}
    document = json.loads((await home.get("/ap/u/amina")).body)
    assert document["movedTo"] == new.uri


async def test_pins_are_told_to_followers_and_listed_first(company: Company) -> None:
    home = company.home
    await following(await foreigner("rosa", "good.test", now=home.now), home.amina.actor, now=home.now)
    post = await posts.publish(PostDraft(text="Read this first"), author=home.amina.actor, now=home.now)
    await told(home)

    await pins.pin(post.uri, by=home.amina, now=home.now)
    listed = json.loads((await home.get("/ap/u/amina/featured")).body)
    await pins.unpin(post.uri, by=home.amina, now=home.now)

    everybody = ([PUBLIC], [f"{AMINA}/followers"])
    target = {"target": f"{AMINA}/featured"}
    assert await told(home) == [
        act("Add", AMINA, post.uri, *everybody) | target,
        act("Remove", AMINA, post.uri, *everybody) | target,
    ]
    assert (listed["totalItems"], listed["orderedItems"]) == (1, [post.uri])
