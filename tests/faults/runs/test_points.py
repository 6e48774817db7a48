"""F-02, R-01 to R-04, R-15: the node dies at named points on the way in, on the way out and at the mail server.

The sender repeats until it is answered 202. Each activity has exactly one effect; only what was sent and not yet
marked goes out a second time, byte for byte the same.
"""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from node.clock import SystemClock
from node.database import atomic
from node.i18n import translator
from node.mail.letters import sign_in_letter
from node.mail.message import Sender
from node.mail.queue import Addressed, post
from tests.faults.runs.accounts import REPLY, Balance
from tests.faults.runs.checker import reading, settle_accounts, until_settled
from tests.faults.runs.driver import GROUP, Writer, finish
from tests.faults.runs.ground import Ground, ground
from tests.faults.runs.report import Line, Report
from tests.faults.runs.seam import MAILING, POINTS, RECEIVING, SENDING, Point, is_ordered, order
from tests.node.mail.postbox import Postbox

NETWORK = Sender("Home of the test", "no-reply@home.test")
ROUNDS, ROUNDS_LONG = 1, 3


async def died(place: Ground) -> None:
    """Return when the node has died at the point, and start it again."""
    assert await place.node.ended() == -9
    assert not is_ordered(place.node.folder)
    await place.node.start()


async def die_receiving(place: Ground, point: Point) -> None:
    """Let one answer come in while the node dies at `point`; it is repeated until it is acknowledged."""
    writer = place.writers[0]
    order(place.node.folder, point)
    writer.waiting = REPLY, writer.reply()
    await writer.say()
    await died(place)
    await finish([writer])
    await until_settled(place.settings)


async def die_sending(place: Ground, point: Point) -> None:
    """Let the member publish while the node dies at `point`."""
    order(place.node.folder, point)
    await place.publish(f"Said {point.name}")
    await died(place)
    await until_settled(place.settings)


async def die_mailing(place: Ground, point: Point, address: str) -> None:
    """Let a letter go out while the node dies at `point`."""
    order(place.node.folder, point)
    now = SystemClock().now()
    letter = sign_in_letter(translator("en"), network="Home", url="http://home.test/x", minutes=10)
    async with reading(place.settings), atomic():
        await post(Addressed(letter, address, "sign-in", f"{point.name} {address}"), sender=NETWORK, now=now)
    await died(place)
    await until_settled(place.settings)


async def befriend(place: Ground) -> Writer:
    """Let the first writer follow the member, so that her posts go out to their server."""
    writer = place.writers[0]
    await place.node.start()
    follow = writer.peer.activity("Follow", writer.actor, GROUP.replace("/g/practices", "/u/amina"))
    assert (await writer.post(follow)).status == 202
    await writer.peer.expect(1, kind="Accept", seconds=30)
    await until_settled(place.settings)
    return writer


def address_of(turn: int) -> str:
    """Return to whom the letters of one round go."""
    return f"letters{turn}@home.test"


async def go_through(place: Ground, postbox: Postbox, rounds: int) -> Line:
    """Die at every point in turn and look at what came of it."""
    writer = await befriend(place)
    for turn in range(rounds):
        for point in RECEIVING:
            await die_receiving(place, point)
        for point in SENDING:
            await die_sending(place, point)
        for point in MAILING:
            await die_mailing(place, point, address_of(turn))

    found = await settle_accounts(place.ledger.read(), place.settings)
    assert found == Balance(len(RECEIVING) * rounds)
    received = Counter(entry.raw for entry in writer.peer.of_type("Create"))
    assert sorted(received.values()) == sorted([1, 1, 2] * rounds)
    letters = Counter(letter["Message-ID"] for to, letter in postbox.received if to[0].startswith("letters"))
    assert sorted(letters.values()) == sorted([1, 2] * rounds)
    assert place.node.trouble == []
    tried = f"{rounds} times {len(POINTS)} named points"
    again = received.total() - len(received) + letters.total() - len(letters)
    acknowledged = found.acknowledged + len(received) + len(letters)
    return Line("F-02 kill at a point", "", tried, acknowledged, again=again, recoveries=place.node.recoveries)


def mailing(postbox: Postbox) -> dict[str, str]:
    """Return the settings of a node that sends its mail there."""
    return {"MAIL_URL": f"smtp://{postbox.server.host}:{postbox.server.port}", "MAIL_FROM": NETWORK.address}


async def test_at_no_point_on_sqlite_is_anything_lost_or_done_twice(
    founded_folder: Path, tmp_path: Path, report: Report, *, is_long: bool
) -> None:
    async with (
        Postbox() as postbox,
        ground(founded_folder, tmp_path, warm=True, changes=mailing(postbox)) as place,
    ):
        line = await go_through(place, postbox, ROUNDS_LONG if is_long else ROUNDS)

    report.note(replace(line, database="SQLite"))


@pytest.mark.postgresql
async def test_at_no_point_on_postgresql_is_anything_lost_or_done_twice(
    on_postgresql: tuple[Path, dict[str, str]], tmp_path: Path, report: Report, *, is_long: bool
) -> None:
    template, database = on_postgresql
    async with (
        Postbox() as postbox,
        ground(template, tmp_path, warm=True, changes=mailing(postbox) | database) as place,
    ):
        line = await go_through(place, postbox, ROUNDS_LONG if is_long else ROUNDS)

    report.note(replace(line, database="PostgreSQL"))
