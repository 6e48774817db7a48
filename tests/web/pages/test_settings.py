"""One's own profile and account, and "confirm it's you". T-39, T-51, T-58, V-M25, A-13, A-14, W6."""

from typing import Any

import pytest

from node.community import members, node_actors, sessions
from node.community.kinds import Role
from node.community.uploads import MOST_A_DAY
from node.database import atomic
from node.models import Actor, JournalEntry, Media, Member, Session
from tests.node.media.pictures import picture
from tests.web.building import PASSWORD, Building
from tests.web.multipart import send_files
from tests.web.visitor import Visitor

NEW = "quite another sentence"
QUARTER = 15 * 60


@pytest.fixture
async def visitor(building: Building) -> Visitor:
    """Return a signed-in member."""
    return await building.signed_in("anna")


async def test_a_profile_without_a_name_is_not_taken_and_stays_typed_w6(visitor: Visitor) -> None:
    page = await _send(visitor, "/settings/profile", display_name=" ", bio="Clerk in Apia")

    assert (page.status, page.form("/settings/profile")["bio"].strip()) == (422, "Clerk in Apia")
    assert (await Actor.get(local_name="anna")).bio_source == ""


async def test_a_picture_that_is_none_is_refused_t39(visitor: Visitor) -> None:
    page = await _send_files(visitor, {"avatar": b"GIF89a but not really"})

    assert (page.status, await Media.all()) == (422, [])


async def test_a_profile_is_changed_and_told_to_others(visitor: Visitor) -> None:
    typed = {"display_name": "Anna Tau", "bio": "**Clerk** in Apia", "name_1": "Office", "value_1": "Room 4"}

    page = await _send(visitor, "/settings/profile", **typed, manually_approves="1")
    actor = await Actor.get(local_name="anna")

    assert page.status == 303
    assert (actor.display_name, actor.bio_source, actor.manually_approves) == ("Anna Tau", "**Clerk** in Apia", True)
    assert [row["source"] for row in actor.profile_fields] == ["Room 4"]
    assert await JournalEntry.filter(fact="ProfileChanged").count() == 1


async def test_a_new_picture_takes_the_place_of_the_old_and_goes_with_a_tick(visitor: Visitor) -> None:
    await _send_files(visitor, {"avatar": picture(size=(500, 300))})
    with_picture = (await Actor.get(local_name="anna")).avatar_url
    shown = (await visitor.get("/settings/profile")).text
    await _send(visitor, "/settings/profile", avatar_away="1")

    assert (await Media.get()).width == (await Media.get()).height == 400
    assert with_picture is not None
    assert with_picture in shown
    assert (await Actor.get(local_name="anna")).avatar_url is None


async def test_nobody_ends_somebody_elses_session_v_m25(building: Building, visitor: Visitor) -> None:
    await building.signed_in("tui")
    theirs = await Session.get(member__actor__local_name="tui")

    token = (await visitor.get("/settings/account")).form("/settings/email")["form_token"]
    page = await visitor.post(f"/settings/sessions/{theirs.id}/end", {"form_token": token})

    assert (page.status, await Session.filter(id=theirs.id).count()) == (404, 1)


async def test_another_browser_is_signed_out_from_the_list_a13(building: Building, visitor: Visitor) -> None:
    other = building.visitor()
    await other.send(await other.get("/sign-in"), "/sign-in", name="anna", password=PASSWORD)
    newest = await Session.all().order_by("-id").first()
    assert newest is not None

    await _send(visitor, "/settings/account", f"/settings/sessions/{newest.id}/end")

    assert [(await each.get("/settings")).status for each in (other, visitor)] == [401, 200]


async def test_signing_out_everywhere_ends_all_sessions_a13(building: Building, visitor: Visitor) -> None:
    await _send(visitor, "/settings/account", "/settings/sign-out-everywhere")

    assert ((await visitor.get("/settings")).status, await Session.all()) == (401, [])


async def test_a_time_zone_that_does_not_exist_is_refused(visitor: Visitor) -> None:
    page = await _send(visitor, "/settings/account", time_zone="Mars/Olympus", locale="fr")

    assert (page.status, (await Member.get()).time_zone) == (422, "UTC")


async def test_preferences_are_kept(visitor: Visitor) -> None:
    await _send(visitor, "/settings/account", time_zone="Pacific/Apia", locale="en", mail_notifications="")
    member = await Member.get()

    assert (member.time_zone, member.mail_notifications) == ("Pacific/Apia", False)


async def test_without_a_fresh_proof_a_password_is_not_changed_t58_a14(building: Building, visitor: Visitor) -> None:
    form = await visitor.get("/settings/account")
    building.clock.advance(QUARTER + 1)

    page = await visitor.send(form, "/settings/password", new_password=NEW, new_password_again=NEW)

    assert (page.status, "Confirm it's you" in page.shown()) == (403, True)
    assert NEW not in page.text
    assert await members.sign_in("anna", NEW) is None


async def test_after_the_proof_what_was_typed_goes_on_w6(building: Building, visitor: Visitor) -> None:
    form = await visitor.get("/settings/account")
    building.clock.advance(QUARTER + 1)
    asked = await visitor.send(form, "/settings/email", email="new@people.example")

    wrong = await visitor.send(asked, "/confirm", password="not the one")
    thanks = await visitor.send(wrong, "/confirm", password=PASSWORD)
    done = await visitor.send(thanks, "/settings/email")

    assert (wrong.status, thanks.status, done.status) == (422, 200, 303)
    assert (await Member.get()).email == "new@people.example"


async def test_the_proof_leads_nowhere_else_t54(building: Building, visitor: Visitor) -> None:
    form = await visitor.get("/settings/account")
    building.clock.advance(QUARTER + 1)
    asked = await visitor.send(form, "/settings/email", email="new@people.example")

    thanks = await visitor.send(asked, "/confirm", password=PASSWORD, next="https://evil.example/")

    assert "evil.example" not in thanks.text


async def test_a_new_password_counts_and_ends_the_other_sessions_t51(building: Building, visitor: Visitor) -> None:
    other = building.visitor()
    await other.send(await other.get("/sign-in"), "/sign-in", name="anna", password=PASSWORD)

    page = await _send(visitor, "/settings/account", "/settings/password", new_password=NEW, new_password_again=NEW)

    assert page.status == 303
    assert [(await each.get("/settings")).status for each in (other, visitor)] == [401, 200]
    assert await members.sign_in("anna", NEW) is not None


async def test_two_different_new_passwords_are_refused(visitor: Visitor) -> None:
    page = await _send(visitor, "/settings/account", "/settings/password", new_password=NEW, new_password_again="x")

    assert (page.status, await members.sign_in("anna", NEW)) == (422, None)


async def test_an_address_of_somebody_else_is_refused(building: Building, visitor: Visitor) -> None:
    await building.member("tui")

    page = await _send(visitor, "/settings/account", "/settings/email", email="tui@people.example")

    assert (page.status, page.form("/settings/email")["email"]) == (422, "tui@people.example")


async def test_a_session_of_a_member_is_found_by_nobody_else(building: Building, visitor: Visitor) -> None:
    tui = await building.member("tui")

    assert await sessions.of(tui, now=building.clock.now()) == []


async def _send(visitor: Visitor, path: str, action: str = "", /, **typed: str) -> Any:
    return await visitor.send(await visitor.get(path), action or path, **typed)


async def _send_files(visitor: Visitor, files: dict[str, bytes]) -> Any:
    fields = (await visitor.get("/settings/profile")).form("/settings/profile")
    kept = {name: value for name, value in fields.items() if name not in ("avatar", "header")}
    return await send_files(visitor, "/settings/profile", kept, files)


async def test_only_a_steward_changes_how_a_group_presents_itself_v_m36(building: Building, visitor: Visitor) -> None:
    await node_actors.ensure_node_actors(building.settings.public_url, now=building.clock.now())
    steward = await building.signed_in("sefa", Role.STEWARD)
    path = "/admin/groups/events"

    refused = await visitor.get(path)
    await _send(steward, path, display_name="Meetings", bio="A few a month.")
    group = await Actor.get(local_name="events")

    assert (refused.status, group.display_name, group.bio_source) == (403, "Meetings", "A few a month.")


async def test_a_member_is_no_group_that_a_steward_changes(building: Building, visitor: Visitor) -> None:
    steward = await building.signed_in("sefa", Role.STEWARD)

    assert (await steward.get("/admin/groups/anna")).status == 404


async def test_more_pictures_than_one_may_bring_in_a_day_are_refused_a21(building: Building, visitor: Visitor) -> None:
    anna = await Actor.get(local_name="anna")
    common = {"owner_id": anna.id, "path": "x", "media_type": "image/webp", "bytes": 1, "width": 1, "height": 1}
    rows = [Media(public_id=str(number), created_at=building.clock.now(), **common) for number in range(MOST_A_DAY)]
    async with atomic():
        await Media.bulk_create(rows)

    page = await _send_files(visitor, {"avatar": picture()})

    assert (page.status, "That were many pictures." in page.shown()) == (422, True)
