"""Lookups that failed, remembered in the database: asking again too soon is pointless and rude."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from federation.errors import Gone, NotFound, ProtocolError, Refused, Unreachable
from node.community.tables import put_all
from node.database import among, moment, rows
from node.models import FailedLookup

PAUSE = timedelta(minutes=5)
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Question:
    """May `url` be asked at `now`?"""

    url: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """At `now` it turned out that `url` can not be had."""

    url: str
    error: ProtocolError
    now: datetime


async def untried(questions: Sequence[Question]) -> list[None | Exception]:
    """Return None for each URL that may be asked now, otherwise how it failed less than five minutes ago.

    That is Unreachable, Gone, NotFound or Refused.
    """
    condition, values = among("url", [each.url for each in questions])
    found = await rows(f"SELECT url, reason, until FROM failed_lookup WHERE {condition}", values)  # noqa: S608
    failed_ones = {str(row["url"]): (str(row["reason"]), moment(row["until"])) for row in found}
    return [_remembered(each, *failed_ones.get(each.url, ("", None))) for each in questions]


def _remembered(question: Question, text: str, until: datetime | None) -> ProtocolError | None:
    if until is None or until <= question.now:
        return None
    kind, _, reason = text.partition(": ")
    if kind == "unreachable":
        return Unreachable(reason, retry_after=max(1, int((until - question.now).total_seconds())))
    if kind == "gone":
        return Gone(reason)
    return NotFound(reason) if kind == "missing" else Refused(reason)


async def failed(failures: Sequence[Failure]) -> list[None | Exception]:
    """Remember what could not be had."""
    latest = {each.url: _row(each) for each in failures}
    await put_all(FailedLookup, [latest[url] for url in sorted(latest)], key="url")
    return [None] * len(failures)


def _row(failure: Failure) -> dict[str, object]:
    reason = f"{_kind(failure.error)}: {failure.error}"[:LONGEST_REASON]
    return {"url": failure.url, "reason": reason, "failed_at": failure.now, "until": failure.now + PAUSE}


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
