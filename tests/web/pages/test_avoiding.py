"""Muting and blocking from a profile: who is not there can't be kept away from, and the list ends it."""

import pytest

from node.community.kinds import AvoidanceKind
from node.models import Avoidance, Host
from tests.web.pages.conftest import Inhabited

BERTA = "https://far.example/users/berta"


@pytest.mark.parametrize("uri", ["https://far.example/users/nobody", "", "https://home.example/actor"])
async def test_nobody_keeps_away_from_somebody_unknown(inhabited: Inhabited, uri: str) -> None:
    visitor = await inhabited.building.signed_in("tui")

    page = await visitor.get(f"/avoid?uri={uri}")

    assert page.status == 404
    assert await Avoidance.all().count() == 0


async def test_a_form_without_a_choice_changes_nothing(inhabited: Inhabited) -> None:
    visitor = await inhabited.building.signed_in("tui")

    page = await visitor.send(await visitor.get(f"/avoid?uri={BERTA}"), "/avoid", way="burn")

    assert page.status == 422
    assert await Avoidance.all().count() == 0


async def test_a_server_of_ours_is_not_offered(inhabited: Inhabited) -> None:
    visitor = await inhabited.building.signed_in("tui")

    page = await visitor.send(
        await visitor.get("/avoid?uri=https://home.example/ap/u/anna"), "/avoid", way="block_server"
    )

    assert (page.status, await Avoidance.all().count()) == (422, 0)


async def test_from_a_profile_to_the_list_and_back(inhabited: Inhabited) -> None:
    visitor = await inhabited.building.signed_in("tui")
    profile = await visitor.get("/@berta@far.example")
    assert profile.document.xpath("//a[text()='Mute or block']/@href") == [f"/avoid?uri={BERTA.replace(':', '%3A')}"]
    await Host.filter(name="far.example").update(software="mastodon")

    done = await visitor.send(await visitor.get(f"/avoid?uri={BERTA}"), "/avoid", way="block", tell="1")
    listed = await visitor.get("/settings/avoided")

    assert (done.status, done.header("location")) == (303, "/settings/avoided")
    assert "Berta Kim" in listed.shown()
    assert "Their server was told" in listed.shown()
    row = await Avoidance.get()
    assert (row.kind, row.subject) == (AvoidanceKind.BLOCK, BERTA)
    again = await visitor.get(f"/avoid?uri={BERTA}")
    assert "Blocked" in again.shown()

    ended = await visitor.send(listed, "/avoid/end")
    assert (ended.status, await Avoidance.all().count()) == (303, 0)


async def test_a_whole_server_is_muted_by_its_name(inhabited: Inhabited) -> None:
    visitor = await inhabited.building.signed_in("tui")

    await visitor.send(await visitor.get(f"/avoid?uri={BERTA}"), "/avoid", way="mute_server")

    row = await Avoidance.get()
    assert (row.kind, row.subject, row.target_id) == (AvoidanceKind.MUTE, "far.example", None)
    assert "far.example" in (await visitor.get("/settings/avoided")).shown()
