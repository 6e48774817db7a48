"""Reading `Retry-After`. Pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 24 * 60 * 60


def retry_after_seconds(header: str | None, *, now: datetime | None) -> int | None:
    """Return how many seconds the other side asks us to wait, at most a day; None if it does not say.

    Args:
        header: seconds or an HTTP date.
        now: aware UTC; without it a date says nothing.

    Spec: RFC 9110 §10.2.3.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), LONGEST_SECONDS)
    if now is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return max(0, min(int((aware - now).total_seconds()), LONGEST_SECONDS))
