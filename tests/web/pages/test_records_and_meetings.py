"""Practice records and events as everybody reads them, and their feeds."""

from dataclasses import replace
from urllib.parse import quote
from xml.etree import ElementTree

import icalendar
import pytest

from node.community import events, practices
from node.models import Visibility
from tests.web.pages.conftest import Inhabited
from tests.web.village import RECORD, WORKSHOP
from tests.web.visitor import Page

BASE = "https://home.example"
ATOM = "{http://www.w3.org/2005/Atom}"


async def test_a_draft_is_for_its_author_alone(inhabited: Inhabited) -> None:
    now = inhabited.building.clock.now()
    draft = replace(RECORD, title="Half a thought", visibility=Visibility.DRAFT)
    record = await practices.publish(draft, by=inhabited.anna, now=now)
    other, visitor = await inhabited.building.signed_in("sefa"), inhabited.building.visitor()

    statuses = [(await who.get(f"/practices/{record.public_id}")).status for who in (other, visitor)]
    lists = [(await who.get("/practices")).text for who in (other, visitor)]

    assert (statuses, any("Half a thought" in text for text in lists)) == ([404, 404], False)


async def test_a_record_shows_its_summary_first_then_facts_then_sections(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get(f"/practices/{inhabited.village.record}")

    facts = {row.xpath("string(dt)"): row.xpath("normalize-space(dd)") for row in page.document.xpath("//dl/div")}
    assert [heading.text_content() for heading in page.document.xpath("//h2")][:4] == [
        *("At a glance", "Problem", "Approach", "Results"),
    ]
    assert page.text.index('class="summary"') < page.text.index('class="facts"') < page.text.index('id="problem"')
    assert facts == {
        "What it is": "Practice",
        "Where": "Tonga",
        "When": "since May 2023",
        "Status": "Implemented (2024)",
        "Outcome": "Success",
        "Led by": "Vava\u02bbu Island Council (Local government, Tonga)",
        "Level": "Local",
        "Objective": "Participation, Inclusion",
        "Theme": "E-participation, Public finance",
        "SDG targets": "16.7 Inclusive, participatory decisions, 5.5 Women's full participation and leadership",
        "Channel": "SMS or USSD, In person",
        "Evidence": "2 Monitoring data",
        "Contact": "clerk@council.example",
        "Language": "English",
        "Licence": "Creative Commons Attribution 4.0",
    }


async def test_an_earlier_version_says_so_and_is_not_for_search_engines(inhabited: Inhabited) -> None:
    visitor, record = inhabited.building.visitor(), inhabited.village.record

    first = await visitor.get(f"/practices/{record}/v/1")
    missing = [(await visitor.get(f"/practices/{record}/v/{number}")).status for number in ("0", "3", "x", "-1")]

    assert (first.status, first.header("x-robots-tag"), missing) == (200, "noindex", [404] * 4)
    assert "This is version 1. There is version 2 by now." in first.shown()
    assert "Partial success" in first.shown()


async def test_a_record_of_another_node_says_whose_it_is(inhabited: Inhabited) -> None:
    uri = quote(inhabited.village.far_record_uri, safe="")

    page = await inhabited.building.visitor().get(f"/thread?uri={uri}")

    assert (page.status, page.header("x-robots-tag")) == (200, "noindex")
    assert page.document.xpath("//a[@href='https://far.example/practices/1']/text()") == [
        "Read the original at far.example"
    ]
    assert "@practices@far.example" in page.shown()


async def test_what_is_ours_is_shown_on_its_own_page(inhabited: Inhabited) -> None:
    uri = quote(f"{BASE}/ap/r/{inhabited.village.record}", safe="")

    page = await inhabited.building.visitor().get(f"/thread?uri={uri}")

    assert (page.status, page.header("location")) == (303, f"/practices/{inhabited.village.record}")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["One-stop shop on a ferry", "Ward budget hearings by SMS"]),
        ("country=TO", ["Ward budget hearings by SMS"]),
        ("country=PE&status=pilot", ["One-stop shop on a ferry"]),
        ("outcome=success", ["Ward budget hearings by SMS"]),
        ("theme=public-finance", ["Ward budget hearings by SMS"]),
        ("theme=justice", []),
        ("country=%25", []),
        ("status=' OR 1=1", []),
    ],
)
async def test_the_library_narrows_down(inhabited: Inhabited, query: str, titles: list[str]) -> None:
    page = await inhabited.building.visitor().get(f"/practices?{quote(query, safe='=&%')}")

    assert (page.status, sorted(_titles(page))) == (200, titles)


async def test_words_in_the_library_lead_to_the_search(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get("/practices?q=budget%20hearings")

    assert page.header("location") == "/search?q=budget+hearings&kind=practice"


async def test_an_event_shows_the_time_of_its_place_and_utc(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get(f"/events/{inhabited.village.event}")

    when = page.document.xpath("//p[@class='when']/time")[0]
    assert (when.text, when.get("datetime")) == (
        "Sat 18 Apr 2026, 14:00\u201316:30 Tongatapu (01:00 UTC)",
        "2026-04-18T14:00+13:00",
    )
    assert page.document.xpath("//p[@class='badges']/span/text()") == ["Takes place"]


async def test_a_cancelled_event_says_it_in_words(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get(f"/events/{inhabited.village.cancelled}")

    assert page.document.xpath("//p[@class='badges']/span/text()") == ["Cancelled"]
    assert "This event does not take place." in page.shown()


async def test_the_file_of_a_private_event_is_for_members(inhabited: Inhabited) -> None:
    now = inhabited.building.clock.now()
    event = await events.publish(replace(WORKSHOP, visibility=Visibility.MEMBERS), by=inhabited.anna, now=now)
    visitor, member = inhabited.building.visitor(), await inhabited.building.signed_in("sefa")

    assert (await visitor.get(f"/events/{event.public_id}.ics")).status == 404
    assert (await member.get(f"/events/{event.public_id}.ics")).status == 200
    assert str(event.public_id) not in (await visitor.get("/events.ics")).text


async def test_an_event_is_a_file_for_calendars(inhabited: Inhabited) -> None:
    path = f"/events/{inhabited.village.event}.ics"

    page = await inhabited.building.visitor().get(path)
    event = icalendar.Calendar.from_ical(page.text).walk("VEVENT")[0]

    assert page.header("content-type") == "text/calendar; charset=utf-8"
    assert page.header("content-disposition") == f'attachment; filename="{inhabited.village.event}.ics"'
    assert str(event["UID"]) == f"{BASE}/ap/e/{inhabited.village.event}"
    assert event["DTSTART"].dt.isoformat() == "2026-04-18T14:00:00+13:00"


async def test_the_calendar_holds_what_comes_cancelled_ones_too(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get("/events.ics")
    found = icalendar.Calendar.from_ical(page.text).walk("VEVENT")

    assert (page.status, page.header("set-cookie")) == (200, None)
    assert sorted((str(event["SUMMARY"]), str(event["STATUS"])) for event in found) == [
        ("Open budget workshop", "CONFIRMED"),
        ("Training on open contracts", "CANCELLED"),
    ]


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("/practices.atom", {"Ward budget hearings by SMS"}),
        ("/events.atom", {"Open budget workshop", "Training on open contracts"}),
        ("/@nobody.atom", None),
        ("/@berta@far.example.atom", None),
    ],
)
async def test_a_feed_holds_what_is_ours_and_public(inhabited: Inhabited, path: str, titles: set[str] | None) -> None:
    page = await inhabited.building.visitor().get(path)

    if titles is None:
        assert page.status == 404
        return
    feed = ElementTree.fromstring(page.body)
    assert {entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")} == titles
    assert feed.findtext(f"{ATOM}id") == f"{BASE}{path}"


async def test_a_feed_is_answered_once_and_then_not_modified_w4(inhabited: Inhabited) -> None:
    visitor = inhabited.building.visitor()
    first = await visitor.get("/posts.atom")

    second = await visitor.get("/posts.atom", if_none_match=first.header("etag") or "")

    assert (first.header("content-type"), second.status) == ("application/atom+xml; charset=utf-8", 304)
    assert "Bad news about a project" in first.text
    assert "The vendor left" not in first.text


def _titles(page: Page) -> list[str]:
    return [str(title) for title in page.document.xpath("//article//h2/a/text()")]
