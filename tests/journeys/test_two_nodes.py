"""Two real processes on loopback follow each other; each arrival is read on the other node's pages."""

from tests.two_nodes.__main__ import main

ARRIVALS = (
    "a follow of a member",
    "a follow of a Group",
    "a post",
    "a post that mentions somebody",
    "a mention",
    "an edit of a post",
    "an answer",
    "a like",
    "a boost",
    "a like taken back",
    "a practice record",
    "a new version of the record",
    "a like of the record",
    "a record withdrawn",
    "an event",
    "a change of the event",
    "an answer to the event",
    "a cancellation",
    "an event deleted",
    "an answer deleted",
    "a post deleted",
)


def test_everything_that_one_node_does_is_read_on_the_others_pages_and_both_end_cleanly() -> None:
    told: list[str] = []

    status = main(told.append)

    assert status == 0, "\n".join(told)
    arrived = {line.split("  ")[0] for line in told if " after " in line}
    assert set(ARRIVALS) - arrived == set()
