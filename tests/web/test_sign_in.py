"""Signing in and out: T-51, T-52, T-53, T-54, T-55, A-07, W6."""

import asyncio

import pytest

from node.community import links, members
from node.community.kinds import LinkPurpose, Role
from tests.web.building import PASSWORD, Building


async def test_a_wrong_password_opens_nothing(building: Building) -> None:
    await building.member("anna")
    visitor = building.visitor()

    page = await visitor.send(await visitor.get("/sign-in"), "/sign-in", name="anna", password="wrong")

    assert page.status == 422
    assert "__Host-session" not in visitor.cookies


async def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password_t53(building: Building) -> None:
    await building.member("anna")
    known, unknown = building.visitor(), building.visitor()

    first = await known.send(await known.get("/sign-in"), "/sign-in", name="anna", password="wrong")
    second = await unknown.send(await unknown.get("/sign-in"), "/sign-in", name="nana", password="wrong")

    assert (first.status, first.shown()) == (second.status, second.shown())
    assert first.form("/sign-in")["name"] == "anna"


async def test_the_sixth_try_for_one_account_from_one_address_is_refused_t52_vm15(building: Building) -> None:
    await building.member("anna")

    statuses = [await _wrong_try(building, "203.0.113.1") for _ in range(6)]

    assert statuses == [(422, None)] * 5 + [(429, "901")]


async def test_wrong_tries_elsewhere_shut_nobody_out_t52(building: Building) -> None:
    await building.member("anna")
    for _ in range(6):
        await _wrong_try(building, "203.0.113.1")
    visitor = building.visitor()
    visitor.address = "203.0.113.2"

    page = await visitor.send(await visitor.get("/sign-in"), "/sign-in", name="anna", password=PASSWORD)

    assert (page.status, "__Host-session" in visitor.cookies) == (303, True)


async def test_the_right_password_opens_a_session(building: Building) -> None:
    visitor = await building.signed_in("anna")

    page = await visitor.get("/about")

    assert "Sign out" in page.shown()


async def test_the_session_cookie_is_out_of_reach_a07(building: Building) -> None:
    visitor = await building.signed_in("anna")

    cookie = next(value for value in visitor.set_cookies if value.startswith("__Host-session="))

    assert sorted(cookie.split("; ")[1:]) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    assert len(visitor.cookies["__Host-session"]) >= 43


async def test_a_cookie_set_before_is_not_the_one_after_t51(building: Building) -> None:
    await building.member("anna")
    visitor = building.visitor()
    visitor.cookies["__Host-session"] = "fixed"

    await visitor.send(await visitor.get("/sign-in"), "/sign-in", name="anna", password=PASSWORD)

    assert visitor.cookies["__Host-session"] != "fixed"


async def test_signing_out_ends_the_session_on_the_server(building: Building) -> None:
    visitor = await building.signed_in("anna")
    stolen = building.visitor()
    stolen.cookies = dict(visitor.cookies)

    await visitor.send(await visitor.get("/about"), "/sign-out")
    page = await stolen.get("/about")

    assert "Sign out" not in page.shown()


async def test_a_new_password_ends_the_other_sessions(building: Building) -> None:
    visitor = await building.signed_in("anna")

    await members.set_password(await members.by_name("anna"), "quite another sentence", keep_session=None)
    page = await visitor.get("/about")

    assert "Sign out" not in page.shown()


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test", "/%2f%2fevil.test", "/\\evil.test", "evil"])
async def test_signing_in_never_leads_to_another_host_t54_vm30(building: Building, target: str) -> None:
    await building.member("anna")
    visitor = building.visitor()

    form = await visitor.get("/sign-in")
    page = await visitor.send(form, "/sign-in", name="anna", password=PASSWORD, next=target)

    assert (page.status, page.header("location")) == (303, "/")


async def test_signing_in_leads_back_to_the_page_that_was_asked_for(building: Building) -> None:
    await building.member("anna")
    visitor = building.visitor()

    form = await visitor.get("/sign-in?next=/about")
    page = await visitor.send(form, "/sign-in", name="anna", password=PASSWORD)

    assert page.header("location") == "/about"


async def test_opening_a_link_does_not_use_it_t55(building: Building) -> None:
    secret = await _link(building)
    visitor = building.visitor()

    await visitor.get(f"/sign-in/link/{secret}")
    page = await visitor.get(f"/sign-in/link/{secret}")
    entered = await visitor.send(page, f"/sign-in/link/{secret}")

    assert (page.status, page.header("referrer-policy"), entered.status) == (200, "no-referrer", 303)
    assert "__Host-session" in visitor.cookies


async def test_a_link_works_once_t55(building: Building) -> None:
    secret = await _link(building)
    visitors = [building.visitor() for _ in range(5)]
    pages = [await visitor.get(f"/sign-in/link/{secret}") for visitor in visitors]

    answers = await asyncio.gather(
        *(visitor.send(page, f"/sign-in/link/{secret}") for visitor, page in zip(visitors, pages, strict=True))
    )
    again = await building.visitor().get(f"/sign-in/link/{secret}")

    assert sorted(answer.status for answer in answers) == [303, 410, 410, 410, 410]
    assert again.status == 410


async def test_a_used_link_says_that_it_was_used_and_not_that_something_was_deleted(building: Building) -> None:
    secret = await _link(building)
    visitor = building.visitor()
    page = await visitor.get(f"/sign-in/link/{secret}")
    await links.use(secret, LinkPurpose.SIGN_IN, now=building.clock.now())

    answers = [await visitor.get(f"/sign-in/link/{secret}"), await visitor.send(page, f"/sign-in/link/{secret}")]

    assert [(answer.status, "deleted" in answer.shown()) for answer in answers] == [(410, False)] * 2
    assert all("This link was used already or has run out" in answer.shown() for answer in answers)


async def test_a_made_up_link_is_not_found(building: Building) -> None:
    page = await building.visitor().get("/sign-in/link/made-up")

    assert page.status == 404


async def test_a_link_for_another_purpose_does_not_sign_in(building: Building) -> None:
    secret = await _link(building, LinkPurpose.PASSWORD)

    page = await building.visitor().get(f"/sign-in/link/{secret}")

    assert page.status == 404


async def test_asking_for_a_link_says_the_same_for_everyone_t53(building: Building) -> None:
    await building.member("anna")
    answers = []
    for email in ("anna@people.example", "nobody@people.example"):
        visitor = building.visitor()
        await visitor.get("/sign-in")
        fields = (await visitor.get("/sign-in")).form("/sign-in") | {"email": email}
        page = await visitor.post("/sign-in/link", fields)
        answers.append((page.status, page.header("location"), (await visitor.get("/sign-in")).shown()))

    assert answers[0] == answers[1]
    assert building.asked_links == ["anna@people.example", "nobody@people.example"]


async def test_a_notice_is_shown_once(building: Building) -> None:
    visitor = await building.signed_in("anna", Role.EDITOR)

    await visitor.send(await visitor.get("/about"), "/sign-out")
    first, second = await visitor.get("/about"), await visitor.get("/about")

    assert ("You are signed out." in first.shown(), "You are signed out." in second.shown()) == (True, False)


async def _wrong_try(building: Building, address: str) -> tuple[int, str | None]:
    visitor = building.visitor()
    visitor.address = address
    page = await visitor.send(await visitor.get("/sign-in"), "/sign-in", name="anna", password="wrong")
    return page.status, page.header("retry-after")


async def _link(building: Building, purpose: LinkPurpose = LinkPurpose.SIGN_IN) -> str:
    member = await building.member("anna")
    return await links.make_for(member, purpose, now=building.clock.now())
