"""What each figure must reach, by the beginning of its name. Pure.

A rate is judged as a share of the limit of the same run, so that a slower machine asks for less; processor time, sizes
and times as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench.figures import Figure

BARE_POST_LIMIT, BARE_GET_LIMIT = 13_400, 30_000
"""What one core of the machine that the floors were written on could reach."""


@dataclass(frozen=True, slots=True)
class Floor:
    """One demand.

    Args:
        says: in words.
        is_met: judges a figure.
    """

    says: str
    is_met: Callable[[Figure], bool]


def share(least: float) -> Floor:
    """Demand a share of the limit."""
    return Floor(f"{least * 100:.0f} % of the limit", lambda figure: (figure.share or 0) >= least)


def cpu(most: float) -> Floor:
    """Demand that each costs the node at most so many milliseconds of processor time."""
    return Floor(f"at most {most:g} ms CPU", lambda figure: (figure.cpu_ms or 0) <= most)


def value(most: float, unit: str) -> Floor:
    """Demand at most a size or a time."""
    return Floor(f"at most {most:g} {unit}", lambda figure: figure.value <= most)


def waited(most: float) -> Floor:
    """Demand a 99th percentile of at most so many milliseconds."""
    return Floor(f"p99 at most {most:g} ms", lambda figure: (figure.p99_ms or 0) <= most)


FLOORS: tuple[tuple[str, tuple[Floor, ...]], ...] = (
    ("inbox: accepted, 32", (share(5_000 / BARE_POST_LIMIT), cpu(0.2), waited(20))),
    ("inbox: accepted and applied", (cpu(1.0),)),
    ("fan-out", (share(0.5),)),
    ("slowest of", (value(300, "ms"),)),
    ("read: WebFinger", (share(15_000 / BARE_GET_LIMIT),)),
    ("read: NodeInfo", (share(15_000 / BARE_GET_LIMIT),)),
    ("read: actor", (share(15_000 / BARE_GET_LIMIT),)),
    ("page: thread of 1,000", (cpu(100),)),
    ("page:", (cpu(25),)),
    ("size: idle", (value(110, "MiB"),)),
    ("size: growth after 100000", (value(40, "MiB"),)),
    ("start:", (value(2_000, "ms"),)),
)


def floors_of(figure: Figure) -> Sequence[Floor]:
    """Return what is demanded of a figure, nothing for most."""
    return next((floors for start, floors in FLOORS if figure.name.startswith(start)), ())


def judged(figure: Figure) -> str:
    """Return each demand with `met` or `missed`."""
    return "; ".join(f"{floor.says}: {'met' if floor.is_met(figure) else 'missed'}" for floor in floors_of(figure))
