"""Writes outside transactions: all or none, and counted where somebody can read what changed; on both databases."""

import pytest
from tortoise.exceptions import OperationalError

from node.database import atomic, changes, execute, execute_many, rows
from node.settings import Settings
from tests.node.test_database import add, keys


async def test_a_wrong_statement_is_no_outage_and_leaves_the_door_open(database: Settings) -> None:
    with pytest.raises(OperationalError):
        await execute_many("INSERT INTO nowhere (key) VALUES (?)", [["one"]])

    await add("one")
    assert await keys() == ["one"]


async def test_each_write_that_can_be_read_is_counted_and_reading_is_not(database: Settings) -> None:
    counted = [changes()]
    await keys()
    counted.append(changes())
    async with atomic():
        await add("one")
        within = changes()
    counted.append(changes() - within)
    await execute_many("UPDATE job SET attempts = ? WHERE key = ?", [[1, "one"]], is_seen=False)
    before = changes()
    await execute("UPDATE job SET attempts = 2")
    await rows("UPDATE job SET attempts = 3 RETURNING key")
    await execute_many("UPDATE job SET attempts = ? WHERE key = ?", [[4, "one"]])

    assert counted[0] == counted[1]
    assert (counted[2], before, changes() - before) == (1, within + 1, 3)
