"""F-14, F-15, R-09: far more comes in than can be taken, and whoever is refused repeats at once."""

import asyncio
from collections import Counter
from pathlib import Path

from tests.faults.runs.driver import Writer, finish
from tests.faults.runs.ground import Ground, ground
from tests.faults.runs.load import accounts, resident_mib, under_load
from tests.faults.runs.report import Line, Report
from tests.peers.flavours import MASTODON
from tests.peers.peer import Peer

HOSTS = 20
SECONDS = 60.0
WAITING = "400"
MOST_MIB = 400
MOST_CUT = 0.02


def _another(place: Ground, peer: Peer, number: int) -> Writer:
    return Writer(peer, peer.actor(f"crowd{number}"), place.ledger, place.question)


async def test_a_storm_is_refused_in_words_and_everything_taken_is_done(
    founded_folder: Path, tmp_path: Path, report: Report
) -> None:
    """The node takes few at once, so that 20 servers that repeat without a pause are ten times too many."""
    flavours = {f"host{number}.test": MASTODON for number in range(HOSTS)}
    changes = {"INBOX_WAITING": WAITING, "CONNECTIONS_PER_ADDRESS": "1000"}
    async with ground(founded_folder, tmp_path, flavours=flavours, warm=True, changes=changes) as place:
        await place.node.start()
        crowd = [_another(place, peer, each) for peer in place.peers for each in range(4)]
        place.writers += crowd
        for writer in place.writers:
            assert await writer.say(), "nobody is a stranger when the storm begins"
        async with under_load(place, pause=0):
            await asyncio.sleep(SECONDS)
            resident = resident_mib(place.node.pid)
        await finish(place.writers, seconds=120)
        found = await accounts(place)
        said = sum((writer.statuses for writer in place.writers), Counter[int]())

    assert set(said) <= {0, 202, 429, 503}
    assert said[0] <= said.total() * MOST_CUT, "connections that were closed while somebody began to write"
    assert resident <= MOST_MIB
    tried = f"{len(crowd) + HOSTS} senders without a pause, {SECONDS:.0f} s, {resident:.0f} MiB"
    report.note(Line("F-14, F-15 overload", "SQLite", tried, found.acknowledged))
