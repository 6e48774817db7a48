"""Claims, leases, fencing numbers and the loop of the workers, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from node import jobs
from node.database import atomic
from node.errors import Unavailable
from node.jobs import JOBS, LeaseLost, Queue
from node.models import Job, JobState
from node.settings import Settings
from tests.clock import START, FakeClock

MINUTE = timedelta(minutes=1)


async def queued(*keys: str, late_by: timedelta = timedelta()) -> None:
    for key in keys:
        await Job.create(kind="test", key=key, due_at=START - late_by, created_at=START)


async def test_a_lost_lease_cannot_write_the_end(database: Settings) -> None:
    """R-07: the fencing number refuses whoever came too late."""
    await queued("one")
    [first] = await jobs.claim(JOBS, now=START, limit=10)
    [second] = await jobs.claim(JOBS, now=START + MINUTE, limit=10)

    with pytest.raises(LeaseLost):
        await jobs.complete(first, now=START + MINUTE)
    with pytest.raises(LeaseLost):
        await jobs.postpone(first, until=START + MINUTE, reason="too late")
    with pytest.raises(LeaseLost):
        await jobs.give_back(first)
    await jobs.complete(second, now=START + MINUTE)

    job = await Job.get(key="one")
    assert (job.state, job.fence, job.attempts, job.lease_until) == (JobState.DONE, 2, 2, None)
    assert job.ended_at == START + MINUTE


async def test_effects_of_a_lost_lease_are_rolled_back(database: Settings) -> None:
    await queued("one")
    [first] = await jobs.claim(JOBS, now=START, limit=1)
    [second] = await jobs.claim(JOBS, now=START + MINUTE, limit=1)

    with pytest.raises(LeaseLost):
        async with atomic():
            await queued("effect")
            await jobs.complete(first, now=START + MINUTE)

    assert await Job.all().values_list("key", flat=True) == ["one"]
    await jobs.complete(second, now=START + MINUTE)


async def test_a_claimed_row_is_not_claimed_again_until_its_lease_ends(database: Settings) -> None:
    await queued("one")
    await jobs.claim(JOBS, now=START, limit=10)

    assert await jobs.claim(JOBS, now=START + MINUTE - timedelta(seconds=1), limit=10) == []
    assert [each.attempts for each in await jobs.claim(JOBS, now=START + MINUTE, limit=10)] == [2]


async def test_what_is_not_due_or_not_asked_for_stays(database: Settings) -> None:
    await queued("later", late_by=-MINUTE)
    await Job.create(kind="other", key="one", due_at=START, created_at=START)

    assert await jobs.claim(JOBS, now=START, limit=10, where="kind = ?", values=["test"]) == []


async def test_the_longest_due_come_first_and_no_more_than_asked(database: Settings) -> None:
    await queued("young")
    await queued("old", late_by=MINUTE)
    await queued("older", late_by=2 * MINUTE)

    claims = await jobs.claim(JOBS, now=START, limit=2)

    assert [each.row["key"] for each in claims] == ["older", "old"]


async def test_two_workers_never_claim_the_same_row(database: Settings) -> None:
    await queued(*(f"job {number}" for number in range(40)))

    found = await asyncio.gather(*(jobs.claim(JOBS, now=START, limit=10) for _ in range(8)))

    ids = [each.id for claims in found for each in claims]
    assert len(ids) == len(set(ids)) == 40


async def test_a_claim_inside_a_transaction_is_refused(node_database: Settings) -> None:
    """R-10: the attempt has to be committed before the work starts."""
    async with atomic():
        with pytest.raises(RuntimeError, match="outside atomic"):
            await jobs.claim(JOBS, now=START, limit=1)


async def test_work_that_kills_its_process_is_given_up(database: Settings) -> None:
    """R-10: a crash counts as a try."""
    await queued("poison")
    now = START
    for _ in range(5):
        assert len(await jobs.claim(JOBS, now=now, limit=1)) == 1
        now += MINUTE

    assert await jobs.claim(JOBS, now=now, limit=1) == []

    job = await Job.get(key="poison")
    assert (job.state, job.ended_at) == (JobState.DEAD, now)
    assert job.reason == "the process ended during each of 5 tries"


async def test_what_was_in_hand_when_the_process_ended_twice_is_tried_alone(database: Settings) -> None:
    """R-10: whatever ends the process takes along nothing that was claimed together with it."""
    await queued("deadly", "harmless", "harmless too")
    for crash in range(2):
        assert len(await jobs.claim(JOBS, now=START + crash * MINUTE, limit=10)) == 3
    later = START + 2 * MINUTE
    await queued("fresh", late_by=-2 * MINUTE)

    alone = [await jobs.claim(JOBS, now=later, limit=10) for _ in range(4)]

    assert [[str(claim.row["key"]) for claim in claims] for claims in alone] == [
        ["deadly"],
        ["harmless"],
        ["harmless too"],
        ["fresh"],
    ]


async def test_failing_work_waits_longer_each_time_and_dies_with_a_reason(database: Settings) -> None:
    await queued("bad")
    now, waits = START, []
    for _ in range(5):
        [claim] = await jobs.claim(JOBS, now=now, limit=1)
        await jobs.fail(claim, now=now, reason="it does not work")
        job = await Job.get(key="bad")
        waits.append((job.due_at - now).total_seconds())
        now = job.due_at

    assert waits == [5, 30, 120, 600, 0]
    assert (job.state, job.reason, job.attempts) == (JobState.DEAD, "it does not work", 5)


async def test_a_table_without_a_number_of_tries_never_gives_up_by_itself(database: Settings) -> None:
    queue = Queue("job", tries=None)
    await queued("patient")
    now = START
    for _ in range(9):
        [claim] = await jobs.claim(queue, now=now, limit=1)
        now += MINUTE

    assert (claim.attempts, claim.is_last_try) == (9, False)


async def test_work_given_back_at_shutdown_costs_no_try(database: Settings) -> None:
    await queued("one")
    [claim] = await jobs.claim(JOBS, now=START, limit=1)

    await jobs.give_back(claim)

    assert [each.attempts for each in await jobs.claim(JOBS, now=START, limit=1)] == [1]


async def test_many_ends_are_written_together(database: Settings) -> None:
    await queued("one", "two", "three")
    claims = await jobs.claim(JOBS, now=START, limit=10)

    await jobs.complete_many(claims, now=START, state="dead", reason="r" * 400)

    assert {(job.state, job.reason) for job in await Job.all()} == {(JobState.DEAD, "r" * 300)}


@pytest.mark.parametrize(("attempt", "jitter", "seconds"), [(2, 0.0, 5), (2, 0.2, 6), (3, -0.2, 24), (99, 0.0, 600)])
def test_waits_grow_to_ten_minutes(attempt: int, jitter: float, seconds: int) -> None:
    assert jobs.wait_before(attempt, jitter=jitter).total_seconds() == pytest.approx(seconds)


class Steps:
    """A step that tells what it will return, then stops the loop."""

    def __init__(self, *answers: int | Exception) -> None:
        self.wake, self.stop = asyncio.Event(), asyncio.Event()
        self.answers = list(answers)
        self.calls = 0

    async def __call__(self) -> int:
        self.calls += 1
        answer = self.answers.pop(0)
        if not self.answers:
            self.stop.set()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def run(self) -> None:
        await jobs.run_forever(self, wake=self.wake, stop=self.stop, poll_seconds=0.001)


async def test_the_loop_survives_what_a_step_raises(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_OUTAGE_SECONDS", 0.001)
    steps = Steps(ValueError("bug"), LeaseLost("gone"), Unavailable("database down"), 0)

    await steps.run()

    assert steps.calls == 4
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING", "WARNING"]


async def test_the_loop_goes_on_at_once_while_there_is_work() -> None:
    steps = Steps(3, 2, 0)

    async with asyncio.timeout(5):
        await jobs.run_forever(steps, wake=steps.wake, stop=steps.stop, poll_seconds=60)

    assert steps.calls == 3


async def test_news_wakes_a_sleeping_loop_and_stop_ends_it() -> None:
    steps = Steps(0, 0, 0)
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        tasks.create_task(jobs.run_forever(steps, wake=steps.wake, stop=steps.stop, poll_seconds=60))
        while not steps.stop.is_set():
            steps.wake.set()
            await asyncio.sleep(0)

    assert steps.calls == 3


def test_the_clock_of_tests_moves_only_when_told(clock: FakeClock) -> None:
    assert (clock.now(), clock.monotonic()) == (START, 1000.0)
    assert (clock.advance(60), clock.monotonic()) == (START + MINUTE, 1060.0)
    assert (clock.jump(-60), clock.monotonic()) == (START, 1060.0)
