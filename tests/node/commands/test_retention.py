"""talanoa retention: counts first if asked to, then lets go."""

from datetime import timedelta

from node.clock import SystemClock
from node.models import Job, JobState
from tests.operators import Operator


async def old_job() -> None:
    then = SystemClock().now() - timedelta(days=60)
    await Job.create(kind="x", key="1", state=JobState.DONE, due_at=then, created_at=then, ended_at=then)


def test_a_dry_run_only_counts(operator: Operator) -> None:
    operator.knows(old_job)

    dry = operator.gets("retention", "--dry-run", "--json")
    left = operator.knows(lambda: Job.filter(kind="x").count())
    done = operator.gets("retention", "--json")

    assert (dry["is_dry"], dry["counts"]["ended jobs"], left) == (True, 1, 1)
    assert (done["is_dry"], done["counts"]["ended jobs"]) == (False, 1)
    assert operator.knows(lambda: Job.filter(kind="x").count()) == 0
    assert "0 ended jobs would go" in operator.types("retention", "--dry-run").output
