"""Taking an invitation. T-51, T-55, A-12."""

import asyncio

from node.community import links, members
from node.community.kinds import Role
from tests.web.building import PASSWORD, Building

TYPED = {"name": "lani", "display_name": "Lani Tau", "email": "lani@people.example", "password": PASSWORD}


async def test_looking_at_an_invitation_does_not_take_it_t55(building: Building) -> None:
    path = await _invitation(building)
    visitor = building.visitor()

    await visitor.get(path)
    page = await visitor.get(path)

    assert (page.status, page.header("referrer-policy"), page.header("cache-control")) == (
        200,
        "no-referrer",
        "no-store",
    )
    assert await members.listing() == []


async def test_an_invitation_works_once_t55_a12(building: Building) -> None:
    path = await _invitation(building)
    visitors = [building.visitor() for _ in range(4)]
    pages = [await visitor.get(path) for visitor in visitors]

    answers = await asyncio.gather(
        *(
            visitor.send(page, path, **TYPED | {"name": f"lani_{number}", "email": f"lani{number}@people.example"})
            for number, (visitor, page) in enumerate(zip(visitors, pages, strict=True))
        )
    )

    assert sorted(answer.status for answer in answers) == [303, 410, 410, 410]
    assert len(await members.listing()) == 1


async def test_a_taken_invitation_says_that_it_was_taken_and_not_that_it_was_deleted(building: Building) -> None:
    path = await _invitation(building)
    visitor, late = building.visitor(), building.visitor()
    page = await late.get(path)
    await visitor.send(await visitor.get(path), path, **TYPED)

    answers = [await late.get(path), await late.send(page, path, **TYPED)]

    assert [(answer.status, "deleted" in answer.shown()) for answer in answers] == [(410, False)] * 2
    assert all("This link was used already or has run out" in answer.shown() for answer in answers)


async def test_everything_that_is_wrong_is_said_at_once(building: Building) -> None:
    path = await _invitation(building)
    visitor = building.visitor()
    wrong = {"name": "Lani!", "display_name": "", "email": "lani", "password": "tiny9"}

    page = await visitor.send(await visitor.get(path), path, **wrong)

    assert (page.status, page.problems()) == (422, ["name", "display_name", "email", "password"])


async def test_what_was_typed_stays_when_something_is_wrong(building: Building) -> None:
    path = await _invitation(building)
    visitor = building.visitor()

    page = await visitor.send(await visitor.get(path), path, **TYPED | {"name": "Admin!", "password": "tiny9"})

    assert page.status == 422
    assert page.form(path)["display_name"] == "Lani Tau"
    assert "tiny9" not in page.text
    assert await members.listing() == []


async def test_without_mail_a_password_is_asked_for(building: Building) -> None:
    path = await _invitation(building)
    visitor = building.visitor()

    page = await visitor.send(await visitor.get(path), path, **TYPED | {"password": ""})

    assert (page.status, "Choose a password" in page.shown()) == (422, True)


async def test_the_role_comes_from_the_invitation_and_not_from_the_form_t59(building: Building) -> None:
    path = await _invitation(building)
    visitor = building.visitor()

    page = await visitor.send(await visitor.get(path), path, **TYPED | {"role": "steward", "is_admin": "1"})
    member = await members.by_name("lani")

    assert (page.status, page.header("location")) == (303, "/welcome")
    assert (member.role, member.email, member.actor.display_name) == (Role.EDITOR, "lani@people.example", "Lani Tau")


async def test_the_address_of_the_invitation_counts_more_than_the_typed_one(building: Building) -> None:
    path = await _invitation(building, email="asked@people.example")
    visitor = building.visitor()

    await visitor.send(await visitor.get(path), path, **TYPED)

    assert (await members.by_name("lani")).email == "asked@people.example"


async def test_the_new_member_is_signed_in_and_sees_the_first_steps(building: Building) -> None:
    path = await _invitation(building)
    visitor = building.visitor()

    await visitor.send(await visitor.get(path), path, **TYPED)
    page = await visitor.get("/welcome")

    assert (page.status, "Welcome, Lani Tau" in page.shown(), "0 of 3" in page.shown()) == (200, True, True)


async def test_the_steps_are_put_away_once_and_for_all(building: Building) -> None:
    visitor = await building.signed_in("anna")

    page = await visitor.send(await visitor.get("/welcome"), "/welcome/hide")

    assert page.header("location") == "/home"
    assert (await members.by_name("anna")).welcome_hidden


async def test_an_address_that_has_an_account_is_named_as_the_problem(building: Building) -> None:
    await building.member("lani")
    path = await _invitation(building)
    visitor = building.visitor()

    page = await visitor.send(await visitor.get(path), path, **TYPED | {"name": "lani_2"})

    assert (page.status, "This address has an account here already." in page.shown()) == (422, True)


async def _invitation(building: Building, email: str | None = None) -> str:
    secret = await links.invite(by=None, role=Role.EDITOR, email=email, now=building.clock.now())
    return f"/join/{secret}"
