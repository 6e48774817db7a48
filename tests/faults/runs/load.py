"""A node under load while something is done to it, and the accounts afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.runs.accounts import Balance
from tests.faults.runs.checker import settle_accounts, until_settled
from tests.faults.runs.driver import finish, write_on
from tests.faults.runs.ground import Ground
from tests.faults.runs.waiting import until

FIRST = 8


@asynccontextmanager
async def under_load(place: Ground, *, pause: float = 0.02) -> AsyncIterator[None]:
    """Let all writers write inside the block; it begins after the first acknowledgements."""
    before = len(place.ledger.read())
    stop = asyncio.Event()
    writing = asyncio.create_task(write_on(place.writers, stop, pause=pause))
    try:
        await acknowledged(place, before + FIRST)
        yield
    finally:
        stop.set()
        await writing


async def acknowledged(place: Ground, number: int, *, seconds: float = 60.0) -> None:
    """Return when that many activities were acknowledged in all."""
    await until(lambda: len(place.ledger.read()) >= number, f"{number} acknowledgements", seconds=seconds)


async def goes_on(place: Ground, *, seconds: float = 60.0) -> float:
    """Return how many seconds pass until the node acknowledges something new."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    await acknowledged(place, len(place.ledger.read()) + 1, seconds=seconds)
    return loop.time() - began


async def accounts(place: Ground) -> Balance:
    """Let everybody be answered and all work end; return the balance, which must be even, of a node without errors."""
    await finish(place.writers)
    await until_settled(place.settings)
    found = await settle_accounts(place.ledger.read(), place.settings)
    assert found == Balance(found.acknowledged)
    assert place.node.trouble == []
    return found


def answers(place: Ground) -> set[int]:
    """Return the statuses that the writers got so far; 0 stands for none."""
    return {status for writer in place.writers for status in writer.statuses}


def resident_mib(pid: int) -> float:
    """Return the memory of a process that is in use now, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
