"""`make bench`: measure a node on this machine and print the figures beside their physical limits."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import orjson

from tests.bench.calibration import calibrated
from tests.bench.fan_out import fan_out
from tests.bench.figures import Figure, as_json, calibration_figures, table
from tests.bench.ground import RAISED, Ground, founded
from tests.bench.inboxes import accepted, applied
from tests.bench.machine import described
from tests.bench.reads import reads
from tests.bench.size import size
from tests.bench.strangers import strangers

SECONDS = 5.0
Measure = Callable[..., list[Figure]]
MEASURES: Mapping[str, Measure] = {
    "size": size,
    "accepted": accepted,
    "applied": applied,
    "strangers": strangers,
    "fan-out": fan_out,
    "reads": reads,
}


def main(given: Sequence[str]) -> int:
    """Measure what was asked for and print it."""
    chosen = _parser().parse_args(given)
    machine = described() | {"raised limits": RAISED}
    with tempfile.TemporaryDirectory(prefix="talanoa-bench-") as folder:
        found = calibrated(Path(folder), seconds=chosen.seconds / 4)
        figures = calibration_figures(found)
        for name in chosen.only or MEASURES:
            print(f"measuring {name} ...", file=sys.stderr)
            figures += MEASURES[name](_fresh(Path(folder) / name), found, seconds=chosen.seconds)
    if chosen.json:
        print(orjson.dumps(as_json(figures, machine), option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n".join(f"{name}: {value}" for name, value in machine.items()), table(figures), sep="\n\n")
    return 0


def _fresh(folder: Path) -> Ground:
    folder.mkdir()
    return founded(folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON, not a table")
    parser.add_argument("--only", action="append", choices=MEASURES, metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long each measure takes, about")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
