"""talanoa allow, block, policy: counts first, what changed, undo."""

import pytest

from node.clock import SystemClock
from node.community import trust
from node.models import Mode, PolicyEntry
from node.policy.registry import set_mode
from tests.operators import Operator


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("block", "not a host"), "host"),
        (("block", "*.bad.example"), "host"),
        (("block", "home.example"), "This is the node itself"),
        (("policy", "undo", "01m7zva57qp87kb6g8bc76eqny"), "no policy"),
    ],
)
def test_what_cannot_be_decided_is_said_in_one_sentence(
    operator: Operator, arguments: tuple[str, ...], said: str
) -> None:
    assert said in operator.refused(*arguments)


def test_a_dry_run_counts_and_changes_nothing(operator: Operator) -> None:
    said = operator.gets("block", "bad.example", "--dry-run")

    assert (said["changed"], said["concerned"]["followers"]) == (False, 0)
    assert operator.knows(trust.entries) == []


def test_a_block_means_the_host_and_all_below_it_and_undo_takes_it_back(operator: Operator) -> None:
    said = operator.gets("block", "Bad.Example", "--reason-code", "spam", "--reason", "Sends offers.")

    assert said["effects"] == ["bad.example: T3 -> T0", "*.bad.example: T3 -> T0"]
    rows = operator.knows(trust.entries)
    assert {(row.pattern, row.preset, row.reason_code, row.reason) for row in rows} == {
        ("bad.example", "T0", "spam", "Sends offers."),
        ("*.bad.example", "T0", "spam", "Sends offers."),
    }

    assert set(operator.gets("policy", "undo", said["batch"])["patterns"]) == {"*.bad.example", "bad.example"}
    assert operator.knows(trust.entries) == []


def test_an_allow_is_exact_and_says_that_nothing_changes_in_this_mode(operator: Operator) -> None:
    printed = operator.types("allow", "partner.example").output

    assert "partner.example: T3 -> T3" in printed
    assert "in this mode (open) nothing changes" in printed
    assert [row.pattern for row in operator.knows(trust.entries)] == ["partner.example"]


def test_in_closed_mode_an_allow_lets_a_host_in(operator: Operator) -> None:
    operator.knows(lambda: set_mode(Mode.CLOSED, now=SystemClock().now()))

    said = operator.gets("allow", "partner.example", "--preset", "T4")

    assert (said["mode"], said["changed"], said["effects"]) == ("closed", True, ["partner.example: T0 -> T4"])


def test_the_list_shows_the_mode_and_what_stands(operator: Operator) -> None:
    operator.gets("allow", "partner.example", "--preset", "T4", "--reason", "Signed in May.")

    said = operator.gets("policy", "list")

    (row,) = operator.knows(lambda: PolicyEntry.all())
    assert (said["mode"], said["unknown"]) == ("open", "T3")
    assert said["entries"] == [
        {
            "pattern": "partner.example",
            "preset": "T4",
            "reason_code": "partner-agreement",
            "reason": "Signed in May.",
            "source": "local",
            "batch": row.batch,
            "since": row.created_at.isoformat(),
            "until": None,
        }
    ]
    assert "servers without an entry: T3" in operator.types("policy", "list").output
