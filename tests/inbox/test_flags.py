"""Flag: what other servers report reaches the desk; what is none of theirs does not."""

import pytest

from node.community import posts
from node.community.posts import PostDraft
from node.models import Actor, Notification, Report, Visibility
from tests.inbox.strangers import introduce, our_post
from tests.inbox.test_handlers import told
from tests.peers.actors import Json, PeerActor
from tests.standing import INBOXES, Company


def flag(company: Company, by: PeerActor, *about: str, text: str = "<p>Rude <b>words</b></p>") -> Json:
    """Return a Flag as Mastodon sends it: no `to`, the account first."""
    told_bare = company.good.activity("Flag", by, list(about)) | {"content": text}
    return {name: value for name, value in told_bare.items() if name not in ("to", "cc")}


async def test_what_a_server_can_t_have_is_left_out_and_nothing_is_told_back(company: Company) -> None:
    """V-L01: a report is no way to learn what a private post says, or that it exists."""
    home = company.home
    inside = await posts.publish(
        PostDraft(text="The key is under the mat", visibility=Visibility.MEMBERS), author=home.amina.actor, now=home.now
    )
    node = await introduce(company, company.good, "node")

    outcome = await told(company, company.good, flag(company, node, inside.uri), node)

    assert outcome == "ignored: it reports nobody of ours"
    assert await told(company, company.good, flag(company, node, home.amina.actor.uri, inside.uri), node) == "done"
    assert (await Report.get()).objects == []
    assert company.good.received == []


async def test_a_flag_about_strangers_or_nothing_is_ignored(company: Company) -> None:
    node, eve = await introduce(company, company.good, "node"), await introduce(company, company.evil, "eve")

    for about in ((), (eve.uri,), ("http://home.test/ap/u/nobody",), ("http://home.test/actor",)):
        assert (await told(company, company.good, flag(company, node, *about), node)).startswith("ignored")

    assert await Report.all().count() == 0


@pytest.mark.parametrize("inbox", INBOXES)
async def test_nobody_reports_in_another_s_name(company: Company, inbox: str) -> None:
    """V-G01."""
    node, eve = await introduce(company, company.good, "node"), await introduce(company, company.evil, "eve")
    forged = flag(company, node, company.home.amina.actor.uri)

    assert (await company.home.post(company.evil, forged, eve, inbox)).status == 401
    assert await Report.all().count() == 0


async def test_a_report_reaches_the_desk_once_short_and_clean(company: Company) -> None:
    """T-25: a list without end and a text without end are cut."""
    post = await our_post(company)
    amina = company.home.amina.actor
    node = await introduce(company, company.good, "node")
    crowd = [f"http://home.test/ap/n/{number}" for number in range(600)]

    big = flag(company, node, amina.uri, post.uri, *crowd, text="<script>x</script><p>Rude</p>" + "y" * 30_000)
    for _ in range(2):
        assert await told(company, company.good, big, node) == "done"
    anew = big | {"id": f"{big['id']}/2"}
    assert await told(company, company.good, anew, node) == "done"

    first, _second = await Report.all().order_by("id")
    assert (first.target_id, first.objects, first.activity_uri) == (amina.id, [post.uri], big["id"])
    assert first.reporter_id == (await Actor.get(uri=node.uri)).id
    assert "script" not in first.text
    assert len(first.text) <= 3_001
    assert await Notification.filter(member_id=company.home.amina.id).count() == 0
