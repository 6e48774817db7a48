"""Wall time to UTC, in hours that exist, don't exist, or exist twice."""

from datetime import UTC, datetime

import pytest

from node.community.event_times import checked_zone, to_utc, wall_time
from node.errors import Invalid


@pytest.mark.parametrize("text", ["", "2026-11-18", "18.11.2026 14:00", "2026-11-18T14:00+03:00", "0001-01-01T00:00"])
def test_what_is_no_day_and_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        wall_time("start_local", text)

    assert refusal.value.fields == {"start_local": "Write day and time like this: 2026-11-18T14:00."}


@pytest.mark.parametrize("name", ["", "Nairobi", "../../etc/passwd", "UTC+3"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_zone(name)

    assert list(refusal.value.fields) == ["time_zone"]


def test_an_hour_that_the_clocks_skip_is_refused_with_the_hour_after() -> None:
    with pytest.raises(Invalid) as refusal:
        to_utc("start_local", datetime(2026, 3, 29, 2, 30), "Europe/Vienna")  # noqa: DTZ001 - a wall time

    assert refusal.value.fields == {
        "start_local": "The clocks go forward then, so 02:30 does not exist on that day. Write 03:30 instead."
    }


def test_an_hour_that_comes_twice_needs_a_choice() -> None:
    wall = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 - a wall time
    with pytest.raises(Invalid) as refusal:
        to_utc("start_local", wall, "Europe/Vienna")

    assert refusal.value.fields == {
        "start_local": "The clocks go back then and show 02:30 twice. Choose the first or the second."
    }
    assert to_utc("start_local", wall, "Europe/Vienna", "first") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert to_utc("start_local", wall, "Europe/Vienna", "second") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_ordinary_hour_is_what_the_zone_says() -> None:
    wall = wall_time("start_local", "2026-11-18T14:00")

    assert to_utc("start_local", wall, checked_zone("Africa/Nairobi")) == datetime(2026, 11, 18, 11, tzinfo=UTC)
    assert to_utc("start_local", wall, "Europe/Vienna", "second") == datetime(2026, 11, 18, 13, tzinfo=UTC)
