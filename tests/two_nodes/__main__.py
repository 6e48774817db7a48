"""`make two-nodes`: start two nodes, let them talk, print what arrived where and when."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.two_nodes.nodes import WentWrong, two_nodes
from tests.two_nodes.story import play, prepare


def main(tell: Callable[[str], None] = print) -> int:
    """Return 0 if everything arrived."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="two-nodes-") as folder:
        try:
            with two_nodes(Path(folder)) as (north, south):
                tell(f"{north.host} and {south.host} run after {time.monotonic() - began:.1f} s.")
                play(prepare(north, south, tell))
        except (WentWrong, AssertionError) as error:
            tell(f"FAILED after {time.monotonic() - began:.1f} s: {error}")
            return 1
    tell(f"All arrived; {time.monotonic() - began:.1f} s in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
