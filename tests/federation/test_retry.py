"""When a delivery is repeated: settled answers to each status, waits, breaker."""

from datetime import UTC, datetime, timedelta

import pytest

from federation.retry import CLOSED, EXPIRES_AFTER, Breaker, Verdict, after_failure, judge, wait_before

NOON = datetime(2026, 8, 18, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("status", [402, 403, 405, 406, 413, 415, 418, 422, 451, 501])
def test_a_final_no_is_not_repeated(status: int) -> None:
    assert judge(status) is Verdict.REFUSED


@pytest.mark.parametrize("status", [0, 408, 425, 429, 500, 502, 503, 504, 520])
def test_a_passing_trouble_is_tried_later(status: int) -> None:
    assert judge(status) is Verdict.RETRY


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_delivered(status: int) -> None:
    assert judge(status) is Verdict.DELIVERED


@pytest.mark.parametrize("status", [404, 410])
def test_a_missing_inbox_asks_for_the_actor_again(status: int) -> None:
    assert judge(status) is Verdict.GONE


def test_400_is_tried_once_in_the_other_scheme() -> None:
    assert [judge(400), judge(400, other_scheme_tried=True)] == [Verdict.TRY_OTHER_SCHEME, Verdict.REFUSED]


def test_401_is_tried_in_the_other_scheme_and_then_three_times_later() -> None:
    later = [judge(401, attempt=attempt, other_scheme_tried=True) for attempt in (1, 2, 3, 4)]

    assert judge(401) is Verdict.TRY_OTHER_SCHEME
    assert later == [Verdict.RETRY, Verdict.RETRY, Verdict.RETRY, Verdict.REFUSED]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_final_after_a_day(status: int) -> None:
    verdicts = [judge(status, attempt=attempt) for attempt in range(1, 8)]

    assert verdicts == [Verdict.RETRY] * 6 + [Verdict.REFUSED]


def test_waits_are_1_5_15_minutes_1_4_12_hours_then_daily() -> None:
    minutes = [wait_before(attempt, jitter=0) / timedelta(minutes=1) for attempt in range(2, 11)]

    assert minutes == [1, 5, 15, 60, 240, 720, 1440, 1440, 1440]


def test_jitter_moves_a_wait_by_its_share() -> None:
    assert wait_before(2, jitter=-0.2) == timedelta(seconds=48)
    assert wait_before(2, jitter=0.2) == timedelta(seconds=72)


@pytest.mark.parametrize(
    ("asked", "waited"),
    [(-5, 60), (0, 60), (30, 60), (600, 600), (10**9, 86_400)],
)
def test_retry_after_only_lengthens_and_ends_at_a_day(asked: int, waited: int) -> None:
    assert wait_before(2, jitter=0, retry_after_seconds=asked) == timedelta(seconds=waited)


def test_a_delivery_expires_after_seven_days() -> None:
    assert timedelta(days=7) == EXPIRES_AFTER


def test_four_failures_leave_the_breaker_closed() -> None:
    breaker = CLOSED
    for _ in range(4):
        breaker = after_failure(breaker, now=NOON)

    assert breaker == Breaker(4)
    assert breaker.may_send(NOON)


def test_the_fifth_failure_opens_it_and_probes_double_to_twelve_hours() -> None:
    breaker = Breaker(4)
    hours = []
    for _ in range(8):
        breaker = after_failure(breaker, now=NOON)
        assert breaker.probe_at is not None
        hours.append((breaker.probe_at - NOON) / timedelta(hours=1))

    assert hours == [0.25, 0.5, 1, 2, 4, 8, 12, 12]
    assert breaker.is_open


def test_an_open_breaker_lets_nothing_through_before_its_probe() -> None:
    breaker = after_failure(Breaker(4), now=NOON)

    assert not breaker.may_send(NOON + timedelta(minutes=14))
    assert breaker.may_send(NOON + timedelta(minutes=15))
