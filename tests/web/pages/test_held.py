"""The editors' desk: who sees it, what a decision does, and what happens when somebody was faster. V-M36."""

from dataclasses import replace

import pytest

from node.community import foreign_practices
from node.community.kinds import Admission, Role
from node.models import Event, Practice
from node.policy.grants import Records
from tests.web import desk
from tests.web.building import Building
from tests.web.visitor import Page, Visitor

PATH, DECIDE = "/library/held", "/library/held/decide"


@pytest.fixture
async def editor(building: Building) -> Visitor:
    """Return a signed-in editor; two records and an event wait."""
    await desk.send(now=building.clock.now())
    return await building.signed_in("anna", Role.EDITOR)


def form_about(page: Page, uri: str) -> dict[str, str]:
    """Return the fields of the form about one thing, without its buttons."""
    forms = [dict(form.form_values()) for form in page.document.forms if form.get("action") == DECIDE]
    return next(fields for fields in forms if fields["uri"] == uri)


def buttons(page: Page) -> list[list[str]]:
    """Return what may be decided about each thing, in the order of the page."""
    forms = [form for form in page.document.forms if form.get("action") == DECIDE]
    return [form.xpath(".//button/@value") for form in forms]


async def admissions() -> dict[str, Admission]:
    records = {row.title: row.admission for row in await Practice.all()}
    return records | {row.title: row.admission for row in await Event.all()}


async def test_a_member_neither_sees_the_desk_nor_decides(building: Building, editor: Visitor) -> None:
    member = await building.signed_in("tui")
    typed = form_about(await editor.get(PATH), desk.WAITING.uri)
    token = (await member.get("/home")).document.forms[0].fields["form_token"]

    pages = [
        await member.get(PATH),
        await member.post(DECIDE, typed | {"decision": "admit", "form_token": token}),
        await building.visitor().get(PATH),
    ]

    assert [page.status for page in pages] == [403, 403, 401]
    assert PATH not in (await member.get("/home")).text
    assert set((await admissions()).values()) == {Admission.HELD}


async def test_what_changed_meanwhile_is_shown_again_and_not_let_in(building: Building, editor: Visitor) -> None:
    typed = form_about(await editor.get(PATH), desk.WAITING.uri)
    later = building.clock.advance(60)
    newer = replace(desk.WAITING, title="Buy watches", updated_at=later)
    await foreign_practices.receive(newer, grant=Records.HOLD, now=later)

    page = await editor.post(DECIDE, typed | {"decision": "admit"})

    assert (page.status, "It was changed, or somebody decided about it" in page.shown()) == (409, True)
    assert "Buy watches" in page.shown()
    assert (await admissions())["Buy watches"] is Admission.HELD


@pytest.mark.parametrize("decision", ["", "held", "everything"])
async def test_an_unknown_decision_decides_nothing(editor: Visitor, decision: str) -> None:
    typed = form_about(await editor.get(PATH), desk.WAITING.uri)

    page = await editor.post(DECIDE, typed | {"decision": decision})

    assert (page.status, set((await admissions()).values())) == (422, {Admission.HELD})


async def test_the_desk_says_what_came_from_where_under_which_licence(editor: Visitor) -> None:
    page = await editor.get(PATH)
    facts = [dt.text_content() for dt in page.document.xpath("(//article)[last()]//dt")]

    assert facts == ["From", "Licence", "Version", "Last changed", "Original"]
    for words in (desk.WAITING.title, desk.WAITING.summary, "@practices@far.example", "Attribution 4.0", "All rights"):
        assert words in page.shown(), words
    assert sorted(buttons(page)) == [["admit", "link", "refuse"], ["link", "refuse"]]
    assert "Nobody came to the office." not in page.text


async def test_editors_see_on_their_home_how_many_wait(editor: Visitor) -> None:
    assert "3 records and events wait for an editor" in (await editor.get("/home")).shown()


@pytest.mark.parametrize(
    ("decision", "admission"),
    [("admit", Admission.ADMITTED), ("link", Admission.LINK_ONLY), ("refuse", Admission.REFUSED)],
)
async def test_a_decision_stands(building: Building, editor: Visitor, decision: str, admission: Admission) -> None:
    typed = form_about(await editor.get(PATH), desk.WAITING.uri)

    done = await editor.post(DECIDE, typed | {"decision": decision})
    library = await building.visitor().get("/practices")

    assert (done.status, done.header("location")) == (303, PATH)
    assert (await admissions())[desk.WAITING.title] is admission
    assert (desk.WAITING.title in library.shown()) is (decision != "refuse")
    assert desk.WAITING.title not in (await editor.get(PATH)).shown()


async def test_an_event_is_let_in_and_the_editor_stays_with_the_events(editor: Visitor) -> None:
    typed = form_about(await editor.get(f"{PATH}?kind=events"), desk.MEETING.uri)

    done = await editor.post(DECIDE, typed | {"decision": "admit"})

    assert (done.status, done.header("location")) == (303, f"{PATH}?kind=events")
    assert (await admissions())[desk.MEETING.title] is Admission.ADMITTED


async def test_what_was_refused_can_still_be_let_in(editor: Visitor) -> None:
    await editor.post(DECIDE, form_about(await editor.get(PATH), desk.WAITING.uri) | {"decision": "refuse"})
    page = await editor.get(f"{PATH}?refused=1")

    done = await editor.post(DECIDE, form_about(page, desk.WAITING.uri) | {"decision": "admit"})

    assert buttons(page) == [["admit", "link"]]
    assert done.header("location") == f"{PATH}?refused=1"
    assert (await admissions())[desk.WAITING.title] is Admission.ADMITTED
