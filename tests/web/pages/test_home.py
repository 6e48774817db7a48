"""Home timeline, notifications, follow requests, following. V-M25, T-54, A-08."""

from typing import Any

import pytest

from node.community import follows, interactions, posts, trust
from node.community.follows import FollowRequest
from node.community.posts import PostDraft
from node.models import Actor, Follow, FollowState, Job, Member, Mode, Visibility
from node.policy import registry as policy
from node.policy.grants import FollowGrant
from node.policy.registry import Change
from tests.node.community.people import foreigner
from tests.web.building import Building
from tests.web.visitor import Visitor


@pytest.fixture
async def visitor(building: Building) -> Visitor:
    """Return a signed-in member on an open node."""
    await policy.start(Mode.OPEN, now=building.clock.now())
    await building.registry.refresh()
    return await building.signed_in("anna")


async def test_nobody_answers_a_request_for_somebody_else_v_m25(building: Building, visitor: Visitor) -> None:
    tui = await building.member("tui")
    asked = await _ask_to_follow(building, tui.actor)

    answers = [(await _send(visitor, f"/requests/{asked}/{act}")).status for act in ("accept", "refuse")]

    assert answers == [404, 404]
    assert (await Follow.get()).state is FollowState.PENDING


async def test_a_request_is_accepted(building: Building, visitor: Visitor) -> None:
    asked = await _ask_to_follow(building, await Actor.get(local_name="anna"))

    page = await visitor.get("/requests")
    done = await visitor.send(page, f"/requests/{asked}/accept")

    assert ("@berta@far.example" in page.shown(), done.header("location")) == (True, "/requests")
    assert (await Follow.get()).state is FollowState.ACCEPTED


async def test_a_request_is_refused(building: Building, visitor: Visitor) -> None:
    asked = await _ask_to_follow(building, await Actor.get(local_name="anna"))

    await visitor.send(await visitor.get("/requests"), f"/requests/{asked}/refuse")

    assert await Follow.all() == []


async def test_looking_at_notifications_changes_nothing_and_the_button_does_a08(
    building: Building, visitor: Visitor
) -> None:
    anna = await Actor.get(local_name="anna")
    tui = await building.member("tui")
    post = await posts.publish(PostDraft(text="Talofa", language="sm"), author=anna, now=building.clock.now())
    await interactions.like(post.uri, by=tui.actor, now=building.clock.advance(5))

    page = await visitor.get("/notifications")
    before = (await Member.get(actor__local_name="anna")).notifications_seen_at
    await visitor.send(page, "/notifications/seen")
    after = await visitor.get("/notifications")

    assert "Tui @tui likes this" in page.shown()
    assert ("New" in page.shown(), before, "New" in after.shown()) == (True, None, False)


async def test_the_home_page_shows_own_posts_and_those_of_the_followed(building: Building, visitor: Visitor) -> None:
    tui, mele = await building.member("tui"), await building.member("mele")
    for member, text in ((tui, "From Tui"), (mele, "From Mele")):
        await posts.publish(PostDraft(text=text, language="en"), author=member.actor, now=building.clock.now())

    await _send(visitor, "/follow", who="tui")
    page = await visitor.get("/home")

    assert ("From Tui" in page.shown(), "From Mele" in page.shown()) == (True, False)
    assert "0 of 5 done" in page.shown()


async def test_a_handle_from_elsewhere_is_looked_up_and_not_waited_for(building: Building, visitor: Visitor) -> None:
    page = await _send(visitor, "/follow", who="@berta@far.example")
    job = await Job.get(kind="fetch")

    assert (page.status, (page.header("location") or "").startswith("/looking-up/")) == (303, True)
    assert job.payload["subject"] == "@berta@far.example"
    assert job.payload["member_id"] == (await Member.get()).id


async def test_somebody_known_from_elsewhere_is_asked_at_once(building: Building, visitor: Visitor) -> None:
    await foreigner()

    page = await _send(visitor, "/follow", who="@berta@far.example", next="https://evil.example/")

    assert page.header("location") == "/following"
    assert (await Follow.get()).state is FollowState.PENDING


async def test_a_server_that_policy_keeps_out_is_not_even_looked_up(building: Building, visitor: Visitor) -> None:
    blocked = Change(patterns=("far.example",), preset="T0", reason_code="spam")
    await trust.change(blocked, registry=building.registry, by_member_id=None, now=building.clock.now())

    page = await _send(visitor, "/follow", who="@berta@far.example")

    assert (page.status, page.form("/follow")["who"]) == (422, "@berta@far.example")
    assert await Job.filter(kind="fetch") == []


@pytest.mark.parametrize("typed", ["", "nobody_here", "@lani@", "lani@127.0.0.1", "https://", "@anna"])
async def test_what_cannot_be_followed_says_why_and_stays_typed(visitor: Visitor, typed: str) -> None:
    page = await _send(visitor, "/follow", who=typed)

    assert (page.status, page.form("/follow")["who"]) == (422, typed)
    assert await Follow.all() == []


async def test_following_ends_with_a_button(building: Building, visitor: Visitor) -> None:
    await building.member("tui")
    await _send(visitor, "/follow", who="tui")

    page = await visitor.get("/following")
    await visitor.send(page, "/unfollow")

    assert "@tui" in page.shown()
    assert await Follow.all() == []


async def test_a_followers_list_shows_who_follows(building: Building, visitor: Visitor) -> None:
    tui = await building.member("tui")
    await follows.ask(tui.actor, await Actor.get(local_name="anna"), now=building.clock.now())

    assert "@tui" in (await visitor.get("/followers")).shown()


async def _ask_to_follow(building: Building, target: Any) -> int:
    lani = await foreigner()
    request = FollowRequest(lani, target, "https://far.example/follows/1")
    await follows.request(request, grant=FollowGrant.ASK, now=building.clock.now())
    return int((await Follow.get()).id)


async def _send(visitor: Visitor, path: str, **typed: str) -> Any:
    token = (await visitor.get("/following")).form("/follow")["form_token"]
    return await visitor.post(path, {"form_token": token, **typed})


async def test_a_follower_is_sent_away_by_the_one_who_is_followed(building: Building, visitor: Visitor) -> None:
    tui = await building.member("tui")
    anna = await Actor.get(local_name="anna")
    await follows.ask(tui.actor, anna, now=building.clock.now())

    other = await building.signed_in("mele")
    refused = await _send(other, "/followers/dismiss", uri=tui.actor.uri)
    page = await visitor.send(await visitor.get("/followers"), "/followers/dismiss")

    assert (refused.status, page.header("location"), await Follow.all()) == (404, "/followers", [])


async def test_drafts_are_found_again_by_their_author_alone(building: Building, visitor: Visitor) -> None:
    anna = await Actor.get(local_name="anna")
    draft = PostDraft(text="Half a thought", language="en", visibility=Visibility.DRAFT)
    post = await posts.publish(draft, author=anna, now=building.clock.now())
    other = await building.signed_in("tui")

    page = await visitor.get("/drafts")
    form = await visitor.get(page.document.xpath("//main//a")[0].get("href"))

    assert form.form(f"/posts/{post.public_id}/edit")["text"].strip() == "Half a thought"
    assert "Half a thought" not in (await other.get("/drafts")).text
