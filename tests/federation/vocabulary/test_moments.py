"""Times as foreign servers write them: odd ones are no time, none breaks anything (F-22)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from federation.vocabulary.fields import moment_of


@pytest.mark.parametrize(
    "odd",
    [
        "2026-06-30T23:59:60Z",
        "-0044-03-15T12:00:00Z",
        "12026-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "2026-02-30T00:00:00Z",
        "2026-01-01T24:01:00Z",
        "2026-01-01T00:00:00+99:99",
        "2026-01-01T00:00:00Z" + "0" * 100,
        "٢٠٢٦-٠١-٠١T00:00:00Z",
        "tomorrow, at noon",
        20260101,
        True,
        None,
        ["2026-01-01T00:00:00Z"],
    ],
)
def test_what_is_no_moment_is_none(odd: object) -> None:
    assert moment_of(odd) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-01T00:00:00Z", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2038-01-19T03:14:08Z", datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)),
        ("2106-02-07T06:28:16+00:00", datetime(2106, 2, 7, 6, 28, 16, tzinfo=UTC)),
        ("2026-12-31T23:30:00-12:00", datetime(2027, 1, 1, 11, 30, tzinfo=UTC)),
        ("2026-01-01T00:00:00.123456Z", datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc(written: str, meant: datetime) -> None:
    assert moment_of(written) == meant


def test_an_hour_that_comes_twice_or_never_is_read_all_the_same() -> None:
    vienna = ZoneInfo("Europe/Vienna")

    twice, never = moment_of("2026-10-25T02:30:00", vienna), moment_of("2026-03-29T02:30:00", vienna)

    assert (twice, never) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
