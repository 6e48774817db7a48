"""What a process remembers of the names that others send is bounded: each table, filled beyond its bound. T-102, V-K12.

A table that is not in the list below fails the build; whoever adds one says here what bounds it.
"""

import ast
from collections.abc import Callable, Iterator, Sized
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from federation import names
from federation.errors import Malformed
from inbox import budget, quota, residents
from inbox import keys as inbox_keys
from inbox.budget import Budget
from inbox.keys import KeyRing
from inbox.quota import Quota
from inbox.residents import Residents
from node.errors import TooMany
from node.models import ActorState, Mode
from node.policy import registry
from node.policy.decide import Book
from node.policy.registry import Registry
from outbox import followers_digest, parcels
from outbox import keys as outbox_keys
from outbox.keys import SigningKeys
from tests.clock import START
from tests.house.source import modules
from web import kept, throttle, wishes
from web.kept import Kept
from web.raw import Answer
from web.throttle import Buckets, Throttle
from web.wishes import Wishes

BOUND = 50
TABLES = {
    "federation/client/pool.py:_doors": "a door goes with its last visitor or idle connection; connections are bounded",
    "federation/client/pool.py:idle": "connections are bounded",
    "inbox/apply.py:_speakers": "lives for one batch",
    "inbox/apply.py:_outcomes": "lives for one batch",
    "inbox/apply.py:_ready": "lives for one batch",
    "inbox/budget.py:_levels": "MOST_HOSTS",
    "inbox/keys.py:_known": "REMEMBERED",
    "inbox/keys.py:_refetched": "REMEMBERED",
    "inbox/keys.py:_asked": "REMEMBERED",
    "inbox/keys.py:_under_way": "one a request that waits; requests are bounded by connections",
    "inbox/quota.py:_brought": "MOST_HOSTS",
    "inbox/residents.py:_known": "REMEMBERED",
    "inbox/store.py:_waiting": "MOST_WAITING",
    "inbox/together.py:_waiting": "one a request or lookup that waits; both are bounded",
    "node/engines/sqlite.py:_all": "connections to our own file",
    "node/policy/registry.py:_decided": "MOST_DECIDED",
    "outbox/followers_digest.py:_counted": "SENDERS_KEPT",
    "outbox/followers_digest.py:_told": "TOLD_KEPT",
    "outbox/keys.py:_open": "REMEMBERED",
    "outbox/ledger.py:_waiting": "one a delivery under way; these are bounded",
    "outbox/parcels.py:_held": "BODIES_KEPT",
    "outbox/worker.py:_doubtful": "only hosts under way",
    "outbox/worker.py:_under_way": "hosts_at_once",
    "web/guarded.py:by_address": "goes with the last connection of an address; connections are bounded",
    "web/guarded.py:open": "connections are bounded",
    "web/kept.py:_held": "MOST_ANSWERS and MOST_BYTES",
    "web/throttle.py:_levels": "MOST_KEYS",
    "web/throttle.py:_tries": "MOST_KEYS",
}
"""Everything that an object of ours keeps in a dictionary, set or list, and what bounds it."""
KINDS = frozenset({"OrderedDict", "dict", "set", "list", "deque", "defaultdict"})


def tables() -> Iterator[str]:
    """Yield each attribute that begins as an empty container."""
    for module in modules():
        for node in ast.walk(module.tree):
            target = _emptied(node)
            if target is not None:
                yield f"{module.name}:{target.attr}"


def _emptied(node: ast.AST) -> ast.Attribute | None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    if not isinstance(node, ast.Assign | ast.AnnAssign) or not _is_empty(node.value):
        return None
    return next((each for each in targets if isinstance(each, ast.Attribute)), None)


def _is_empty(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        name = value.func.value if isinstance(value.func, ast.Subscript) else value.func
        return isinstance(name, ast.Name) and name.id in KINDS and not value.args
    return (isinstance(value, ast.Dict) and not value.keys) or (isinstance(value, ast.List) and not value.elts)


def test_every_table_is_in_the_list_and_none_is_without_a_bound_t102() -> None:
    found = set(tables())

    assert found - TABLES.keys() == set(), "say here what bounds it"
    assert TABLES.keys() - found == set(), "it is not there any more"


def test_every_memory_of_results_has_a_size_t102() -> None:
    """`lru_cache` without a number remembers 128; `cache` everything: only what takes our own arguments has that."""
    everything = {
        "node/community/tables.py": "our models",
        "node/text/markdown.py": "no argument",
        "node/text/sanitise.py": "our subsets",
        "web/access.py": "our rules, and methods that matched one",
        "web/pages/source.py": "no argument",
        "web/rendering.py": "no argument",
    }
    texts = {module.name: module.text for module in modules()}

    assert sorted(name for name, text in texts.items() if "\n@cache\n" in text) == sorted(everything)
    assert [name for name, text in texts.items() if "maxsize=None" in text] == []


def ring() -> KeyRing:
    return KeyRing(cast("Any", None), jitter=lambda: 0.0)


def fill_quota(number: int) -> Sized:
    asked = Quota(rows=1, mib=1)
    for each in range(number):
        asked.spend(f"host{each}.example", 1, now=START)
    return asked._brought


def fill_budget(number: int) -> Sized:
    made = Budget(rate=1, burst=2)
    for each in range(number):
        made.spend(f"h{each}.example", is_named=False, at=0.0)
    return made._levels


def fill_known_keys(number: int) -> Sized:
    made = ring()
    for each in range(number):
        made._remember(f"https://h{each}.example/k", cast("Any", None), now=START)
    return made._known


def fill_asked_keys(number: int) -> Sized:
    made = ring()
    for each in range(number):
        assert made.may_ask(f"https://h{each}.example/k", now=START)
    return made._asked


def fill_decisions(number: int) -> Sized:
    made = Registry(own_host="home.example")
    made._book = Book(1, Mode.OPEN, "home.example")
    for each in range(number):
        made.decide(f"h{each}.example", now=START)
    return made._decided


def fill_digests(number: int) -> Sized:
    made = followers_digest.FollowerDigests()
    for each in range(number):
        followers_digest._put(made._told, (1, f"https://h{each}.example"), START, followers_digest.TOLD_KEPT)
    return made._told


def fill_tries(number: int) -> Sized:
    made = Throttle(3, timedelta(minutes=1))
    for each in range(number):
        made.hit(f"name{each}", now=START)
    return made._tries


def fill_buckets(number: int) -> Sized:
    made = Buckets(1, 1)
    for each in range(number):
        made.take(f"address{each}", at=0.0)
    return made._levels


def fill_answers(number: int) -> Sized:
    made = Kept(state=lambda: (0, 0), monotonic=lambda: 0.0)
    for each in range(number):
        made.keep((b"/", f"{each}".encode(), b""), Answer(200, (), b"x"), made.state())
    return made._held


def fill_wishes(number: int) -> Sized:
    made = Wishes()
    for each in range(number):
        made.want(cast("Any", SimpleNamespace(key=str(each))))
        made.note_shown(str(each))
    return {**made.wanted, **dict.fromkeys(made.shown)}


FILLED: dict[str, tuple[object, str, Callable[[int], Sized]]] = {
    "hosts that brought something": (budget, "MOST_HOSTS", fill_budget),
    "hosts that brought something today": (quota, "MOST_HOSTS", fill_quota),
    "keys": (inbox_keys, "REMEMBERED", fill_known_keys),
    "keys asked for": (inbox_keys, "REMEMBERED", fill_asked_keys),
    "decisions": (registry, "MOST_DECIDED", fill_decisions),
    "hosts told a digest": (followers_digest, "TOLD_KEPT", fill_digests),
    "tries": (throttle, "MOST_KEYS", fill_tries),
    "addresses": (throttle, "MOST_KEYS", fill_buckets),
    "answers": (kept, "MOST_ANSWERS", fill_answers),
    "pictures wanted": (wishes, "MOST_WISHES", fill_wishes),
}


@pytest.mark.parametrize("table", FILLED)
def test_a_table_that_is_filled_beyond_its_bound_stays_at_it_t102(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, bound, fill = FILLED[table]
    assert 0 < getattr(module, bound) <= 20_000
    monkeypatch.setattr(module, bound, BOUND)

    assert len(fill(BOUND - 1)) == BOUND - 1
    assert 0 < len(fill(BOUND * 3)) <= BOUND


def test_no_bound_is_so_large_that_the_longest_names_fill_the_memory_t102() -> None:
    """A million key ids of 2048 characters leave at most the bound: 10,000 times 2 KiB, below 32 MiB."""
    longest = f"https://evil.example/{'k' * (names.LONGEST_URI - 21)}"

    assert len(names.canonical_uri(longest).text) == names.LONGEST_URI
    assert inbox_keys.REMEMBERED * names.LONGEST_URI <= 32 * 2**20
    before = names._known_uri.cache_info().currsize
    names.canonical_uri(longest)
    assert names._known_uri.cache_info().currsize == before, "long ones are not remembered"
    with pytest.raises(Malformed):
        names.canonical_uri("https://evil.example/" + "\u00e9" * 1000)


async def test_inboxes_of_members_are_remembered_up_to_a_bound_t102(monkeypatch: pytest.MonkeyPatch) -> None:
    async def anybody(_uri: str) -> object:
        return SimpleNamespace(is_local=True, state=ActorState.ACTIVE)

    monkeypatch.setattr(residents.actors, "by_uri", anybody)
    monkeypatch.setattr(residents, "REMEMBERED", BOUND)
    made = Residents()
    for each in range(BOUND * 3):
        await made.require(f"https://home.example/ap/u/m{each}/inbox", at=0.0)

    assert len(made._known) == BOUND


async def test_keys_and_bodies_of_ours_are_remembered_up_to_a_bound_t102(monkeypatch: pytest.MonkeyPatch) -> None:
    async def key(*_args: object, **_named: object) -> object:
        return object()

    async def bodies(_sql: str, known: list[int]) -> list[dict[str, object]]:
        return [{"id": each, "body": "{}"} for each in known]

    monkeypatch.setattr(outbox_keys.actor_keys, "private_key", key)
    monkeypatch.setattr(outbox_keys, "REMEMBERED", BOUND)
    monkeypatch.setattr(parcels, "rows", bodies)
    signing, held = SigningKeys(secret_key=""), parcels.Bodies()
    for each in range(BOUND * 3):
        await signing.of(cast("Any", SimpleNamespace(id=each)), cast("Any", "rsa"))
    await held.of(set(range(1, 3 * parcels.BODIES_KEPT)))

    assert (len(signing._open), len(held._held)) == (BOUND, parcels.BODIES_KEPT)


def test_a_bucket_that_was_forgotten_is_full_again_and_no_more() -> None:
    """What an attacker gains by pushing a host out of memory is one burst."""
    made = Budget(rate=0.001, burst=1)
    made.spend("a.example", is_named=False, at=0.0)
    with pytest.raises(TooMany):
        made.require("a.example", is_named=False, at=0.0)
