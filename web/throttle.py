"""How often something may be tried or asked: counts in memory, bounded, one table a process."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from node.errors import TooMany

MOST_KEYS = 20_000


class Throttle:
    """A sliding window a key.

    Args:
        limit: tries that pass within the window.
        window: its length.
    """

    def __init__(self, limit: int, window: timedelta) -> None:
        self._limit = limit
        self._window = window
        self._tries: OrderedDict[str, deque[datetime]] = OrderedDict()

    def hit(self, key: str, *, now: datetime) -> None:
        """Count one try.

        Raises:
            TooMany: the window is full; `retry_after` says when the oldest try leaves it.
        """
        tries = self._recent(key, now)
        if len(tries) >= self._limit:
            wait = tries[0] + self._window - now
            raise TooMany(f"{self._limit} tries in {self._window}", retry_after=int(wait.total_seconds()) + 1)
        tries.append(now)

    def forget(self, key: str) -> None:
        """Start afresh for a key: the try succeeded."""
        self._tries.pop(key, None)

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        tries = self._tries.setdefault(key, deque())
        self._tries.move_to_end(key)
        while tries and tries[0] <= now - self._window:
            tries.popleft()
        while len(self._tries) > MOST_KEYS:
            self._tries.popitem(last=False)
        return tries


class AccountTries:
    """Tries of passwords: few for one account from one address, more for it from all addresses together.

    So whoever guesses from elsewhere shuts the owner out only at a far higher number. Spec: security T-52.

    Args:
        here: bound for an account and an address.
        everywhere: bound for an account.
    """

    def __init__(self, here: Throttle, everywhere: Throttle) -> None:
        self._here = here
        self._everywhere = everywhere

    def hit(self, account: str, address: str, *, now: datetime) -> None:
        """Count one try; what the address alone may not do any more is not counted against the account.

        Raises:
            TooMany: one of the two windows is full.
        """
        self._here.hit(_pair(account, address), now=now)
        self._everywhere.hit(account, now=now)

    def forget(self, account: str, address: str) -> None:
        """Start afresh for the account at this address: the try succeeded."""
        self._here.forget(_pair(account, address))


def _pair(account: str, address: str) -> str:
    return f"{address} {account}"


class Buckets:
    """A token bucket a key: so many a second, with room for a burst.

    Args:
        rate: tokens a second.
        burst: the most that one key can save up.
    """

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, *, at: float) -> None:
        """Take one token.

        Args:
            at: seconds of a clock that only grows.

        Raises:
            TooMany: the bucket is empty.
        """
        level, seen = self._levels.get(key, (self._burst, at))
        level = min(self._burst, level + (at - seen) * self._rate)
        if level < 1:
            raise TooMany(f"over {self._rate} a second", retry_after=int((1 - level) / self._rate) + 1)
        self._levels[key] = (level - 1, at)
        self._levels.move_to_end(key)
        if len(self._levels) > MOST_KEYS:
            self._levels.popitem(last=False)
