"""What the long set found: one line a fault, written to FAULTS.md at the end of `make faults`."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

TARGET = Path(__file__).parents[3] / "FAULTS.md"
HEAD = """\
# Faults that were tried, and what came of them

`make faults` wrote this file: on {date}, on a machine with {processors} processors, in {minutes:.0f} minutes. The short
set of the same tests runs with every `make test`. Numbers are those of this one run; run it on your own machine.

*Lost*: acknowledged with 2xx, or published by a member, and afterwards without its effect. *Doubled*: an effect that is
there twice. *Again*: deliveries that went out a second time, byte for byte the same, since the node died between
sending and writing down that it had sent; receivers know them by their id. *Recovery*: from the new start, or from the
return of what was away, until the node answered, median and longest.

| Fault | Database | Tried | Acknowledged | Lost | Doubled | Again | Recovery |
|---|---|---|---|---|---|---|---|
"""
FOOT = """
F-07, F-08, F-11, F-16, F-17 and F-27 run inside the test's process with a clock that the test moves; the end of the
process is simulated there. All others use nodes in processes of their own. The named points of F-02 lie on the way of
an answer that comes in, of a post and of a letter that go out. Two deliveries run at once for each host, so a kill
during fan-out may send two again to each host; F-05 counts them. The leases of these nodes last three seconds instead
of a minute. F-18 lets `strace` fail the calls, F-19 fills a file system of 64 MB, F-21 moves the clock that the node
reads.

Not tried: power loss; two versions at once (F-34 begins with the first release); a whole night (the soak runs as long
as `SOAK_MINUTES` says, 3 unless told). F-22 and F-28 to F-31 are tests of every run, in `tests/federation` and
`tests/inbox`. The fault numbers are explained where the tests are, in `tests/faults/`.
"""


@dataclass(frozen=True)
class Line:
    """What was tried and what came of it; `again` and `recoveries` (seconds) only where they mean something."""

    fault: str
    database: str
    tried: str
    acknowledged: int
    lost: int = 0
    doubled: int = 0
    again: int | None = None
    recoveries: Sequence[float] = ()

    def row(self) -> str:
        """Return the line of the table."""
        again = "" if self.again is None else str(self.again)
        seconds = sorted(self.recoveries)
        recovery = f"{statistics.median(seconds):.1f} s, {seconds[-1]:.1f} s" if seconds else ""
        cells = (self.fault, self.database, self.tried, self.acknowledged, self.lost, self.doubled, again, recovery)
        return "| " + " | ".join(str(cell) for cell in cells) + " |"


@dataclass
class Report:
    """The lines of one run."""

    began: datetime
    lines: list[Line] = field(default_factory=list)

    def note(self, line: Line) -> None:
        """Add what one test found."""
        self.lines.append(line)

    def text(self, now: datetime) -> str:
        """Return the whole file."""
        minutes = (now - self.began).total_seconds() / 60
        head = HEAD.format(date=f"{now:%Y-%m-%d}", processors=os.cpu_count(), minutes=minutes)
        return head + "\n".join(line.row() for line in sorted(self.lines, key=lambda line: line.fault)) + "\n" + FOOT


def begin() -> Report:
    """Return an empty report."""
    return Report(datetime.now(UTC))


def write(report: Report, target: Path = TARGET) -> None:
    """Write the report, if anything was noted."""
    if report.lines:
        target.write_text(report.text(datetime.now(UTC)), encoding="utf-8")
