"""`make bench`: measure a node on this machine and print the figures beside their physical limits."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson

from tests.bench.calibration import calibrated
from tests.bench.fan_out import fan_out
from tests.bench.figures import Figure, as_json, calibration_figures, table
from tests.bench.floors import judged
from tests.bench.ground import RAISED, founded
from tests.bench.inboxes import accepted, applied
from tests.bench.machine import described
from tests.bench.pages import pages
from tests.bench.reads import reads
from tests.bench.room import room
from tests.bench.size import size
from tests.bench.strangers import strangers
from tests.databases import Cluster, require_postgresql, run_apart

SECONDS = 5.0
Measure = Callable[..., list[Figure]]
MEASURES: Mapping[str, Measure] = {
    "size": size,
    "accepted": accepted,
    "applied": applied,
    "strangers": strangers,
    "fan-out": fan_out,
    "reads": reads,
    "pages": pages,
    "room": room,
}


def main(given: Sequence[str]) -> int:
    """Measure what was asked for and print it."""
    chosen = _parser().parse_args(given)
    machine = described() | {"database": chosen.database, "raised limits": RAISED}
    with tempfile.TemporaryDirectory(prefix="talanoa-bench-") as folder, _databases(chosen.database) as fresh_url:
        found = calibrated(Path(folder), seconds=chosen.seconds / 4)
        figures = calibration_figures(found)
        for name in chosen.only or MEASURES:
            print(f"measuring {name} ...", file=sys.stderr)
            place = Path(folder) / name
            place.mkdir()
            figures += MEASURES[name](founded(place, fresh_url()), found, seconds=chosen.seconds)
    if chosen.json:
        print(orjson.dumps(as_json(figures, machine), option=orjson.OPT_INDENT_2).decode())
    else:
        shown = table(figures, ("floor", judged))
        print("\n".join(f"{name}: {value}" for name, value in machine.items()), shown, sep="\n\n")
    return 0


@contextmanager
def _databases(kind: str) -> Iterator[Callable[[], str]]:
    """Give what makes an empty database and returns its address, empty for SQLite; all is gone at the end."""
    if kind == "sqlite":
        yield lambda: ""
        return
    cluster = Cluster(require_postgresql(), durable=True)
    try:
        cluster.start()
        yield lambda: cluster.url(run_apart(cluster.empty_database()))
    finally:
        cluster.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON, not a table")
    parser.add_argument("--only", action="append", choices=MEASURES, metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite", help="of the node")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long each measure takes, about")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
