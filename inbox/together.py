"""Many who ask for the same kind of thing at the same time are answered together: one visit to the database for all."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, TypeVar

from node.database import as_outage, in_transaction
from node.errors import Unavailable

Asked = TypeVar("Asked")
Told = TypeVar("Told")
Answer = Callable[[Sequence[Asked]], Awaitable[Sequence[Told | Exception]]]


class Together(Generic[Asked, Told]):
    """Gathers questions while an answer is under way; one task, never cancelled, does the asking.

    Args:
        answer: gives for each question its answer, or the exception that is raised to whoever asked it.
        most: questions answered together.
    """

    def __init__(self, answer: Answer[Asked, Told], *, most: int) -> None:
        self._answer = answer
        self._most = most
        self._waiting: list[tuple[Asked, asyncio.Future[Told]]] = []
        self._task: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked) -> Told:
        """Return the answer; inside a transaction it is asked for alone, so that it belongs to it.

        Raises:
            whatever the answer is, or keeps it from being given.
        """
        if in_transaction():
            told = (await self._answer([asked]))[0]
            if isinstance(told, Exception):
                raise told
            return told
        done: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._answer_all())
        return await done

    async def _answer_all(self) -> None:
        """Answer until nobody waits; looked at last, since whoever comes meanwhile relies on this task."""
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                await self._told(batch)
            finally:
                _let_go(done for _, done in batch)

    async def _told(self, batch: "Sequence[tuple[Asked, asyncio.Future[Told]]]") -> None:
        """Answer all together; if that fails, each alone, so that one harms nobody else."""
        answers = await self._tried([asked for asked, _ in batch])
        if isinstance(answers, Exception):
            is_hopeless = len(batch) == 1 or as_outage(answers) is not None
            answers = [answers if is_hopeless else await self._alone(asked) for asked, _ in batch]
        for (_, done), answer in zip(batch, answers, strict=True):
            if done.done():
                continue
            if isinstance(answer, Exception):
                done.set_exception(answer)
            else:
                done.set_result(answer)

    async def _alone(self, asked: Asked) -> Told | Exception:
        answers = await self._tried([asked])
        return answers if isinstance(answers, Exception) else answers[0]

    async def _tried(self, asked: Sequence[Asked]) -> Sequence[Told | Exception] | Exception:
        try:
            return await self._answer(asked)
        except Exception as error:  # noqa: BLE001  whatever it is belongs to those who ask, not to this task
            return as_outage(error) or error


def _let_go(waiting: "Iterable[asyncio.Future[Told]]") -> None:
    """Nobody waits for ever, whatever went wrong."""
    for done in waiting:
        if not done.done():
            done.set_exception(Unavailable("what was asked was not answered"))
