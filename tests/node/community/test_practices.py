"""Practice records of our own: rules, versions, summary."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from node.community import practices
from node.community.practice_rules import Organization, PracticeDraft, checked
from node.community.practice_terms import VOCABULARIES, choices, label
from node.community.practice_values import composed_summary, draft_of
from node.errors import Invalid, NotAllowed, Withdrawn
from node.i18n import use
from node.models import (
    Hashtag,
    JournalEntry,
    Practice,
    PracticeVersion,
    Role,
    SearchEntry,
    Stage,
    Visibility,
)
from node.settings import Settings
from tests.node.community.people import LATER, MUCH_LATER, NOW, home, member

LEAD = PracticeDraft(
    title="Budget hearings by SMS",
    stage=Stage.LEAD,
    visibility=Visibility.MEMBERS,
    summary="A county asks by SMS. Heard of it at a meeting.",
    country=("KE",),
    contact="ict@county.example",
)
FULL = PracticeDraft(
    title="Ward budget hearings by SMS",
    country=("ke", "KE"),
    level=("local",),
    start_date="2023-05",
    status="implemented",
    status_date="2024",
    outcome="success",
    lead_organization=Organization("County of X", "local-government", "KE"),
    objective=("participation", "inclusion"),
    theme=("e-participation",),
    sdg=("16.7", "5.5"),
    channel=("sms-ussd", "in-person"),
    evidence_level=2,
    sections={
        "problem": "Rural wards were absent from budget hearings. Nobody asked them.",
        "approach": "The county now takes questions by SMS in 3 languages.",
        "results": "4,120 people, **38%** women.",
    },
)
SUMMARY = (
    "Kenya · local · implemented 2024. Rural wards were absent from budget hearings → The county now takes questions "
    "by SMS in 3 languages. Result: 4,120 people, 38% women. Evidence 2/5. #SDG16 #SDG5 #EParticipation #Kenya"
)


async def facts() -> list[tuple[str, Mapping[str, object]]]:
    return [(entry.fact, entry.payload) for entry in await JournalEntry.all().order_by("id")]


def test_a_described_record_names_every_required_field_that_is_missing() -> None:
    with pytest.raises(Invalid) as refusal:
        checked(PracticeDraft(title="", kind="", license=""))

    assert set(refusal.value.fields) == {
        *("title", "country", "level", "start_date", "status", "outcome", "organization", "objective", "theme"),
        *("sdg", "channel", "problem", "approach", "kind", "license"),
    }


def test_a_lead_needs_four_things_and_a_draft_only_a_title() -> None:
    with pytest.raises(Invalid) as refusal:
        checked(PracticeDraft(title="x", stage=Stage.LEAD, visibility=Visibility.MEMBERS))

    assert set(refusal.value.fields) == {"summary", "country", "contact"}
    assert checked(replace(LEAD, contact="", source_url="https://county.example/sms")).title == LEAD.title
    assert checked(PracticeDraft(title="x", visibility=Visibility.DRAFT)).title == "x"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "x" * 121}, "title"),
        ({"summary": "x" * 481}, "summary"),
        ({"language": "english please"}, "language"),
        ({"visibility": Visibility.QUIET}, "visibility"),
        ({"country": ("QQ",)}, "country"),
        ({"level": ("galactic",)}, "level"),
        ({"status": "great"}, "status"),
        ({"outcome": "great"}, "outcome"),
        ({"kind": "poem"}, "kind"),
        ({"license": "WTFPL"}, "license"),
        ({"sdg": ("18.1",)}, "sdg"),
        ({"theme": ("gender", "youth", "climate", "justice", "open-data", "smart-city")}, "theme"),
        ({"start_date": "2024-13"}, "start_date"),
        ({"start_date": "last year"}, "start_date"),
        ({"end_date": "2022"}, "end_date"),
        ({"evidence_level": 6}, "evidence_level"),
        ({"source_url": "county.example"}, "source_url"),
        ({"sections": {**FULL.sections, "gossip": "x"}}, "gossip"),
        ({"sections": {**FULL.sections, "risks": "x" * 20_001}}, "risks"),
        ({"more": {"technology": ("magic",)}}, "technology"),
        ({"more": {"mood": ("good",)}}, "mood"),
        ({"lead_organization": Organization("County of X", "gang")}, "org_type"),
        ({"lead_organization": Organization("County of X")}, "org_type"),
    ],
)
def test_a_wrong_value_says_which_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(replace(FULL, **changes))  # type: ignore[arg-type]

    assert list(refusal.value.fields) == [field]


def test_every_code_has_a_name_in_the_language_of_the_page() -> None:
    assert {name: len(words) for name, words in VOCABULARIES.items() if name in {"theme", "objective", "orgType"}} == {
        "theme": 24,
        "objective": 13,
        "orgType": 16,
    }
    assert label("theme", "unknown-theme") == "unknown-theme"
    with use("en-XA"):
        assert choices("outcome")[4][0] == "failed"
        assert label("outcome", "failed") != "Failed"


def test_the_summary_is_one_paragraph_that_needs_no_click() -> None:
    assert composed_summary(checked(FULL)) == SUMMARY


async def test_only_its_author_or_an_editor_changes_a_record(node_database: Settings) -> None:
    await home()
    anna, boris = await member(), await member("boris", "Boris")
    record = await practices.publish(FULL, by=anna, now=NOW)

    with pytest.raises(NotAllowed):
        await practices.revise(record.uri, replace(FULL, title="Mine"), by=boris, now=LATER)
    with pytest.raises(NotAllowed):
        await practices.withdraw(record.uri, by=boris, now=LATER)

    row = await Practice.get(id=record.id)
    assert (row.title, row.version, row.withdrawn_at) == (FULL.title, 1, None)


async def test_a_published_record_does_not_go_back(node_database: Settings) -> None:
    await home()
    anna = await member()
    record = await practices.publish(FULL, by=anna, now=NOW)

    for backwards in (replace(FULL, visibility=Visibility.DRAFT), replace(FULL, stage=Stage.LEAD)):
        with pytest.raises(Invalid):
            await practices.revise(record.uri, backwards, by=anna, now=LATER)

    assert (await Practice.get(id=record.id)).version == 1


async def test_a_record_is_published_by_the_group_and_credits_its_author(database: Settings) -> None:
    groups, anna = await home(), await member()

    record = await practices.publish(FULL, by=anna, now=NOW)

    row = await Practice.get(id=record.id)
    assert (row.publisher_id, row.author_id, row.is_local) == (groups["practices"].id, anna.id, True)
    assert row.uri == f"https://home.example/ap/r/{row.public_id}"
    assert (row.summary, row.country, row.published_at) == (SUMMARY, " KE ", NOW)
    assert row.facts == {
        "country": ["KE"],
        "level": ["local"],
        "startDate": "2023-05",
        "statusDate": "2024",
        "leadOrganization": {"name": "County of X", "orgType": "local-government", "country": "KE"},
        "objective": ["participation", "inclusion"],
        "theme": ["e-participation"],
        "sdg": ["16.7", "5.5"],
        "channel": ["sms-ussd", "in-person"],
        "contributors": ["Anna Ngugi"],
        "evidenceLevel": 2,
    }
    assert row.sections_html["results"] == "<p>4,120 people, <strong>38%</strong> women.</p>\n"
    assert await facts() == [("PracticePublished", {"practice_id": row.id, "version": 1})]
    assert set(await Hashtag.all().values_list("name", flat=True)) == {"sdg16", "sdg5", "eparticipation", "kenya"}
    assert "county of x" in (await SearchEntry.get(object_uri=row.uri)).folded
    assert checked(draft_of(row)) == checked(replace(FULL, summary=SUMMARY, contributors=("Anna Ngugi",)))


async def test_a_new_version_leaves_the_old_one_as_it_was(database: Settings) -> None:
    await home()
    anna, eda = await member(), await member("eda", "Eda", Role.EDITOR)
    record = await practices.publish(FULL, by=anna, now=NOW)
    second = replace(draft_of(record), outcome="failed", sections={**FULL.sections, "failures": "Nobody answered."})

    revised = await practices.revise(record.uri, second, by=eda, now=LATER)

    assert (revised.version, revised.updated_at, revised.published_at) == (2, LATER, NOW)
    assert "Result: failed: Nobody answered." in revised.summary
    versions = await PracticeVersion.filter(practice_id=record.id).order_by("version")
    assert [(each.version, each.snapshot["outcome"], each.made_by_id) for each in versions] == [
        (1, "success", anna.id),
        (2, "failed", eda.id),
    ]
    assert [name for name, _payload in await facts()] == ["PracticePublished", "PracticeRevised"]


async def test_a_summary_that_was_written_by_hand_stays(node_database: Settings) -> None:
    await home()
    anna = await member()
    record = await practices.publish(replace(FULL, summary="By hand."), by=anna, now=NOW)

    revised = await practices.revise(record.uri, replace(draft_of(record), title="New title"), by=anna, now=LATER)

    assert (revised.title, revised.summary) == ("New title", "By hand.")


async def test_a_lead_is_told_to_nobody_until_it_is_described(database: Settings) -> None:
    await home()
    anna = await member()
    lead = await practices.publish(LEAD, by=anna, now=NOW)
    assert await facts() == []

    described = await practices.revise(lead.uri, FULL, by=anna, now=LATER)

    assert (described.stage, described.version) == (Stage.DESCRIBED, 2)
    assert await facts() == [("PracticePublished", {"practice_id": lead.id, "version": 2})]


async def test_a_draft_is_found_by_nobody_and_starts_with_version_one(node_database: Settings) -> None:
    await home()
    anna = await member()
    draft = PracticeDraft(title="Not yet", visibility=Visibility.DRAFT)
    record = await practices.publish(draft, by=anna, now=NOW)
    assert (await SearchEntry.filter(kind="practice").count(), record.published_at) == (0, None)

    published = await practices.revise(record.uri, FULL, by=anna, now=LATER)

    assert (published.version, published.published_at) == (1, LATER)
    assert await facts() == [("PracticePublished", {"practice_id": record.id, "version": 1})]


async def test_a_withdrawn_record_keeps_its_title_and_dates_alone(database: Settings) -> None:
    await home()
    anna = await member()
    record = await practices.publish(FULL, by=anna, now=NOW)

    await practices.withdraw(record.uri, by=anna, now=LATER)
    await practices.withdraw(record.uri, by=anna, now=MUCH_LATER)

    row = await Practice.get(id=record.id)
    assert (row.title, row.published_at, row.withdrawn_at) == (FULL.title, NOW, LATER)
    assert (row.summary, row.facts, row.sections, row.sections_html) == ("", {}, {}, {})
    assert await PracticeVersion.all().count() == 0
    assert [name for name, _payload in await facts()] == ["PracticePublished", "PracticeWithdrawn"]
    with pytest.raises(Withdrawn):
        await practices.by_public_id(row.public_id or "")
