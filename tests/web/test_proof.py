"""Confirming who one is without a password: what is kept, and the way on. A-14, T-58, W6."""

from dataclasses import replace

import pytest

from node.community import links, members
from node.community.kinds import LinkPurpose, Role
from node.community.members import NewMember
from node.models import Member
from node.settings.values import MailServer
from tests.web.building import Building
from tests.web.visitor import Visitor

QUARTER = 15 * 60
OFFER = "Set a password"
MAIL = MailServer("127.0.0.1", 25)


async def _enter(building: Building, visitor: Visitor, email: str | None = None) -> Member:
    """Let a steward without a password in by a printed link."""
    draft = NewMember("sina", "Sina", email=email, role=Role.STEWARD)
    member = await members.add(draft, base=building.settings.public_url, now=building.clock.now())
    await _use_link(building, visitor, member)
    return member


async def _use_link(building: Building, visitor: Visitor, member: Member) -> None:
    path = f"/sign-in/link/{await links.make_for(member, LinkPurpose.SIGN_IN, now=building.clock.now())}"
    assert (await visitor.send(await visitor.get(path), path)).status == 303


@pytest.mark.parametrize("path", ["/welcome", "/home"])
async def test_who_has_a_password_is_not_offered_one(building: Building, path: str) -> None:
    visitor = await building.signed_in("anna", Role.STEWARD)

    page = await visitor.get(path)

    assert OFFER not in page.shown()


@pytest.mark.parametrize("path", ["/welcome", "/home"])
async def test_a_password_is_offered_as_long_as_it_can_be_set(building: Building, path: str) -> None:
    visitor = building.visitor()
    await _enter(building, visitor)

    fresh = await visitor.get(path)
    building.clock.advance(QUARTER + 1)
    late = await visitor.get(path)

    offers = fresh.document.xpath(f"//main//a[.='{OFFER}']/@href")
    assert (offers, OFFER in late.shown()) == (["/settings/account"], False)


async def test_without_a_password_the_page_names_the_way_and_nothing_is_done_a14(building: Building) -> None:
    visitor = building.visitor()
    await _enter(building, visitor)
    form = await visitor.get("/settings/account")
    building.clock.advance(QUARTER + 1)

    asked = await visitor.send(form, "/settings/email", email="new@people.example")
    again = await visitor.send(asked, "/settings/email")

    assert (asked.status, again.status) == (403, 403)
    assert "talanoa member link sina" in asked.shown()
    assert "Mail me a link" not in asked.shown()
    assert (await Member.get()).email is None


async def test_what_was_typed_comes_back_after_a_new_link_in_the_same_browser_w6(building: Building) -> None:
    visitor = building.visitor()
    member = await _enter(building, visitor)
    form = await visitor.get("/settings/account")
    building.clock.advance(QUARTER + 1)
    asked = await visitor.send(form, "/settings/email", email="new@people.example")

    await _use_link(building, visitor, member)
    back = await visitor.send(asked, "/settings/email")
    done = await visitor.send(back, "/settings/email")

    assert (back.form("/settings/email")["email"], done.status) == ("new@people.example", 303)
    assert (await Member.get()).email == "new@people.example"


async def test_a_link_is_mailed_and_what_was_typed_stays_w6(building: Building) -> None:
    building = _with_mail(building)
    visitor = building.visitor()
    await _enter(building, visitor, "sina@people.example")
    form = await visitor.get("/admin/node")
    building.clock.advance(QUARTER + 1)
    asked = await visitor.send(form, "/admin/node", name="Pacific Practice Network")

    mailed = await visitor.send(asked, "/confirm/link")

    assert (mailed.status, building.asked_links) == (200, ["sina@people.example"])
    assert mailed.form("/admin/node")["name"] == "Pacific Practice Network"


async def test_links_are_mailed_only_so_often_t52(building: Building) -> None:
    building = _with_mail(building)
    visitor = building.visitor()
    await _enter(building, visitor, "sina@people.example")
    form = await visitor.get("/settings/account")
    building.clock.advance(QUARTER + 1)
    asked = await visitor.send(form, "/settings/email", email="new@people.example")

    statuses = [(await visitor.send(asked, "/confirm/link")).status for _ in range(6)]

    assert statuses == [200] * 5 + [429]


async def test_who_has_no_address_is_mailed_nothing(building: Building) -> None:
    building = _with_mail(building)
    visitor = building.visitor()
    await _enter(building, visitor)
    form = await visitor.get("/settings/account")

    page = await visitor.post("/confirm/link", form.form("/settings/email"))

    assert (page.status, building.asked_links) == (404, [])


def _with_mail(building: Building) -> Building:
    return Building(replace(building.settings, mail_url=MAIL), building.clock)
