"""F-12, R-15: the node is killed at the points around the mail server, again and again, while letters go out."""

from collections import Counter
from pathlib import Path

from tests.faults.runs.ground import ground
from tests.faults.runs.report import Line, Report
from tests.faults.runs.seam import MAILING
from tests.faults.runs.test_points import address_of, befriend, die_mailing, mailing
from tests.node.mail.postbox import Postbox

ROUNDS = 15


async def test_every_letter_arrives_and_one_that_comes_twice_has_one_number(
    founded_folder: Path, tmp_path: Path, report: Report
) -> None:
    async with (
        Postbox() as postbox,
        ground(founded_folder, tmp_path, warm=True, changes=mailing(postbox)) as place,
    ):
        await befriend(place)
        for turn in range(ROUNDS):
            for point in MAILING:
                await die_mailing(place, point, address_of(turn))

        letters = Counter(letter["Message-ID"] for to, letter in postbox.received if to[0].startswith("letters"))
        assert sorted(letters.values()) == sorted([1, 2] * ROUNDS)
        assert place.node.trouble == []
    again = letters.total() - len(letters)
    tried = f"{ROUNDS * len(MAILING)} kills around the mail server"
    report.note(Line("F-12 kill at the mail", "SQLite", tried, len(letters), again=again))
