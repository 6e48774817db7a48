"""Lookups that failed, remembered in the database: asking again too soon is pointless and rude."""

from datetime import datetime, timedelta

from federation.errors import Gone, NotFound, ProtocolError, Refused, Unreachable
from node.database import atomic
from node.models import FailedLookup

PAUSE = timedelta(minutes=5)
LONGEST_REASON = 300


async def require_untried(url: str, *, now: datetime) -> None:
    """Return if `url` may be asked now.

    Raises:
        Unreachable, Gone, NotFound, Refused: it failed less than five minutes ago, in the way it failed then.
    """
    row = await FailedLookup.get_or_none(url=url)
    if row is None or row.until <= now:
        return
    kind, _, reason = row.reason.partition(": ")
    if kind == "unreachable":
        raise Unreachable(reason, retry_after=max(1, int((row.until - now).total_seconds())))
    if kind == "gone":
        raise Gone(reason)
    if kind == "missing":
        raise NotFound(reason)
    raise Refused(reason)


async def failed(url: str, error: ProtocolError, *, now: datetime) -> None:
    """Remember that `url` could not be had."""
    reason = f"{_kind(error)}: {error}"[:LONGEST_REASON]
    async with atomic():
        await FailedLookup.filter(url=url).delete()
        await FailedLookup.create(url=url, reason=reason, failed_at=now, until=now + PAUSE)


def _kind(error: ProtocolError) -> str:
    match error:
        case Unreachable():
            return "unreachable"
        case Gone():
            return "gone"
        case NotFound():
            return "missing"
    return "refused"


async def forget(host: str) -> int:
    """Let everything on `host` be asked again; return how many lookups that frees."""
    return await FailedLookup.filter(url__startswith=f"https://{host}/").delete()


async def sweep(*, now: datetime) -> int:
    """Delete what may be asked again anyway; return how many rows."""
    return await FailedLookup.filter(until__lte=now).delete()
