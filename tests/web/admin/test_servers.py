"""Other servers: seen, previewed, blocked, allowed, taken back, the mode. T-58, T-70 to T-78, T-81, V-M20, V-M36."""

from typing import Any

import pytest

from node.community import follows, hosts
from node.community.follows import FollowRequest
from node.community.kinds import Mode, Role
from node.models import Actor, Follow, FollowState, JournalEntry, PolicyEntry
from node.policy import registry as policy
from node.policy.grants import FollowGrant
from tests.node.community.people import foreigner
from tests.web.building import Building
from tests.web.visitor import Visitor

FAR = "/admin/servers/far.example"
BLOCK = {"preset": "T0", "reason_code": "spam", "reason": "Thousands of offers in a day."}


@pytest.fixture
async def admin(building: Building) -> Visitor:
    """Return a signed-in federation admin on an open node that knows far.example."""
    await policy.start(Mode.OPEN, now=building.clock.now())
    await building.registry.refresh()
    await hosts.heard("far.example", now=building.clock.now())
    return await building.signed_in("fia", Role.FEDERATION_ADMIN)


async def test_a_preview_counts_and_changes_nothing(building: Building, admin: Visitor) -> None:
    await _followed(building)

    page = await _send(admin, FAR, f"{FAR}/preview", **BLOCK)

    assert page.status == 200
    assert "Their accounts that follow ours1" in page.shown().replace(" 1", "1")
    assert [await PolicyEntry.all(), (await Follow.get()).state] == [[], FollowState.ACCEPTED]


async def test_a_block_acts_at_once_and_suspends_without_deleting_t81(building: Building, admin: Visitor) -> None:
    await _followed(building)

    done = await admin.send(await _send(admin, FAR, f"{FAR}/preview", **BLOCK), f"{FAR}/change")
    page = await admin.get(FAR)

    assert done.header("location") == FAR
    assert ("Blocked (T0)" in page.shown(), "Thousands of offers in a day." in page.shown()) == (True, True)
    assert not building.registry.decide("sub.far.example", now=building.clock.now()).is_admitted
    assert (await Follow.get()).state is FollowState.SUSPENDED


async def test_after_a_block_the_page_links_to_where_it_is_taken_back(building: Building, admin: Visitor) -> None:
    await admin.send(await _send(admin, FAR, f"{FAR}/preview", **BLOCK), f"{FAR}/change")

    page = await admin.get(FAR)
    links = page.document.xpath("//p[@role='status']/a/@href")
    there = await admin.get("/admin/servers")

    assert links == ["/admin/servers#last-changes"]
    assert there.document.xpath("//section[@id='last-changes']/h2/text()") == ["Last changes"]


async def test_undo_brings_all_back_and_each_act_is_in_the_log_once_t58(building: Building, admin: Visitor) -> None:
    await _followed(building)
    await admin.send(await _send(admin, FAR, f"{FAR}/preview", **BLOCK), f"{FAR}/change")

    page = await _send(admin, "/admin/servers", "/admin/servers/undo")
    log = await admin.get("/admin/audit")

    assert page.status == 303
    assert building.registry.decide("far.example", now=building.clock.now()).is_admitted
    assert (await Follow.get()).state is FollowState.ACCEPTED
    assert await JournalEntry.filter(fact="PolicyChanged").count() == 2
    assert "far.example" in log.shown()


async def test_what_was_taken_back_is_not_taken_back_again(building: Building, admin: Visitor) -> None:
    await admin.send(await _send(admin, FAR, f"{FAR}/preview", **BLOCK), f"{FAR}/change")
    first = await admin.get("/admin/servers")
    await admin.send(first, "/admin/servers/undo")

    again = await admin.send(first, "/admin/servers/undo")

    assert (again.status, "It was taken back already" in again.shown()) == (409, True)


async def test_without_a_fresh_proof_nothing_is_blocked_a14(building: Building, admin: Visitor) -> None:
    preview = await _send(admin, FAR, f"{FAR}/preview", **BLOCK)
    building.clock.advance(15 * 60 + 1)

    page = await admin.send(preview, f"{FAR}/change")

    assert (page.status, "Confirm it's you" in page.shown(), await PolicyEntry.all()) == (403, True, [])


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EDITOR, Role.MODERATOR])
async def test_nobody_below_reads_who_is_trusted_v_m20_v_m36(building: Building, admin: Visitor, role: Role) -> None:
    visitor = await building.signed_in("tui", role)

    page = await visitor.get("/admin/servers")

    assert (page.status, "far.example" in page.text) == (403, False)


async def test_a_change_needs_a_preset_and_a_reason(admin: Visitor) -> None:
    page = await _send(admin, FAR, f"{FAR}/preview", preset="T9", reason_code="because", reason="Why not")

    assert (page.status, page.form(f"{FAR}/preview")["reason"].strip()) == (422, "Why not")


@pytest.mark.parametrize("typed", ["127.0.0.1", "localhost", "far", "far.example/x", "a@far.example", "far..example"])
async def test_what_is_no_server_is_refused_and_stays_typed_t75_t83(admin: Visitor, typed: str) -> None:
    page = await _send(admin, "/admin/servers", host=typed)

    assert (page.status, page.form("/admin/servers")["host"]) == (422, typed)


@pytest.mark.parametrize(
    ("typed", "host"),
    [("FAR.Example.", "far.example"), ("bücher.example", "xn--bcher-kva.example"), ("far.example:443", "far.example")],
)
async def test_a_server_is_found_however_it_is_spelt_t70_t72_t78(admin: Visitor, typed: str, host: str) -> None:
    page = await _send(admin, "/admin/servers", host=typed)

    assert page.header("location") == f"/admin/servers/{host}"


async def test_a_look_alike_name_is_shown_plainly_and_warned_about_t77(admin: Visitor) -> None:
    page = await admin.get("/admin/servers/xn--pypal-4ve.example")

    assert ("xn--pypal-4ve.example" in page.shown(), "mixed scripts" in page.shown()) == (True, True)


async def test_the_node_itself_is_not_to_be_blocked(admin: Visitor) -> None:
    own = "/admin/servers/home.example"

    page = await admin.send(await _send(admin, own, f"{own}/preview", **BLOCK), f"{own}/change")

    assert (page.status, await PolicyEntry.all()) == (422, [])


async def test_the_list_shows_software_followers_contact_and_decision(building: Building, admin: Visitor) -> None:
    await _followed(building)
    await hosts.told_software("far.example", "mastodon", "4.5.0", is_talanoa=False, now=building.clock.now())

    shown = (await admin.get("/admin/servers")).shown()

    assert all(part in shown for part in ("far.example", "mastodon 4.5.0", "1 follows us", "Guest (T3)", "heard"))


async def test_the_mode_is_previewed_changed_and_taken_back(building: Building, admin: Visitor) -> None:
    preview = await _send(admin, "/admin/servers", "/admin/servers/mode/preview", mode="closed")
    still_open = building.registry.is_closed

    await admin.send(preview, "/admin/servers/mode")
    closed = building.registry.is_closed
    await _send(admin, "/admin/servers", "/admin/servers/undo")

    assert "It concerns 1 server" in preview.shown()
    assert (still_open, closed, building.registry.is_closed) == (False, True, False)


async def test_the_consent_mode_is_not_offered_yet(building: Building, admin: Visitor) -> None:
    page = await _send(admin, "/admin/servers", "/admin/servers/mode/preview", mode="consent")

    assert (page.status, building.registry.book.mode) == (422, Mode.OPEN)


async def _followed(building: Building) -> None:
    tui = await building.member("tui")
    berta = await foreigner()
    request = FollowRequest(berta, await Actor.get(id=tui.actor_id), "https://far.example/follows/1")
    await follows.request(request, grant=FollowGrant.YES, now=building.clock.now())


async def _send(visitor: Visitor, path: str, action: str = "", /, **typed: str) -> Any:
    return await visitor.send(await visitor.get(path), action or path, **typed)
