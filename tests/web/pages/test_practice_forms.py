"""The form of a practice record: lead, described, next version, withdrawn. V-M25, W6."""

from typing import Any

import pytest

from node.community import node_actors
from node.community.kinds import Role, Stage, Visibility
from node.models import Attachment, Practice
from tests.node.media.pictures import picture
from tests.web.building import Building
from tests.web.multipart import send_files
from tests.web.visitor import Visitor

LEAD = {
    "stage": "lead",
    "title": "Village councils vote by SMS",
    "summary": "Twelve councils decide on small works by SMS. A colleague saw it in Apia.",
    "contact": "ict@councils.example",
}
DESCRIBED = [
    ("stage", "described"),
    ("title", "Ward budget hearings by SMS"),
    ("kind", "practice"),
    ("country", "KE"),
    ("country", ""),
    ("country", "UG"),
    ("level", "regional"),
    ("level", "local"),
    ("start_date", "2023-05"),
    ("status", "implemented"),
    ("status_date", "2024"),
    ("outcome", "partial"),
    ("organization", "Nakuru County"),
    ("org_type", "local-government"),
    ("objective", "participation"),
    ("theme", "e-participation"),
    ("sdg", "16.7"),
    ("sdg_more", "3.8, 4.1"),
    ("channel", "sms-ussd"),
    ("channel", "in-person"),
    ("problem", "Few people came to the hearings."),
    ("approach", "We asked by **SMS** before each hearing."),
    ("evidence_level", "2"),
    ("license", "CC-BY-4.0"),
    ("language", "en"),
    ("visibility", "public"),
    ("barrier", "funding"),
]
EDITED = ("title", "The rest stays")


@pytest.fixture
async def visitor(building: Building) -> Visitor:
    """Return a signed-in member on a node that has its Groups."""
    await node_actors.ensure_node_actors(building.settings.public_url, now=building.clock.now())
    return await building.signed_in("anna")


async def test_an_empty_form_names_every_field_that_is_missing(building: Building, visitor: Visitor) -> None:
    page = await visitor.send(await visitor.get("/practices/new"), "/practices/new")
    links = [link.get("href") for link in page.document.xpath("//div[@role='alert']//a")]

    assert page.status == 422
    assert sorted(links) == sorted(
        f"#field-{name}"
        for name in (
            *("title", "country", "level", "start_date", "status", "outcome", "organization", "objective", "theme"),
            *("sdg", "channel", "problem", "approach"),
        )
    )
    assert all(page.document.get_element_by_id(link[1:]) is not None for link in links)
    assert await Practice.all() == []


async def test_nothing_that_was_typed_is_lost_w6(visitor: Visitor) -> None:
    typed = [pair for pair in DESCRIBED if pair[0] not in ("title", "country")] + [("country", "Kenya")]

    page = await _post(visitor, "/practices/new", typed)
    kept = page.document.forms[-1].fields

    assert page.status == 422
    assert kept["approach"].strip() == "We asked by **SMS** before each hearing."
    assert [box.get("value") for box in page.document.xpath("//input[@name='channel'][@checked]")] == [
        "sms-ussd",
        "in-person",
    ]
    assert kept["sdg_more"] == "3.8, 4.1"


async def test_nobody_changes_somebody_elses_record_v_m25(building: Building, visitor: Visitor) -> None:
    await _post(visitor, "/practices/new", DESCRIBED)
    record = await Practice.get()
    other = await building.signed_in("tui")

    answers = [(await other.get(f"/practices/{record.public_id}/{act}")).status for act in ("edit", "withdraw")]

    assert answers == [404, 404]


async def test_a_lead_needs_four_answers(visitor: Visitor) -> None:
    page = await _post(visitor, "/practices/new", [*LEAD.items(), ("country", "WS"), ("language", "sm")])
    record = await Practice.get()

    assert (page.status, page.header("location")) == (303, f"/practices/{record.public_id}")
    assert (record.stage, record.title, record.country) == (Stage.LEAD, LEAD["title"], " WS ")


async def test_a_described_record_is_published_with_a_composed_summary(visitor: Visitor) -> None:
    page = await _post(visitor, "/practices/new", DESCRIBED)
    record = await Practice.get()

    assert page.status == 303, page.shown()
    assert record.summary == (
        "Kenya, Uganda · regional, local · implemented 2024. Few people came to the hearings → We asked by SMS before "
        "each hearing. Evidence 2/5. #SDG16 #SDG3 #SDG4 #EParticipation #Kenya"
    )
    assert record.facts["sdg"] == ["16.7", "3.8", "4.1"]
    assert record.facts["barrier"] == ["funding"]
    assert (record.stage, record.visibility, record.version) == (Stage.DESCRIBED, Visibility.PUBLIC, 1)


async def test_the_summary_is_composed_on_demand_and_can_be_changed(visitor: Visitor) -> None:
    page = await _post(visitor, "/practices/new", [*DESCRIBED, ("act", "compose")])
    composed = page.document.forms[-1].fields["summary"].strip()
    await _post(visitor, "/practices/new", [*DESCRIBED, ("summary", "In our own words.")])

    assert (page.status, composed[:13]) == (200, "Kenya, Uganda")
    assert (await Practice.get()).summary == "In our own words."


async def test_changing_a_record_makes_the_next_version(visitor: Visitor) -> None:
    await _post(visitor, "/practices/new", DESCRIBED)
    record = await Practice.get()
    path = f"/practices/{record.public_id}/edit"

    form = await visitor.get(path)
    shown = form.document.forms[-1].form_values()
    page = await visitor.post(path, [pair for pair in shown if pair[0] != "title"] + [EDITED])
    after = await Practice.get()

    assert page.header("location") == f"/practices/{record.public_id}", page.shown()
    assert (after.title, after.version) == ("The rest stays", 2)
    assert (after.facts, after.sections) == (record.facts, record.sections)


async def test_an_editor_changes_what_a_member_wrote(building: Building, visitor: Visitor) -> None:
    await _post(visitor, "/practices/new", DESCRIBED)
    record = await Practice.get()
    editor = await building.signed_in("mele", Role.EDITOR)

    assert (await editor.get(f"/practices/{record.public_id}/edit")).status == 200


async def test_a_record_is_withdrawn_only_after_a_second_question(building: Building, visitor: Visitor) -> None:
    await _post(visitor, "/practices/new", DESCRIBED)
    path = f"/practices/{(await Practice.get()).public_id}/withdraw"

    question = await visitor.get(path)
    before = (await Practice.get()).withdrawn_at
    page = await visitor.send(question, path)

    assert (before, page.status, (await Practice.get()).withdrawn_at) == (None, 303, building.clock.now())


async def _post(visitor: Visitor, path: str, typed: list[tuple[str, str]]) -> Any:
    token = (await visitor.get(path)).form(path)["form_token"]
    return await visitor.post(path, [("form_token", token), *typed])


async def test_an_editor_who_changes_a_record_keeps_the_pictures_of_its_author(
    building: Building, visitor: Visitor
) -> None:
    fields = dict(DESCRIBED) | (await visitor.get("/practices/new")).form("/practices/new") | dict(DESCRIBED)
    sent = {name: value for name, value in fields.items() if not name.startswith("picture_")}
    await send_files(visitor, "/practices/new", sent | {"alt_1": "A queue"}, {"picture_1": picture()})
    record = await Practice.get()
    editor = await building.signed_in("mele", Role.EDITOR)
    path = f"/practices/{record.public_id}/edit"

    form = (await editor.get(path)).document.forms[-1].form_values()
    page = await editor.post(path, [pair for pair in form if not pair[0].startswith("picture_")])

    assert page.status == 303, page.shown()
    assert [(row.alt, row.object_uri) for row in await Attachment.all()] == [("A queue", record.uri)]
