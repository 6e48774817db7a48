"""Lookups have so many places, begun at an even pace; whoever finds none is told a moment of its own."""

import asyncio

import pytest

from federation.errors import Unreachable
from inbox import places
from inbox.places import Places

NEVER = 0.001
"""Places a second: the one after the first begins a thousand seconds later."""


async def sent_away(there: Places) -> int:
    with pytest.raises(Unreachable) as refusal:
        async with there.one(seconds=2):
            pass
    return refusal.value.retry_after


async def test_whoever_finds_no_place_comes_back_later_than_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LONGEST_PAUSE", 1e6)
    there = Places(at_once=32, a_second=NEVER, jitter=lambda: 0.0)

    async with there.one(seconds=2):
        pauses = [await sent_away(there) for _ in range(3)]

    assert [round(pause, -2) for pause in pauses] == [2000, 3000, 4000]


async def test_nobody_is_sent_away_for_longer_than_a_minute_and_not_all_for_as_long() -> None:
    shares = iter((-0.2, 0.0, 0.2))
    there = Places(at_once=32, a_second=NEVER, jitter=lambda: next(shares))

    async with there.one(seconds=2):
        assert [await sent_away(there) for _ in range(3)] == [48, 60, 72]


async def test_a_taken_place_is_not_waited_for_longer_than_said() -> None:
    there = Places(at_once=1, a_second=1e6, jitter=lambda: 0.0)

    async with there.one(seconds=2):
        with pytest.raises(Unreachable):
            async with there.one(seconds=0.01):
                raise AssertionError("two places where there is one")


async def test_a_place_is_free_again_whatever_happened_there() -> None:
    there = Places(at_once=1, a_second=1e6, jitter=lambda: 0.0)

    with pytest.raises(ValueError, match="broken"):
        async with there.one(seconds=2):
            raise ValueError("broken")

    async with asyncio.timeout(60), there.one(seconds=50):
        pass
