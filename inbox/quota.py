"""How much a host may bring in a day (UTC), in activities and in bytes: bounded, in the memory of this process.

The budget says how fast, the quota how much: so much a day and no more can the tables grow for the sake of one host.
"""

from collections import OrderedDict
from datetime import UTC, date, datetime, time, timedelta

from inbox.budget import NAMED_FACTOR
from node.errors import TooMany

MOST_HOSTS = 20_000
MIB = 1024 * 1024


class Quota:
    """What each host has brought today.

    Args:
        rows: activities that a host may bring in a day.
        mib: MiB of activities that it may bring in a day.
    """

    def __init__(self, *, rows: int, mib: int) -> None:
        self._rows = rows
        self._bytes = mib * MIB
        self._day = date.min
        self._brought: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def require(self, host: str, *, is_named: bool, now: datetime) -> None:
        """Make sure that `host` may bring something more today; nothing is counted yet.

        Args:
            host: canonical, of the key that the request names.
            is_named: policy has an entry for it: it may bring ten times as much.
            now: aware UTC.

        Raises:
            TooMany: it may not; `retry_after` leads to the next day.

        Spec: security T-30.
        """
        rows, body_bytes = self._today(now).get(host, (0, 0))
        factor = NAMED_FACTOR if is_named else 1
        if rows >= self._rows * factor or body_bytes >= self._bytes * factor:
            raise TooMany(f"{host} has brought all that it may bring in a day", retry_after=_left(now))

    def spend(self, host: str, body_bytes: int, *, now: datetime) -> None:
        """Count one activity that was proven."""
        brought = self._today(now)
        rows, before = brought.get(host, (0, 0))
        brought[host] = (rows + 1, before + body_bytes)
        brought.move_to_end(host)
        if len(brought) > MOST_HOSTS:
            brought.popitem(last=False)

    def _today(self, now: datetime) -> OrderedDict[str, tuple[int, int]]:
        if now.date() != self._day:
            self._day = now.date()
            self._brought.clear()
        return self._brought


def _left(now: datetime) -> int:
    """Return the seconds until the next day begins."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
    return max(1, int((midnight - now).total_seconds()))
