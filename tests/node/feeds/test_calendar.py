"""Calendars are read the way calendar programs read them; the zones by dateutil, not by the library that wrote them."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical

from node.feeds.calendar import Calendar, CalendarEvent, ics

NOW = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
ZURICH = ZoneInfo("Europe/Zurich")


def _event(**changes: object) -> CalendarEvent:
    given: dict[str, object] = {
        "uri": "https://home.example/ap/e/1",
        "url": "https://home.example/events/1",
        "title": "Hearing",
        "start": datetime(2026, 11, 18, 14, 0, tzinfo=ZURICH),
        "end": datetime(2026, 11, 18, 16, 0, tzinfo=ZURICH),
        "updated_at": NOW,
        "created_at": NOW,
    }
    return CalendarEvent(**(given | changes))  # type: ignore[arg-type]


def _lines(*events: CalendarEvent) -> list[str]:
    """Return the unfolded lines of the calendar."""
    written = ics(Calendar(url="https://home.example/events.ics", name="Events", events=events))
    assert max(len(line) for line in written.split(b"\r\n")) <= 75
    assert b"\n" not in written.replace(b"\r\n", b"")
    return re.sub(r"\r\n[ \t]", "", written.decode()).rstrip("\r\n").split("\r\n")


def _of_event(lines: list[str]) -> dict[str, str]:
    inside = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    return dict(line.split(":", 1) for line in inside)


@pytest.mark.parametrize("field", ["title", "description", "location", "online_url", "url"])
def test_no_text_can_begin_a_line_of_its_own(field: str) -> None:
    lines = _lines(_event(**{field: "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\nATTENDEE:mailto:a@evil.test\x00"}))

    assert lines.count("BEGIN:VEVENT") == 1
    assert not any(line.startswith("ATTENDEE") for line in lines)


def test_a_cancelled_event_stays_and_says_so() -> None:
    told = _of_event(_lines(_event(status="cancelled", sequence=4)))

    assert (told["STATUS"], told["SEQUENCE"], told["UID"]) == ("CANCELLED", "4", "https://home.example/ap/e/1")


def test_an_event_tells_its_time_in_its_zone_and_where_it_is() -> None:
    event = _event(location="Room 4, Geneva", online_url="https://meet.example/x", tags=("SDG16", "eParticipation"))

    assert _of_event(_lines(event)) == {
        "SUMMARY": "Hearing",
        "DTSTART;TZID=Europe/Zurich": "20261118T140000",
        "DTEND;TZID=Europe/Zurich": "20261118T160000",
        "DTSTAMP": "20261101T080000Z",
        "UID": "https://home.example/ap/e/1",
        "SEQUENCE": "0",
        "CATEGORIES": "SDG16,eParticipation",
        "CONFERENCE;VALUE=URI": "https://meet.example/x",
        "CREATED": "20261101T080000Z",
        "LAST-MODIFIED": "20261101T080000Z",
        "LOCATION": "Room 4\\, Geneva",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
        "URL": "https://home.example/events/1",
    }


@pytest.mark.parametrize(
    "zone", ["Europe/Zurich", "Africa/Nairobi", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu"]
)
def test_each_zone_comes_with_its_rules_as_another_library_reads_them(zone: str) -> None:
    start = datetime(2026, 11, 18, 14, 0, tzinfo=ZoneInfo(zone))
    lines = _lines(_event(start=start, end=start + timedelta(hours=1)))

    rules = tzical(StringIO("\r\n".join(lines) + "\r\n")).get(zone)

    for day in range(0, 330, 15):
        moment = datetime(2026, 1, 20, 12, 0, tzinfo=ZoneInfo(zone)) + timedelta(days=day)
        assert moment.replace(tzinfo=rules).utcoffset() == moment.utcoffset(), moment


def test_a_meeting_in_utc_needs_no_zone() -> None:
    lines = _lines(_event(start=NOW, end=NOW))

    assert _of_event(lines)["DTSTART"] == "20261101T080000Z"
    assert "BEGIN:VTIMEZONE" not in lines


def test_the_calendar_says_when_to_come_back() -> None:
    lines = _lines()

    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Talanoa//Talanoa//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Events",
        "X-WR-CALNAME:Events",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "SOURCE;VALUE=URI:https://home.example/events.ics",
        "URL:https://home.example/events.ics",
        "X-PUBLISHED-TTL:PT6H",
        "END:VCALENDAR",
    ]
