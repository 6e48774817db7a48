"""Hosts that are gone: marked late, and back at the first word."""

from datetime import timedelta

from node.community import host_ends, hosts
from node.community.once import Columns
from node.models import Host
from node.settings import Settings
from tests.node.community.people import NOW

LONG_AGO = NOW - timedelta(days=91)
LATELY = NOW - timedelta(days=89)


async def host(name: str, **changed: object) -> None:
    columns: Columns = {"first_seen_at": LONG_AGO, "failures": 9} | changed
    await Host.create(name=name, **columns)


async def test_only_who_fails_and_was_silent_for_a_season_is_taken_for_gone(database: Settings) -> None:
    await host("silent.example")
    await host("never.example", heard_at=LONG_AGO, reached_at=LONG_AGO)
    await host("heard.example", heard_at=LATELY)
    await host("reached.example", reached_at=LATELY)
    await host("young.example", first_seen_at=LATELY)
    await host("well.example", failures=0)

    assert await host_ends.mark_silent(now=NOW) == ["silent.example", "never.example"]
    assert await host_ends.mark_silent(now=NOW) == []

    assert await host_ends.gone() == {"silent.example", "never.example"}
    assert not await host_ends.mark_gone("silent.example", reason="again", now=NOW)
    assert (await Host.get(name="silent.example")).last_error == host_ends.SILENT


async def test_a_host_comes_back_by_its_own_word_or_ours(database: Settings) -> None:
    for name in ("speaks.example", "asked.example"):
        await host(name)
        assert await host_ends.mark_gone(name, reason="its inbox answered 410", now=NOW)

    await hosts.heard("speaks.example", now=NOW)
    assert await host_ends.resume("asked.example")

    assert not await host_ends.resume("asked.example")
    assert await host_ends.gone() == frozenset()
