"""F-16, R-10: activities that raise, that never end, and that end the process; all the good ones are applied."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

import pytest

from federation.vocabulary.types import Activity
from inbox import dispatch, worker
from inbox.models import ReceivedActivity
from inbox.scene import Given, Outcome, Scene
from node.models import Post
from tests.faults.runs.report import Line, Report
from tests.peers.actors import PeerActor
from tests.peers.peer import Peer
from tests.standing import Company, Standing

GOOD = 60
RAISING, ENDLESS, DEADLY = 4, 2, 3
TRIES = 5
ROUNDS = 200
LEASE_SECONDS = 61
Dispatch = Callable[[Activity, Scene], Awaitable[Outcome]]
DispatchAll = Callable[[Sequence[Given]], Awaitable[list[Outcome]]]


class ProcessEnded(BaseException):
    """Stands for the end of the process: nobody catches it, nothing is tidied up but by the database."""


async def suffer(activity: Activity) -> None:
    """Do what the text of an activity says."""
    content = str((activity.object.document or {}).get("content")) if activity.object else ""
    if "raise" in content:
        raise RuntimeError("poison")
    if "never end" in content:
        await asyncio.Future()
    if "end the process" in content:
        raise ProcessEnded


def poisonous(real: Dispatch) -> Dispatch:
    """Return a dispatch that suffers from what it reads."""

    async def suffering(activity: Activity, scene: Scene) -> Outcome:
        await suffer(activity)
        return await real(activity, scene)

    return suffering


def poisonous_together(real: DispatchAll) -> DispatchAll:
    """Return the same for many activities at once: what one of them does, it does to all."""

    async def suffering(given: Sequence[Given]) -> list[Outcome]:
        for each in given:
            await suffer(each.activity)
        return await real(given)

    return suffering


async def send(home: Standing, peer: Peer, words: dict[str, int]) -> None:
    """Let somebody answer the member, as often as `words` says for each text; the poison first, the good last."""
    actor: PeerActor = peer.actor("berta")
    for text, times in words.items():
        for _ in range(times):
            note = peer.note(actor, f"<p>{text}</p>", cc=[home.amina.actor.uri])
            extra = {"tag": [{"type": "Mention", "href": home.amina.actor.uri, "name": "@amina"}]}
            reply = await home.post(peer, peer.activity("Create", actor, note | extra), actor)
            assert reply.status == 202


async def work(home: Standing) -> int:
    """Work until nothing is pending; return how often the process ended and was started again."""
    ended = 0
    for _ in range(ROUNDS):
        try:
            while await worker.step(home.node.bench):
                pass
        except ProcessEnded:
            ended += 1
        if not await ReceivedActivity.filter(state="pending").exists():
            return ended
        home.clock.advance(LEASE_SECONDS)
    raise AssertionError("the poison never ends")


async def test_poison_is_given_up_with_a_reason_and_takes_nobody_along(
    company: Company, monkeypatch: pytest.MonkeyPatch, report: Report
) -> None:
    monkeypatch.setattr(dispatch, "dispatch", poisonous(dispatch.dispatch))
    monkeypatch.setattr(dispatch, "dispatch_all", poisonous_together(dispatch.dispatch_all))
    monkeypatch.setattr(worker, "LONGEST_SECONDS", 0.1)
    words = {"raise": RAISING, "never end": ENDLESS, "end the process": DEADLY, "good": GOOD}
    await send(company.home, company.good, words)

    ended = await work(company.home)

    states = Counter([(row.state.value, row.reason) for row in await ReceivedActivity.all()])
    assert states == {
        ("done", ""): GOOD,
        ("dead", "RuntimeError: poison"): RAISING,
        ("dead", "TimeoutError: "): ENDLESS,
        ("dead", f"the process ended during each of {TRIES} tries"): DEADLY,
    }
    assert await Post.filter(is_local=False).count() == GOOD
    assert ended <= DEADLY * TRIES
    tried = f"{RAISING} that raise, {ENDLESS} that never end, {DEADLY} that end the process, {GOOD} good"
    report.note(Line("F-16 poison", "SQLite", tried, GOOD))
