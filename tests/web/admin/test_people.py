"""The network's description, members and invitations. T-51, T-53, T-55, T-58, T-59, T-90, T-92, V-M25, A-14, A-16."""

from dataclasses import replace
from typing import Any, cast

import pytest

from node.community import links, members, node_profile
from node.community.kinds import LinkPurpose, MemberState, Role
from node.community.node_profile import Description
from node.models import JournalEntry, Member, OneTimeLink, OutgoingMail
from tests.web.building import Building
from tests.web.visitor import Visitor
from web.context import EXTENSION, House

QUARTER = 15 * 60


@pytest.fixture
async def steward(building: Building) -> Visitor:
    """Return a signed-in steward of a founded node."""
    await node_profile.found(building.settings.public_url, Description(name="Islands"), now=building.clock.now())
    return await building.signed_in("sefa", Role.STEWARD)


async def test_without_a_fresh_proof_no_role_changes_t58_a14(building: Building, steward: Visitor) -> None:
    await building.member("anna")
    form = await steward.get("/admin/members")
    building.clock.advance(QUARTER + 1)

    page = await steward.send(form, "/admin/members/anna/role", role="editor")

    assert (page.status, (await members.by_name("anna")).role) == (403, Role.MEMBER)
    assert await JournalEntry.filter(fact="RoleChanged").count() == 0


async def test_the_last_steward_stays(steward: Visitor) -> None:
    page = await _send(steward, "/admin/members", "/admin/members/sefa/role", role="member")

    assert (page.status, (await members.by_name("sefa")).role) == (422, Role.STEWARD)


async def test_a_changed_role_counts_at_once_and_is_in_the_audit_log_once(building: Building, steward: Visitor) -> None:
    anna = await building.signed_in("anna")

    await _send(steward, "/admin/members", "/admin/members/anna/role", role="editor")
    log = await steward.get("/admin/audit")

    assert ((await members.by_name("anna")).role, (await anna.get("/home")).status) == (Role.EDITOR, 401)
    assert await JournalEntry.filter(fact="RoleChanged").count() == 1
    assert "anna: Member → Editor" in log.shown()


async def test_a_disabled_member_is_out_at_once_and_comes_back_a16(building: Building, steward: Visitor) -> None:
    anna = await building.signed_in("anna")

    await _send(steward, "/admin/members", "/admin/members/anna/state", state="disabled")
    out = ((await anna.get("/home")).status, (await members.by_name("anna")).state)
    await _send(steward, "/admin/members", "/admin/members/anna/state", state="active")

    assert out == (401, MemberState.DISABLED)
    assert (await members.by_name("anna")).state is MemberState.ACTIVE


async def test_a_state_that_is_not_offered_is_refused(building: Building, steward: Visitor) -> None:
    await building.member("anna")

    page = await _send(steward, "/admin/members", "/admin/members/anna/state", state="left")

    assert (page.status, (await members.by_name("anna")).state) == (422, MemberState.ACTIVE)


async def test_a_sign_in_link_is_shown_once_and_works_once_t55(building: Building, steward: Visitor) -> None:
    await building.member("anna")

    page = await _send(steward, "/admin/members", "/admin/members/anna/link")
    path = _path_in(page, "/sign-in/link/")
    visitor = building.visitor()
    entered = await visitor.send(await visitor.get(path), path)

    assert (page.header("referrer-policy"), page.header("cache-control")) == ("no-referrer", "no-store")
    assert (entered.status, (await visitor.get(path)).status) == (303, 410)
    assert path.rsplit("/", 1)[-1] not in (await steward.get("/admin/members")).text


async def test_an_invitation_gives_no_more_than_one_has(building: Building, steward: Visitor) -> None:
    moderator = await building.signed_in("mele", Role.MODERATOR)

    page = await _send(moderator, "/admin/invitations", role="steward")

    assert (page.status, await OneTimeLink.filter(purpose=LinkPurpose.INVITATION).count()) == (422, 0)


@pytest.mark.parametrize("email", ["a@b.example\r\nBcc: all@b.example", "a@b.example,c@d.example", "a b@c.example"])
async def test_an_address_with_more_in_it_is_refused_and_kept_t90_t91(steward: Visitor, email: str) -> None:
    page = await _send(steward, "/admin/invitations", email=email)

    assert page.status == 422
    assert await OneTimeLink.filter(purpose=LinkPurpose.INVITATION).count() == 0


async def test_an_invitation_is_shown_to_copy_and_leads_to_the_account(building: Building, steward: Visitor) -> None:
    page = await _send(steward, "/admin/invitations", role="editor", email="lani@people.example")
    path = _path_in(page, "/join/")

    joining = await building.visitor().get(path)

    assert (joining.status, "lani@people.example" in joining.shown(), "Sefa invites you" in joining.shown()) == (
        200,
        True,
        True,
    )
    assert await OutgoingMail.all() == []


async def test_with_mail_the_invitation_is_mailed_too(building: Building, steward: Visitor) -> None:
    house = cast(House, building.app.extensions[EXTENSION])
    with_mail = replace(house.surroundings, mailer=cast(Any, object()))
    building.app.extensions[EXTENSION] = replace(house, surroundings=with_mail)

    page = await _send(steward, "/admin/invitations", email="lani@people.example")
    letter = await OutgoingMail.get()

    assert "A letter with it is on its way to lani@people.example" in page.shown()
    assert (letter.to_address, _path_in(page, "/join/") in letter.text) == ("lani@people.example", True)


async def test_an_invitation_is_withdrawn(building: Building, steward: Visitor) -> None:
    page = await _send(steward, "/admin/invitations")
    path = _path_in(page, "/join/")
    link = await OneTimeLink.get(purpose=LinkPurpose.INVITATION)

    await _send(steward, "/admin/invitations", f"/admin/invitations/{link.id}/withdraw")

    assert (await building.visitor().get(path)).status == 410
    assert await links.open_invitations(now=building.clock.now()) == []


async def test_the_network_needs_a_name_and_keeps_what_was_typed_w6(steward: Visitor) -> None:
    page = await _send(steward, "/admin/node", name=" ", description="For clerks of twelve states.")

    assert (page.status, page.form("/admin/node")["description"].strip()) == (422, "For clerks of twelve states.")


async def test_the_network_is_described_and_the_page_about_it_says_so(building: Building, steward: Visitor) -> None:
    await _send(steward, "/admin/node", name="Islands", description="For clerks.", rules="Be kind.")

    about = await building.visitor().get("/about")

    assert ("For clerks." in about.shown(), "Be kind." in about.shown()) == (True, True)
    assert await JournalEntry.filter(fact="NodeProfileChanged").count() == 1


async def test_no_field_of_the_form_reaches_other_columns_t59(building: Building, steward: Visitor) -> None:
    await building.member("anna")

    await _send(steward, "/admin/members", "/admin/members/anna/role", role="editor", email="x@y.example", id="1")

    assert (await Member.get(actor__local_name="anna")).email == "anna@people.example"


def _path_in(page: Any, start: str) -> str:
    address = page.document.xpath("//code")[0].text
    return str(address[address.index(start) :])


async def _send(visitor: Visitor, path: str, action: str = "", /, **typed: str) -> Any:
    return await visitor.send(await visitor.get(path), action or path, **typed)
