"""What the doctor makes of what it sees: proxies, clocks, unreachable addresses, queues."""

from datetime import UTC, datetime, timedelta

import pytest

from federation.client import Document
from federation.client.failures import NoAnswer
from federation.errors import ProtocolError, Refused, Unreachable
from inbox.backlog import Backlog as Incoming
from node.doctor.findings import Verdict, fail, has_failed, in_words, ok, warn
from node.doctor.inside import judge_queues
from node.doctor.outside import clock, unreached
from node.doctor.probe import Noted, judge_proxy
from node.queue_desk import Queues
from node.settings import load
from outbox.backlog import Backlog as Outgoing

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
SETTINGS = load({"TALANOA_PUBLIC_URL": "https://home.example", "TALANOA_TRUSTED_PROXIES": "127.0.0.1/32,::1/128"}, {})
TARGET = "/.well-known/webfinger?resource=acct%3Anetwork%40home.example&probe=x"
GOOD = {"host": "home.example", "x-forwarded-for": "203.0.113.9"}


def failed_with(reason: str) -> ProtocolError:
    """Return the error of a server that gave no answer."""
    error = Unreachable(f"home.example: {reason}")
    error.__cause__ = NoAnswer(reason)
    return error


@pytest.mark.parametrize(
    ("noted", "verdict", "said"),
    [
        (Noted("/.well-known/webfinger", "127.0.0.1", GOOD), Verdict.FAIL, "proxy_pass without a path"),
        (Noted(TARGET, "127.0.0.1", GOOD | {"host": "127.0.0.1:8080"}), Verdict.FAIL, "proxy_set_header Host"),
        (Noted(TARGET, "10.0.0.7", GOOD), Verdict.WARN, "TALANOA_TRUSTED_PROXIES=10.0.0.7"),
        (Noted(TARGET, "127.0.0.1", {"host": "home.example"}), Verdict.WARN, "X-Forwarded-For $remote_addr"),
    ],
)
def test_a_proxy_that_changes_or_hides_something_is_found(noted: Noted, verdict: Verdict, said: str) -> None:
    (found,) = judge_proxy(noted, TARGET, SETTINGS)

    assert found.verdict is verdict
    assert said in found.mend


def test_a_proxy_that_hands_everything_on_is_good() -> None:
    assert judge_proxy(Noted(TARGET, "127.0.0.1", GOOD), TARGET, SETTINGS) == [
        ok("proxy", "Host and target arrive unchanged.")
    ]


@pytest.mark.parametrize(
    ("error", "mend"),
    [
        (failed_with("dns"), "make A and AAAA records"),
        (failed_with("connect"), "open ports 80 and 443"),
        (failed_with("tls"), "The certificate is not accepted"),
        (failed_with("timeout"), "firewall"),
        (Unreachable("home.example answered 502"), "is the node running"),
        (Refused("home.example: 10.0.0.1 is not a public address"), "TALANOA_ALLOWED_NETWORKS"),
    ],
)
def test_each_way_of_not_being_reached_has_its_own_advice(error: ProtocolError, mend: str) -> None:
    found = unreached("address", "https://home.example", error)

    assert found.verdict is Verdict.FAIL
    assert mend in found.mend


@pytest.mark.parametrize(
    ("date", "verdict"),
    [
        ("Wed, 18 Nov 2026 12:00:03 GMT", Verdict.OK),
        ("Wed, 18 Nov 2026 11:58:00 GMT", Verdict.WARN),
        ("Wed, 18 Nov 2026 12:30:00 GMT", Verdict.FAIL),
        ("yesterday", Verdict.WARN),
        ("", Verdict.WARN),
    ],
)
def test_clocks_that_differ_are_found(date: str, verdict: Verdict) -> None:
    assert clock("clock", Document("https://home.example/", b"{}", date=date), now=NOW).verdict is verdict


def queues(*, oldest: datetime | None = None, dead: int = 0, is_held: bool = False) -> Queues:
    """Return counts of queues."""
    jobs = {"fetch": {"dead": dead}} if dead else {}
    return Queues(Outgoing({}, None, ()), Incoming({}, None), jobs, oldest, is_held)


@pytest.mark.parametrize(
    ("found", "verdict", "said"),
    [
        (queues(oldest=NOW - timedelta(hours=2)), Verdict.FAIL, "Is `talanoa run`"),
        (queues(dead=3), Verdict.WARN, "talanoa queue retry"),
        (queues(is_held=True), Verdict.WARN, "talanoa queue release"),
        (queues(oldest=NOW - timedelta(minutes=2)), Verdict.OK, ""),
    ],
)
def test_queues_that_need_somebody_are_found(found: Queues, verdict: Verdict, said: str) -> None:
    (finding,) = judge_queues(found, now=NOW)

    assert finding.verdict is verdict
    assert said in finding.mend


def test_a_finding_is_a_line_with_its_advice_below() -> None:
    findings = [ok("disk", "Fine."), warn("clock", "70 s apart.", "NTP."), fail("node", "Gone.", "Restore.")]

    assert in_words(findings) == (
        "ok    disk: Fine.\nwarn  clock: 70 s apart.\n      NTP.\nfail  node: Gone.\n      Restore."
    )
    assert (has_failed(findings), has_failed(findings[:2])) == (True, False)
