"""The paragraph that Mastodon shows of a record and of an event."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from node.i18n import translator
from node.text.summary import (
    EventSummary,
    PracticeSummary,
    as_hashtag,
    event_summary,
    first_sentence,
    practice_summary,
)

ENGLISH = translator("en")
START = datetime(2026, 11, 18, 14, 0, tzinfo=ZoneInfo("Africa/Nairobi"))


def test_empty_parts_leave_no_trace() -> None:
    assert practice_summary(PracticeSummary(problem="Nobody came."), ENGLISH) == "Nobody came. Evidence 0/5."


def test_a_record_is_told_in_one_paragraph() -> None:
    facts = PracticeSummary(
        places=("Kenya",),
        levels=("local",),
        status="implemented",
        year="2024",
        problem="Rural wards were absent from budget hearings. It had been so for years.",
        approach="The county takes questions by SMS in 3 languages.\nMore text.",
        outcome="success",
        result="4,120 people, 38% women (from 900)",
        evidence=2,
        hashtags=("SDG16", "eParticipation", "Kenya"),
    )

    assert practice_summary(facts, ENGLISH) == (
        "Kenya · local · implemented 2024. Rural wards were absent from budget hearings → The county takes questions "
        "by SMS in 3 languages. Result: 4,120 people, 38% women (from 900). Evidence 2/5. #SDG16 #eParticipation #Kenya"
    )


def test_failure_and_too_early_are_said_plainly() -> None:
    failed = PracticeSummary(problem="P", outcome="failed", result="The vendor left. Then nothing.")
    early = PracticeSummary(problem="P", outcome="too-early", result="ignored")

    assert practice_summary(failed, ENGLISH) == "P. Result: failed: The vendor left. Evidence 0/5."
    assert practice_summary(early, ENGLISH) == "P. Result: too early. Evidence 0/5."


@given(st.text(max_size=900), st.text(max_size=900), st.text(max_size=900), st.lists(st.text(max_size=60), max_size=12))
def test_a_record_is_never_told_in_more_than_480_characters(
    problem: str, approach: str, result: str, tags: list[str]
) -> None:
    """Domain A5."""
    facts = PracticeSummary(problem=problem, approach=approach, result=result, hashtags=tuple(tags), places=tuple(tags))

    assert len(practice_summary(facts, ENGLISH)) <= 480


def test_an_event_is_told_by_time_place_and_how_to_come() -> None:
    facts = EventSummary(
        start=START,
        end=START + timedelta(hours=2),
        place="Online + UNON Room 4",
        registration='Register: reply "yes"',
        teaser="What wards learned from SMS hearings.",
    )

    assert event_summary(facts, ENGLISH) == (
        'Wed 18 Nov 2026, 14:00–16:00 Nairobi (11:00 UTC) · Online + UNON Room 4 · Register: reply "yes"'
        " — What wards learned from SMS hearings."
    )


def test_a_cancelled_event_says_so_first() -> None:
    text = event_summary(EventSummary(start=START, end=START, status="cancelled"), ENGLISH)

    assert text == "Cancelled · Wed 18 Nov 2026, 14:00 Nairobi (11:00 UTC)"


@given(st.text(max_size=900), st.text(max_size=900))
def test_an_event_is_never_told_in_more_than_480_characters(place: str, teaser: str) -> None:
    facts = EventSummary(start=START, end=START, place=place, registration=place, teaser=teaser)

    assert len(event_summary(facts, ENGLISH)) <= 480


def test_words_become_one_hashtag() -> None:
    assert [as_hashtag(text) for text in ("South Sudan", "Côte d’Ivoire", "e-participation", "Kenya", "!!")] == [
        "SouthSudan",
        "CôteDIvoire",
        "EParticipation",
        "Kenya",
        "",
    ]


def test_a_sentence_ends_with_its_mark_or_line_in_any_script() -> None:
    assert [first_sentence(text) for text in ("At 3.5% now. More", "ماذا؟ نعم", "第一。第二", "One\nTwo")] == [
        "At 3.5% now",
        "ماذا",
        "第一。第二",
        "One",
    ]
