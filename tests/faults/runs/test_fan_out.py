"""F-05, F-06, R-04, R-05: the node dies in the middle of telling many; all are told, repeats are the same bytes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.faults.runs.checker import until_settled
from tests.faults.runs.driver import befriend
from tests.faults.runs.ground import Ground, ground
from tests.faults.runs.report import Line, Report
from tests.faults.runs.waiting import until
from tests.peers.flavours import MASTODON
from tests.peers.peer import Peer

ALONE = replace(MASTODON, shared_inbox=False)
HOSTS = [f"host{number}.test" for number in range(1, 6)]
ON_EACH = 4
INBOXES = len(HOSTS) * ON_EACH
KILLS, KILLS_LONG = 3, 25
AT_ONCE_PER_HOST = 2


@dataclass(frozen=True)
class Arrival:
    """One activity that came to one inbox."""

    inbox: str
    activity: str
    raw: bytes


@dataclass(frozen=True)
class Spread:
    """How published activities reached the inboxes.

    Args:
        missing: pairs of activity and inbox that never met.
        again: arrivals beyond the first, for each activity and inbox.
        changed: activities that arrived with other bytes the second time.
    """

    missing: tuple[tuple[str, str], ...] = ()
    again: int = 0
    changed: tuple[str, ...] = ()


def spread(published: Iterable[str], inboxes: Iterable[str], arrivals: Iterable[Arrival]) -> Spread:
    """Compare what was published with what arrived."""
    came = list(arrivals)
    counted = Counter((each.activity, each.inbox) for each in came)
    bodies = {(each.activity, each.raw) for each in came}
    versions = Counter(activity for activity, _ in bodies)
    everywhere = list(inboxes)
    return Spread(
        missing=tuple((uri, inbox) for uri in published for inbox in everywhere if not counted[uri, inbox]),
        again=sum(counted.values()) - len(counted),
        changed=tuple(sorted(uri for uri, number in versions.items() if number > 1)),
    )


def test_the_checker_sees_a_missing_a_repeated_and_a_changed_delivery() -> None:
    arrivals = [
        Arrival("one", "a", b"1"),
        Arrival("one", "a", b"1"),
        Arrival("two", "b", b"2"),
        Arrival("one", "b", b"3"),
    ]

    found = spread(["a", "b"], ["one", "two"], arrivals)

    assert found == Spread(missing=(("a", "two"),), again=1, changed=("b",))


def arrivals_at(peers: list[Peer]) -> list[Arrival]:
    """Return the posts that came to all inboxes."""
    return [
        Arrival(f"{peer.host}{entry.path}", str(entry.activity["object"]["id"]), entry.raw)
        for peer in peers
        for entry in peer.of_type("Create")
    ]


async def kill_while_telling(place: Ground, number: int) -> tuple[str, int]:
    """Publish, kill the node when a few have been told, start it again; return the post and how many knew then."""
    before = len(arrivals_at(place.peers))
    post = await place.publish(f"To everybody, {number}")
    wanted = before + 1 + number % (INBOXES - 6)
    await until(lambda: len(arrivals_at(place.peers)) >= wanted, "the first of them", pause=0.002)
    await place.node.kill()
    known = len(arrivals_at(place.peers)) - before
    await place.node.start()
    await until_settled(place.settings)
    return post, known


async def test_a_kill_while_many_are_told_leaves_nobody_out(
    founded_folder: Path, tmp_path: Path, report: Report, *, is_long: bool
) -> None:
    kills = KILLS_LONG if is_long else KILLS
    async with ground(founded_folder, tmp_path, flavours=dict.fromkeys(HOSTS, ALONE), warm=True) as place:
        followers = [(peer, peer.actor(f"reader{each}")) for peer in place.peers for each in range(ON_EACH)]
        await place.node.start()
        await befriend(followers)
        await until_settled(place.settings)
        told = [await kill_while_telling(place, number) for number in range(1, kills + 1)]

        inboxes = [f"{peer.host}{peer.path_of(actor.inbox)}" for peer, actor in followers]
        found = spread([post for post, _ in told], inboxes, arrivals_at(place.peers))
        trouble = place.node.trouble

    assert found == Spread(again=found.again)
    assert found.again <= kills * len(HOSTS) * AT_ONCE_PER_HOST
    assert min(known for _, known in told) < INBOXES, "no kill came in the middle"
    assert trouble == []
    tried = f"{kills} kills while {INBOXES} inboxes on {len(HOSTS)} hosts were told"
    report.note(
        Line("F-05, F-06 kill during fan-out", "SQLite", tried, kills * INBOXES, again=found.again,
             recoveries=place.node.recoveries)
    )  # fmt: skip
