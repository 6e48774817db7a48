"""Transactions, connections and raw statements, on both databases."""

from node.database import atomic, execute, rows
from node.settings import Settings
from node.models import Job


async def test_x(database: Settings) -> None:
    async with atomic():
        assert await rows("SELECT count(*) AS n FROM job") == [{"n": 0}]


async def test_y(database: Settings) -> None:
    assert await Job.all().count() == 0

async def test_z(node_database: Settings) -> None:
    assert await Job.all().count() == 0
