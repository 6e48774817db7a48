"""Many who ask at the same time are answered together, and none of them pays for another."""

import asyncio
from collections.abc import Sequence

import pytest
from tortoise.exceptions import OperationalError

from inbox.together import Together
from node.errors import Unavailable
from node.settings import Settings


class Oracle:
    """Says every word backwards; `bad` breaks it, `odd` has no answer."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.fault: Exception = ValueError("bad")

    async def answer(self, words: Sequence[str]) -> list[str | Exception]:
        self.asked.append(list(words))
        await asyncio.sleep(0)
        if "bad" in words:
            raise self.fault
        return [LookupError(word) if word == "odd" else word[::-1] for word in words]


async def test_what_breaks_the_answer_harms_only_whoever_asked_it(node_database: Settings) -> None:
    oracle = Oracle()
    together = Together(oracle.answer, most=10)

    told = await asyncio.gather(*map(together.ask, ("ab", "bad", "odd", "cd")), return_exceptions=True)

    assert told[0::3] == ["ba", "dc"]
    assert [type(each) for each in told[1:3]] == [ValueError, LookupError]


async def test_when_the_database_is_away_nobody_is_asked_for_alone(node_database: Settings) -> None:
    oracle = Oracle()
    oracle.fault = OperationalError("database is locked")
    together = Together(oracle.answer, most=10)

    told = await asyncio.gather(*map(together.ask, ("ab", "bad", "cd")), return_exceptions=True)

    assert [type(each) for each in told] == [Unavailable] * 3
    assert oracle.asked == [["ab", "bad", "cd"]]


async def test_whoever_gives_up_stops_nobody_else(node_database: Settings) -> None:
    together = Together(Oracle().answer, most=10)
    impatient, patient = (asyncio.create_task(together.ask(word)) for word in ("ab", "cd"))
    await asyncio.sleep(0)

    impatient.cancel()

    assert await patient == "dc"
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_those_who_ask_at_once_are_answered_at_once_up_to_the_bound(node_database: Settings) -> None:
    oracle = Oracle()
    together = Together(oracle.answer, most=3)

    told = await asyncio.gather(*map(together.ask, ("a1", "b2", "c3", "d4")))

    assert told == ["1a", "2b", "3c", "4d"]
    assert oracle.asked == [["a1", "b2", "c3"], ["d4"]]
