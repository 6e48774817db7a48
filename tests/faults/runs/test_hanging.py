"""F-10, R-08: half of the hosts take a delivery and never answer; the others and those who write don't notice."""

import asyncio
from pathlib import Path

from node.database import rows
from tests.faults.runs.checker import reading
from tests.faults.runs.driver import befriend
from tests.faults.runs.ground import Ground, ground
from tests.faults.runs.hanging import Hanging
from tests.faults.runs.report import Line, Report
from tests.faults.runs.waiting import until
from tests.peers.flavours import MASTODON

HOSTS, HOSTS_LONG = 8, 24
POSTS, POSTS_LONG = 5, 15
SECONDS, SECONDS_LONG = 20, 60
PER_HOST = 2


async def tries(place: Ground, hosts: set[str]) -> list[int | None]:
    """Return the last status of each delivery of a post to `hosts`; None while no attempt has ended."""
    async with reading(place.settings):
        found = await rows(
            "SELECT host, last_status FROM delivery JOIN published_activity ON published_activity.id = activity_id "
            "WHERE type = 'Create'"
        )
    return [row["last_status"] for row in found if row["host"] in hosts]  # type: ignore[misc]


async def test_hosts_that_hang_delay_neither_the_others_nor_those_who_write_to_us(
    founded_folder: Path, tmp_path: Path, report: Report, *, is_long: bool
) -> None:
    number, posts, seconds = (HOSTS_LONG, POSTS_LONG, SECONDS_LONG) if is_long else (HOSTS, POSTS, SECONDS)
    names = [f"host{each}.test" for each in range(number)]
    changes = {"DELIVERY_SECONDS": str(seconds)}
    async with ground(
        founded_folder, tmp_path, flavours=dict.fromkeys(names, MASTODON), warm=True, changes=changes
    ) as place:
        await place.node.start()
        await befriend([(peer, peer.actor("berta")) for peer in place.peers])
        healthy, bad = place.peers[::2], place.peers[1::2]
        hanging = Hanging()
        for peer in bad:
            hanging.take_over(peer)

        await place.publish("The first, so that all of them hang")
        await until(lambda: len(hanging.open) == len(bad), "every bad host")
        for turn in range(posts - 1):
            await place.publish(f"One of many, {turn}")
        said = [await writer.say() for _ in range(posts) for writer in place.writers[::2]]
        await until(lambda: all(len(peer.of_type("Create")) == posts for peer in healthy), "the healthy hosts")

        bad_hosts = {peer.host for peer in bad}
        assert set(await tries(place, bad_hosts)) == {None}, "the bad ones ended before the healthy ones were told"
        assert said == [True] * len(said)
        assert max(hanging.open.values()) <= PER_HOST
        async with asyncio.timeout(seconds * 3):
            while set(await tries(place, bad_hosts)) == {None}:  # noqa: ASYNC110  another process does it
                await asyncio.sleep(0.2)
        assert set(await tries(place, bad_hosts)) <= {None, 0}
        assert place.node.trouble == []
    tried = f"{len(bad)} of {number} hosts hang {seconds} s; {posts} posts to all, {len(said)} activities in"
    report.note(Line("F-10 hanging hosts", "SQLite", tried, len(healthy) * posts + len(said)))
