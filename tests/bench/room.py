"""How much room a hundred thousand foreign posts take in the database, by table."""

import asyncio
from collections.abc import Mapping

from node.database import dialect, execute, rows
from tests.bench.figures import Calibration, Figure
from tests.bench.ground import Ground
from tests.bench.stored import store

MIB = 1024 * 1024
MOST_SHOWN = 8
_SQLITE = (
    "SELECT coalesce(m.tbl_name, s.name) AS name, sum(s.pgsize) AS bytes FROM dbstat s "
    "LEFT JOIN sqlite_schema m ON m.name = s.name GROUP BY 1"
)
_POSTGRESQL = (
    "SELECT relname AS name, pg_total_relation_size(oid) AS bytes FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


def room(ground: Ground, found: Calibration, *, seconds: float) -> list[Figure]:
    """Measure what storing adds; `found` and `seconds` change nothing."""
    before = asyncio.run(_bytes(ground))
    store(ground)
    after = asyncio.run(_bytes(ground))
    grown = {name: size - before.get(name, 0) for name, size in after.items()}
    largest = sorted(grown.items(), key=lambda pair: -pair[1])[:MOST_SHOWN]
    named = ", ".join(f"{name} {size / MIB:.1f}" for name, size in largest if size > MIB / 10)
    return [Figure(name="room: 100,000 posts", value=sum(grown.values()) / MIB, unit="MiB", note=named)]


async def _bytes(ground: Ground) -> Mapping[str, int]:
    async with ground.opened():
        if dialect() == "sqlite":
            await execute("ANALYZE")
        found = await rows(_SQLITE if dialect() == "sqlite" else _POSTGRESQL)
        return {str(row["name"]): int(str(row["bytes"])) for row in found}
