"""Who may do what: precedence and matching, against a table written by hand and a second reading of the rules."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.models import Mode
from node.policy.decide import Book, Decision, Entry, book_of, decide, matches
from node.policy.grants import PRESETS, Authority, FollowGrant, Grants, Interact, Read, Records, preset_of

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
OWN = "home.example"
NAMES = ("x.example", "a.x.example", "b.a.x.example", "ax.example", "x.example.evil.test", "other.test", OWN)


def entry(number: int, pattern: str, preset: str, source: str = "local", expires_at: datetime | None = None) -> Entry:
    return Entry(number, pattern, preset, PRESETS[preset], source=source, expires_at=expires_at)


def book(*entries: Entry, mode: Mode = Mode.OPEN) -> Book:
    return book_of(entries, version=1, mode=mode, own_host=OWN)


BLOCK = [entry(1, "x.example", "T0"), entry(2, "*.x.example", "T0")]
PIERCED = [*BLOCK, entry(3, "a.x.example", "T4")]
OLD, SOON = NOW, NOW + timedelta(seconds=1)

TABLE: list[tuple[str, list[Entry], Mode, dict[str, str]]] = [
    ("nobody is named, open", [], Mode.OPEN, {"x.example": "T3", OWN: "T5"}),
    ("nobody is named, closed", [], Mode.CLOSED, {"x.example": "T0", OWN: "T5"}),
    ("consent is not built: as closed", [], Mode.CONSENT, {"x.example": "T0", OWN: "T5"}),
    (
        "T-74: an exact entry means one host",
        [entry(1, "x.example", "T4")],
        Mode.CLOSED,
        {"x.example": "T4", "a.x.example": "T0", "ax.example": "T0", "x.example.evil.test": "T0"},
    ),
    (
        "T-74: a wildcard means all below and not itself",
        [entry(1, "*.x.example", "T4")],
        Mode.CLOSED,
        {
            "x.example": "T0",
            "a.x.example": "T4",
            "b.a.x.example": "T4",
            "ax.example": "T0",
            "x.example.evil.test": "T0",
        },
    ),
    (
        "a block means the host and all below it",
        BLOCK,
        Mode.OPEN,
        {"x.example": "T0", "a.x.example": "T0", "b.a.x.example": "T0", "ax.example": "T3"},
    ),
    (
        "an exact entry beats a wildcard",
        PIERCED,
        Mode.OPEN,
        {"x.example": "T0", "a.x.example": "T4", "b.a.x.example": "T0"},
    ),
    (
        "of two wildcards the longer wins",
        [entry(1, "*.x.example", "T4"), entry(2, "*.a.x.example", "T0"), entry(3, "*.example", "T1")],
        Mode.OPEN,
        {"a.x.example": "T4", "b.a.x.example": "T0", "x.example": "T1", "other.test": "T3"},
    ),
    (
        "an entry made here beats a list",
        [entry(1, "x.example", "T3"), entry(2, "x.example", "T0", "list one")],
        Mode.OPEN,
        {"x.example": "T3"},
    ),
    (
        "no list pierces a block made here",
        [*BLOCK, entry(3, "a.x.example", "T5", "list one")],
        Mode.OPEN,
        {"a.x.example": "T0"},
    ),
    (
        "block beats allow between lists",
        [entry(1, "x.example", "T0", "list one"), entry(2, "x.example", "T4", "list two")],
        Mode.OPEN,
        {"x.example": "T0"},
    ),
    (
        "of two lists that allow the lower preset counts",
        [entry(1, "x.example", "T3", "list one"), entry(2, "x.example", "T4", "list two")],
        Mode.CLOSED,
        {"x.example": "T3"},
    ),
    (
        "block beats allow here",
        [entry(1, "x.example", "T0"), entry(2, "x.example", "T4")],
        Mode.OPEN,
        {"x.example": "T0"},
    ),
    (
        "what ran out does not count",
        [entry(1, "x.example", "T0", expires_at=OLD), entry(2, "*.example", "T1", expires_at=SOON)],
        Mode.OPEN,
        {"x.example": "T1"},
    ),
    ("what ran out falls to the mode", [entry(1, "x.example", "T4", expires_at=OLD)], Mode.CLOSED, {"x.example": "T0"}),
    (
        "the node itself cannot be shut out",
        [entry(1, OWN, "T0"), entry(2, "*.example", "T0")],
        Mode.CLOSED,
        {OWN: "T5", "x.example": "T0"},
    ),
]


@pytest.mark.parametrize(("entries", "mode", "wanted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_table_written_by_hand(entries: list[Entry], mode: Mode, wanted: dict[str, str]) -> None:
    standing = book(*entries, mode=mode)

    assert {host: decide(host, standing, now=NOW).preset for host in wanted} == wanted


def test_a_decision_says_why() -> None:
    standing = book(*PIERCED)

    assert [decide(host, standing, now=NOW) for host in ("a.x.example", "new.test", OWN)] == [
        Decision("a.x.example", PRESETS["T4"], "T4", "entry", PIERCED[2], Mode.OPEN),
        Decision("new.test", PRESETS["T3"], "T3", "mode", None, Mode.OPEN),
        Decision(OWN, PRESETS["T5"], "T5", "own", None, Mode.OPEN),
    ]


def test_only_who_may_do_nothing_is_not_admitted() -> None:
    admitted = {
        preset: decide("x.example", book(entry(1, "x.example", preset)), now=NOW).is_admitted for preset in PRESETS
    }

    assert admitted == {"T0": False, "T1": True, "T2": True, "T3": True, "T4": True, "T5": True}


def test_presets_grow_and_are_recognised() -> None:
    weights = [grants.weight for grants in PRESETS.values()]
    odd = Grants(Read.NONE, FollowGrant.NONE, Interact.NONE, Records.ADMIT, Authority.NONE)

    assert weights == sorted(set(weights))
    assert [preset_of(grants) for grants in PRESETS.values()] == list(PRESETS)
    assert (preset_of(odd), odd.is_nothing, preset_of(replace(odd, read=Read.PUBLIC))) == ("custom", True, "custom")


@dataclass(frozen=True)
class Naive:
    """The rules read a second time: score every entry that could speak, take the best."""

    now: datetime

    def preset(self, host: str, entries: list[Entry], mode: Mode) -> str:
        if host == OWN:
            return "T5"
        found = sorted(
            (self.score(host, each), -index) for index, each in enumerate(entries) if self.speaks(host, each)
        )
        if not found:
            return "T3" if mode is Mode.OPEN else "T0"
        return entries[-found[-1][1]].preset

    def speaks(self, host: str, each: Entry) -> bool:
        if each.expires_at is not None and not self.now < each.expires_at:
            return False
        return host.endswith(each.pattern[1:]) if each.pattern[0] == "*" else host == each.pattern

    def score(self, host: str, each: Entry) -> tuple[bool, bool, int, int]:
        return each.source == "local", each.pattern == host, len(each.pattern), -int(each.preset[1])


patterns = st.sampled_from(["x.example", "a.x.example", "*.x.example", "*.example", "*.a.x.example", "ax.example", OWN])
entries_of_any_kind = st.builds(
    entry,
    st.integers(1, 99),
    patterns,
    st.sampled_from(list(PRESETS)),
    st.sampled_from(["local", "list one", "list two"]),
    st.sampled_from([None, OLD, SOON]),
)


@given(st.lists(entries_of_any_kind, max_size=8), st.sampled_from(NAMES), st.sampled_from(list(Mode)))
def test_every_book_answers_as_the_naive_reading_does(entries: list[Entry], host: str, mode: Mode) -> None:
    decided = decide(host, book(*entries, mode=mode), now=NOW)

    assert decided.preset == Naive(NOW).preset(host, entries, mode)
    assert decided.grants == PRESETS[decided.preset]


@given(st.text(max_size=300), st.lists(entries_of_any_kind, max_size=3))
def test_every_host_gets_an_answer(host: str, entries: list[Entry]) -> None:
    assert decide(host, book(*entries, mode=Mode.CLOSED), now=NOW).host == host


@pytest.mark.parametrize(
    ("pattern", "host", "wanted"),
    [
        ("x.example", "X.example", False),
        ("*.x.example", "x.example", False),
        ("*.x.example", "notx.example", False),
        ("*.x.example", "a.x.example", True),
        ("x.example", "x.example", True),
    ],
)
def test_matching_is_by_whole_labels(pattern: str, host: str, wanted: bool) -> None:  # noqa: FBT001
    """T-74."""
    assert matches(pattern, host) is wanted
