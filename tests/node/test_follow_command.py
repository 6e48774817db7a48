"""talanoa follow: an errand for the running node; with --wait its outcome."""

import pytest

from node.models import Follow, FollowState, Job, JobState
from tests.operators import Operator


@pytest.fixture
def amina(operator: Operator) -> Operator:
    """Return an operator on whose node there is Amina."""
    operator.gets("member", "add", "amina")
    return operator


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody", "@x@far.example"), "no member called nobody"),
        (("amina", "far.example"), "@name@host"),
        (("amina", "@nobody@home.example"), "no actor named nobody"),
        (("amina", "@amina@home.example"), "can't follow yourself"),
    ],
)
def test_what_cannot_be_followed_is_said_in_one_sentence(
    amina: Operator, arguments: tuple[str, ...], said: str
) -> None:
    assert said in amina.refused("follow", *arguments)
    assert amina.knows(lambda: Follow.all().count()) == 0


def test_somebody_elsewhere_becomes_an_errand(amina: Operator) -> None:
    said = amina.gets("follow", "amina", "@x@far.example")

    (job,) = amina.knows(lambda: Job.filter(kind="fetch"))
    assert said == {"name": "amina", "address": "@x@far.example", "state": "queued"}
    assert (job.payload["errand"], job.payload["subject"], job.state) == ("follow", "@x@far.example", JobState.PENDING)


def test_somebody_here_is_followed_at_once(amina: Operator) -> None:
    assert amina.gets("follow", "amina", "@network@home.example")["state"] == "accepted"
    assert amina.knows(lambda: Follow.get()).state is FollowState.ACCEPTED


def test_waiting_beside_a_node_that_stands_still_ends(amina: Operator) -> None:
    said = amina.refused("follow", "amina", "@x@far.example", "--wait", "--seconds", "1")

    assert said == "Not looked up within 1 s. Is the node running? It stays in the queue."
