"""When to try a delivery again, and when to leave a host alone. Pure: no clock, no network, no database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
LATER_WAIT = timedelta(hours=24)
LONGEST_RETRY_AFTER = timedelta(hours=24)
EXPIRES_AFTER = timedelta(days=7)

NETWORK_FAILURE = 0
"""The status of an attempt that got no answer."""

LATER_TRIES_AFTER_401 = 3
MOVED_TRIES = 7
"""A redirect becomes final within a day: six waits make 17 hours, the seventh would end after 41."""

FAILURES_BEFORE_OPEN = 5
FIRST_PROBE = timedelta(minutes=15)
LONGEST_PROBE = timedelta(hours=12)

_LATER = frozenset({NETWORK_FAILURE, 408, 425, 429})
_SIGNATURE_DOUBTS = frozenset({400, 401})
_NO_INBOX = frozenset({404, 410})
_NOT_IMPLEMENTED = 501


class Verdict(Enum):
    """What the answer to a delivery means for it.

    DELIVERED: done. RETRY: later. TRY_OTHER_SCHEME: at once, signed the other way. REFUSED: final.
    GONE: final, and the actor behind the inbox should be fetched again.
    """

    DELIVERED = "delivered"
    RETRY = "retry"
    TRY_OTHER_SCHEME = "try_other_scheme"
    REFUSED = "refused"
    GONE = "gone"


def judge(status: int, *, attempt: int = 1, other_scheme_tried: bool = False) -> Verdict:
    """Return what `status` means for the delivery.

    Args:
        status: HTTP status of the answer, NETWORK_FAILURE if there was none.
        attempt: 1 for the first try; a try in both schemes is one attempt.
        other_scheme_tried: this attempt was already repeated in the other scheme.
    """
    if 200 <= status <= 299:
        return Verdict.DELIVERED
    if status in _SIGNATURE_DOUBTS and not other_scheme_tried:
        return Verdict.TRY_OTHER_SCHEME
    if status in _NO_INBOX:
        return Verdict.GONE
    return Verdict.RETRY if _may_change(status, attempt) else Verdict.REFUSED


def _may_change(status: int, attempt: int) -> bool:
    if status == 401:
        return attempt <= LATER_TRIES_AFTER_401
    if 300 <= status <= 399:
        return attempt < MOVED_TRIES
    return status in _LATER or (status >= 500 and status != _NOT_IMPLEMENTED)


def wait_before(attempt: int, *, jitter: float, retry_after_seconds: int | None = None) -> timedelta:
    """Return how long to wait before `attempt`.

    Args:
        attempt: 2 for the first repetition (1 was the first try).
        jitter: -0.2 up to 0.2, the share by which the wait is moved.
        retry_after_seconds: what the other side asked for; it can only make the wait longer, up to 24 h.
    """
    step = WAITS[attempt - 2] if attempt - 2 < len(WAITS) else LATER_WAIT
    wait = step * (1 + jitter)
    if retry_after_seconds is None:
        return wait
    asked = min(timedelta(seconds=max(0, retry_after_seconds)), LONGEST_RETRY_AFTER)
    return max(wait, asked)


@dataclass(frozen=True, slots=True)
class Breaker:
    """How a host has answered lately.

    Args:
        failures: failed deliveries in a row.
        probe_at: aware UTC; before it nothing is sent, from it on one delivery as a probe. None: closed.
    """

    failures: int = 0
    probe_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Say whether deliveries to the host are held."""
        return self.probe_at is not None

    def may_send(self, now: datetime) -> bool:
        """Say whether a delivery (a probe, if the breaker is open) may start at `now`."""
        return self.probe_at is None or now >= self.probe_at


CLOSED = Breaker()
"""A host about which nothing bad is known; also the state after any success or valid inbound request."""


def after_failure(breaker: Breaker, *, now: datetime) -> Breaker:
    """Return the breaker after one more failed delivery at `now`.

    It opens at the fifth failure in a row and then asks again after 15 minutes, 30, 60 ... at most 12 hours.
    """
    failures = breaker.failures + 1
    if failures < FAILURES_BEFORE_OPEN:
        return Breaker(failures)
    doublings = min(failures - FAILURES_BEFORE_OPEN, 10)
    return Breaker(failures, now + min(FIRST_PROBE * 2**doublings, LONGEST_PROBE))
