"""How much a host may bring: a token bucket a host, bounded, in the memory of this process.

A host is asked about before its key is looked up, and pays when the signature holds: else anybody could spend the
budget of a host by naming one of its keys.
"""

from collections import OrderedDict
from math import ceil

from node.errors import TooMany

MOST_HOSTS = 20_000
NAMED_FACTOR = 10
"""A host that an admin wrote an entry for gets so many times the budget."""


def site_of(host: str) -> str:
    """Return the last two labels of a host: all names below a wildcard count as one. Spec: security V-M17."""
    return ".".join(host.rsplit(".", 2)[-2:])


class Budget:
    """The buckets of this process.

    Args:
        rate: what one host may bring for long, a second.
        burst: the most that one host may bring at once.
        unit: in what that is counted, for the answer.
    """

    def __init__(self, *, rate: float, burst: float, unit: str = "activities") -> None:
        self._rate = rate
        self._burst = burst
        self._unit = unit
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def require(self, host: str, *, is_named: bool, at: float) -> None:
        """Make sure that `host` has something left; nothing is spent yet.

        Args:
            host: canonical, of the key that the request names.
            is_named: policy has an entry for it.
            at: seconds of a clock that only grows.

        Raises:
            TooMany: it has not; `retry_after` says when it will.

        Spec: security T-29.
        """
        level = self._level(host, is_named=is_named, at=at)
        if level < 1:
            rate = self._rate * _factor(is_named=is_named)
            wait = ceil((1 - level) / rate)
            raise TooMany(f"{host} brings more than {rate:g} {self._unit} a second", retry_after=wait)

    def spend(self, host: str, *, is_named: bool, at: float) -> None:
        """Take one token; what was under way at once may leave a debt, which is paid back by waiting."""
        self._levels[host] = (self._level(host, is_named=is_named, at=at) - 1, at)
        self._levels.move_to_end(host)
        if len(self._levels) > MOST_HOSTS:
            self._levels.popitem(last=False)

    def _level(self, host: str, *, is_named: bool, at: float) -> float:
        factor = _factor(is_named=is_named)
        level, seen = self._levels.get(host, (self._burst * factor, at))
        return min(self._burst * factor, level + (at - seen) * self._rate * factor)


def _factor(*, is_named: bool) -> int:
    return NAMED_FACTOR if is_named else 1
