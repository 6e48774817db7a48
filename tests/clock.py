"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


class FakeClock:
    """A clock for tests: `advance` moves both readings, `jump` the wall time alone."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        """Return the moment the test has set."""
        return self._now

    def monotonic(self) -> float:
        """Return seconds that grow with `advance`."""
        return self._monotonic

    def advance(self, seconds: float) -> datetime:
        """Let `seconds` pass; return the new moment."""
        self._monotonic += seconds
        return self.jump(seconds)

    def jump(self, seconds: float) -> datetime:
        """Set the wall time forward or back, as an operator does; return the new moment."""
        self._now += timedelta(seconds=seconds)
        return self._now
