"""Dates name the month, times the zone, in every language (domain L3)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from node.i18n import dates

NAIROBI = datetime(2026, 11, 18, 14, 0, tzinfo=ZoneInfo("Africa/Nairobi"))


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "Wed 18 Nov 2026, 14:00–16:00 Nairobi (11:00 UTC)"),
        ("fr", "mer. 18 nov. 2026, 14:00–16:00 Nairobi (11:00 UTC)"),
        ("ar", "الأربعاء، 18 نوفمبر 2026، 14:00–16:00 نيروبي (11:00 UTC)"),
        ("xx", "Wed 18 Nov 2026, 14:00–16:00 Nairobi (11:00 UTC)"),
    ],
)
def test_a_meeting_is_told_in_its_zone_and_in_utc(locale: str, expected: str) -> None:
    assert dates.format_span(NAIROBI, NAIROBI + timedelta(hours=2), locale) == expected


def test_a_meeting_over_midnight_names_both_days_and_the_day_in_utc() -> None:
    start = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Pacific/Auckland"))

    text = dates.format_span(start, start + timedelta(days=1), "en")

    assert text == "Wed 18 Nov 2026, 09:00 – Thu 19 Nov 2026, 09:00 Auckland (Tue 17 Nov 2026, 20:00 UTC)"


def test_a_meeting_in_utc_has_one_time_only() -> None:
    start = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)

    assert dates.format_span(start, start, "en") == "Wed 18 Nov 2026, 09:00 UTC"


def test_days_and_moments_cannot_be_misread() -> None:
    assert dates.format_day(date(2026, 1, 2), "en") == "2 Jan 2026"
    assert dates.format_moment(NAIROBI, "fr") == "18 nov. 2026, 14:00 Nairobi"
    assert dates.zone_name(datetime(2026, 6, 1, tzinfo=ZoneInfo("Europe/Zurich")), "ar") == "زيورخ"


def test_a_week_ago_is_still_counted_and_more_becomes_a_day() -> None:
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    assert dates.format_ago(now - timedelta(hours=3), now, "fr") == "il y a 3 heures"
    assert dates.format_ago(now - timedelta(days=8), now, "en") == "13 Nov 2026"


def test_names_and_numbers_follow_the_language() -> None:
    assert dates.country_name("KE", "ar") == "كينيا"
    assert dates.country_name("QQ", "ar") == "QQ"
    assert dates.own_name("fr") == "français"
    assert dates.language_name("sw", "en") == "Swahili"
    assert dates.format_number(4120, "en") == "4,120"
    assert ("KE", "Kenya") in dates.countries("en")


@pytest.mark.parametrize(
    ("text", "locale", "shown"),
    [
        ("soon", "en", "soon"),
        ("2023-13", "en", "2023-13"),
        ("2023-05-17-01", "en", "2023-05-17-01"),
        ("", "en", ""),
        ("2023", "ar", "2023"),
        ("2023-05", "en", "May 2023"),
        ("2023-05", "fr", "mai 2023"),
        ("2023-05", "ar", "مايو 2023"),
        ("2023-05-17", "en", "17 May 2023"),
    ],
)
def test_a_stated_date_names_its_month_and_anything_else_stays(text: str, locale: str, shown: str) -> None:
    assert dates.format_stated(text, locale) == shown


def test_a_list_has_the_comma_of_its_language() -> None:
    assert dates.listed(["Samoa", "Tonga"], "en") == "Samoa, Tonga"
    assert dates.listed(["ساموا", "تونغا"], "ar") == "ساموا، تونغا"
