"""What a measure tells, and how it is printed: a table for people, JSON for machines. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

Number = float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table.

    Args:
        name: what was measured.
        value: in `unit`: a rate by the clock on the wall, a time, or a size.
        cpu_ms: processor time of the node for each, in milliseconds.
        p50_ms, p99_ms: how long the sender waited.
        limit: the physical limit in `unit`; a rate that one core could reach.
        limit_is: what that limit consists of.
        note: what else the reader has to know.
    """

    name: str
    value: float
    unit: str = "/s"
    cpu_ms: Number = None
    p50_ms: Number = None
    p99_ms: Number = None
    limit: Number = None
    limit_is: str = ""
    note: str = ""

    @property
    def share(self) -> Number:
        """Return how much of the limit a core reaches: by processor time where it is known, else by the value."""
        if not self.limit:
            return None
        if self.unit != "/s":
            return self.limit / self.value
        return (1000 / self.cpu_ms if self.cpu_ms else self.value) / self.limit


@dataclass(frozen=True, slots=True)
class Calibration:
    """What this machine can do at this moment, in the same run; rates a second on one core."""

    rsa_verify: float
    rsa_sign: float
    ed25519_sign: float
    commit: float
    row: float
    bare_get: float
    bare_post: float

    def seconds(self, *names: str) -> float:
        """Return how long one of each takes together."""
        rates = asdict(self)
        return sum(1 / float(rates[name]) for name in names)


Column = tuple[str, Callable[[Figure], str]]


def _rounded(value: Number) -> str:
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _percent(value: Number) -> str:
    return "" if value is None else f"{value * 100:.0f} %"


COLUMNS: tuple[Column, ...] = (
    ("measure", lambda each: each.name),
    ("figure", lambda each: f"{_rounded(each.value)} {each.unit}".replace(" /s", "/s")),
    ("CPU ms each", lambda each: _rounded(each.cpu_ms)),
    ("p50 ms", lambda each: _rounded(each.p50_ms)),
    ("p99 ms", lambda each: _rounded(each.p99_ms)),
    ("limit", lambda each: f"{_rounded(each.limit)} {each.unit}".replace(" /s", "/s") if each.limit else ""),
    ("reached", lambda each: _percent(each.share)),
    ("the limit is", lambda each: each.limit_is),
    ("note", lambda each: each.note),
)


def table(figures: Sequence[Figure], *more: Column) -> str:
    """Return the figures as a Markdown table whose columns stand under each other; `more` are columns of the caller."""
    columns = (*COLUMNS[:-1], *more, COLUMNS[-1])
    rows = [[name for name, _ in columns], *([show(each) for _, show in columns] for each in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(columns))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def calibration_figures(found: Calibration) -> list[Figure]:
    """Return the calibration as lines of the table."""
    return [
        Figure(name="calibration: RSA-2048 verify", value=found.rsa_verify),
        Figure(name="calibration: RSA-2048 sign", value=found.rsa_sign),
        Figure(name="calibration: Ed25519 sign", value=found.ed25519_sign),
        Figure(
            name="calibration: SQLite commit, FULL, one row",
            value=found.commit,
            note="by the wall clock: waits for the disk",
        ),
        Figure(name="calibration: SQLite rows, FULL, 16 a commit", value=found.row, note="by processor time"),
        Figure(name="calibration: bare server, GET", value=found.bare_get, note="by processor time"),
        Figure(name="calibration: bare server, POST of 2 KB", value=found.bare_post, note="by processor time"),
    ]


def as_json(figures: Sequence[Figure], machine: Mapping[str, object]) -> dict[str, object]:
    """Return everything for machines."""
    return {"machine": dict(machine), "figures": [asdict(each) | {"share": each.share} for each in figures]}
