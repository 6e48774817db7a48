"""What came in is not sent out again by us, and one small thing is not made into many. T-99, T-101."""

from typing import Any

import pytest

from node.community import posts
from node.community.posts import PostDraft
from node.models import Boost, Post
from tests.inbox.strangers import our_post
from tests.inbox.test_handlers import befriended, told
from tests.standing import BASE, INBOXES, Company

Json = dict[str, Any]


@pytest.mark.parametrize("inbox", INBOXES)
async def test_nothing_that_others_wrote_is_passed_on_by_us_t101(company: Company, inbox: str) -> None:
    """Two servers that pass the same thing on to each other: at most two messages, and none of them is ours.

    Both are followed from here and follow us; an answer to our post is addressed to our followers; a Group of theirs
    announces what our Group announced.
    """
    home = company.home
    rosa = await befriended(company)
    group = company.third.actor("forum", "Group")
    for peer, actor in ((company.good, rosa), (company.third, group)):
        for followed in (home.amina.actor.uri, f"{BASE}/ap/g/posts", f"{BASE}/ap/g/network"):
            assert await told(company, peer, peer.activity("Follow", actor, followed), actor) == "done"
    post = await our_post(company)
    await home.work()
    ours = {entry.activity["id"] for peer in (company.good, company.third) for entry in peer.received}
    announced: list[Json] = [entry.activity for entry in company.third.of_type("Announce")]
    assert len(announced) == 1

    answer = company.good.note(rosa, "<p>Yes</p>", inReplyTo=post.uri, cc=[f"{BASE}/ap/u/amina/followers"])
    create = company.good.activity("Create", rosa, answer)
    for _ in range(3):
        await told(company, company.good, create, rosa, inbox)
        await home.post(company.third, create, group, inbox)
    for again in (announced[0]["id"], post.uri, answer["id"], create["id"], announced[0]):
        await told(company, company.third, company.third.activity("Announce", group, again), group, inbox)
        await told(company, company.good, company.good.activity("Announce", rosa, again), rosa, inbox)

    sent = [entry.activity for peer in (company.good, company.third) for entry in peer.received]
    assert [each for each in sent if each["id"] not in ours] == []
    assert await Post.filter(uri=answer["id"]).count() == 1
    assert await Boost.filter(actor__is_local=True, object_uri=answer["id"]).count() == 0


async def test_a_thing_that_is_told_to_many_at_one_server_is_told_once_t99(company: Company) -> None:
    """T-100: all followers with one shared inbox are one delivery, and a Follow is answered once."""
    home = company.home
    for number in range(4):
        fan = company.good.actor(f"fan{number}")
        said = company.good.activity("Follow", fan, home.amina.actor.uri)
        assert (await home.post(company.good, said, fan)).status == 202
    await home.work()
    assert len(company.good.of_type("Accept")) == 4

    await posts.publish(PostDraft("Once"), author=home.amina.actor, now=home.now)
    await home.work()

    assert len(company.good.of_type("Create")) == 1
