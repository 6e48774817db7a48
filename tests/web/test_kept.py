"""What the front keeps for a moment: never for those who sign, never past a change, never without bound. T-82."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from node.community import posts
from node.community.posts import PostDraft
from node.models import Actor, ActorState, Mode, NodeProfile
from tests.inbox.strangers import introduce
from tests.peers.cavage import Message
from tests.peers.values import ACTIVITY_TYPE
from tests.standing import BASE, Company
from tests.web.visitor import exchange
from web import kept
from web.front import Front, Place
from web.kept import KEPT_SECONDS, Kept, glance, unless_known
from web.raw import Answer, Incoming, RawRoute
from web.throttle import Buckets

ACTOR, FINGER, INFO = "/ap/u/amina", "/.well-known/webfinger?resource=acct:amina@home.test", "/nodeinfo/2.1"
KEY = (b"/actor", b"", b"")
TAGGED = (("etag", '"2cf24dba5fb0a30e26e83b2a"'),)


def key(name: str) -> kept.Key:
    return name.encode(), b"", b""


@dataclass
class World:
    """A state and a clock that a test moves."""

    changes: int = 0
    seconds: float = 100.0
    keeping: Kept = field(init=False)

    def __post_init__(self) -> None:
        self.keeping = Kept(state=lambda: (self.changes, 0), monotonic=lambda: self.seconds)

    def keep(self, key: kept.Key = KEY, body: bytes = b"hello") -> Answer:
        return self.keeping.keep(key, Answer(200, (), body, keep=True), self.keeping.state())


def seen(*headers: tuple[bytes, bytes], method: str = "GET", path: bytes = b"/actor", query: bytes = b"") -> Any:
    scope = {"method": method, "raw_path": path, "query_string": query, "headers": [(b"host", b"home.test"), *headers]}
    return glance(scope, b"home.test")


@pytest.mark.parametrize(
    "headers",
    [
        [(b"signature", b"keyId=a")],
        [(b"signature-input", b"sig1=()")],
        [(b"authorization", b"Signature keyId=a")],
        [(b"content-length", b"5")],
        [(b"transfer-encoding", b"chunked")],
        [(b"accept", b"a"), (b"accept", b"b")],
        [(b"accept", b"a" * 301)],
        [(b"host", b"home.test")],
        [(b"x-forwarded-host", b"home.test")],
        [(b"something", b"unheard of")],
    ],
)
def test_what_may_depend_on_the_asker_has_no_place(headers: list[tuple[bytes, bytes]]) -> None:
    assert seen(*headers) is None


def test_another_host_another_method_or_a_long_query_have_no_place() -> None:
    other = glance({"method": "GET", "raw_path": b"/", "headers": [(b"host", b"evil.example")]}, b"home.test")

    assert (other, seen(method="POST"), seen(query=b"q" * 401)) == (None, None, None)


def test_an_answer_belongs_to_its_address_and_what_was_accepted() -> None:
    json, name = (b"accept", b"json"), (b"user-agent", b"x")

    assert seen(json, name) == seen(json, method="HEAD") == ((b"/actor", b"", b"json"), b"")
    assert seen(query=b"a=b") == ((b"/actor", b"a=b", b""), b"")
    assert seen((b"if-none-match", b'"x"')) == ((b"/actor", b"", b""), b'"x"')


def test_a_change_drops_everything() -> None:
    world = World()
    world.keep()
    before = world.keeping.find(KEY)
    world.changes += 1

    assert (before, world.keeping.find(KEY)) == (Answer(200, TAGGED, b"hello", keep=True), None)


def test_what_was_made_before_a_change_is_sent_but_not_kept() -> None:
    world = World()
    state = world.keeping.state()
    world.changes += 1

    answer = world.keeping.keep(KEY, Answer(200, (), b"hello", keep=True), state)

    assert (answer.headers, world.keeping.find(KEY)) == (TAGGED, None)


def test_nothing_is_kept_longer_than_a_moment() -> None:
    """What another process changed is seen then."""
    world = World()
    world.keep()
    world.seconds += KEPT_SECONDS

    assert world.keeping.find(KEY) is None


def test_the_least_asked_for_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_ANSWERS", 3)
    monkeypatch.setattr(kept, "MOST_BYTES", 30)
    monkeypatch.setattr(kept, "LONGEST_ANSWER", 20)
    world = World()

    for name in "abca":
        world.keep(key(name), b"x")
    world.keep(key("d"), b"x")
    by_number = [name for name in "abcd" if world.keeping.find(key(name))]
    world.keep(key("e"), b"x" * 20)
    world.keep(key("f"), b"x" * 10)
    by_bytes = [name for name in "abcdef" if world.keeping.find(key(name))]
    world.keep(key("g"), b"x" * 21)

    assert (by_number, by_bytes, world.keeping.find(key("g"))) == (["a", "c", "d"], ["e", "f"], None)


@pytest.mark.parametrize(
    ("known", "status"), [('"2cf24dba5fb0a30e26e83b2a"', 304), ('"x"', 200), ("*", 304), ("", 200)]
)
def test_who_has_it_gets_304_without_body(known: str, status: int) -> None:
    answer = Answer(200, (("content-type", "a/b"), ("vary", "Accept"), *TAGGED), b"hello")

    told = unless_known(answer, f'"y", {known}'.encode())

    bare = Answer(304, (("vary", "Accept"), *TAGGED))
    assert told == (bare if status == 304 else answer)


def test_a_weak_tag_of_the_same_is_known() -> None:
    assert unless_known(Answer(200, TAGGED, b"hello"), b'W/"2cf24dba5fb0a30e26e83b2a"').status == 304


async def test_an_answer_that_is_kept_has_a_tag_and_is_not_sent_twice(company: Company) -> None:
    for path in (ACTOR, FINGER, INFO):
        first = await company.home.get(path)
        second = await company.home.get(path, if_none_match=first.headers["etag"])

        assert (first.status, second.status, second.body) == (200, 304, b"")
        assert "content-length" not in second.headers
        assert second.headers["etag"] == first.headers["etag"]
        assert second.headers["cache-control"] == first.headers["cache-control"]


async def test_a_change_is_seen_at_once(company: Company) -> None:
    home = company.home
    before = [(await home.get(path)).body for path in (ACTOR, FINGER, INFO)]
    again = [(await home.get(path)).body for path in (ACTOR, FINGER, INFO)]

    await Actor.filter(id=home.amina.actor_id).update(display_name="Amina W.", avatar_url=f"{BASE}/media/a.webp")
    await NodeProfile.filter(id=1).update(name="Another name")
    after = [(await home.get(path)).body for path in (ACTOR, FINGER, INFO)]
    await Actor.filter(id=home.amina.actor_id).update(state=ActorState.GONE)
    gone = [(await home.get(path)).status for path in (ACTOR, FINGER)]

    assert before == again
    assert not set(before) & set(after)
    assert b"Amina W." in after[0] and b"Another name" in after[2]
    assert gone == [410, 410]


async def test_what_was_withdrawn_is_gone_at_once(company: Company) -> None:
    home = company.home
    post = await posts.publish(PostDraft(text="Mats"), author=home.amina.actor, now=home.now)
    path = post.uri.removeprefix(BASE)
    first = await home.get(path)
    await posts.withdraw(post.uri, by=home.amina, now=home.now)
    second = await home.get(path)

    assert (first.status, second.status, b"Mats" in first.body, b"Mats" in second.body) == (200, 410, True, False)


async def test_a_mode_is_in_force_at_once_and_a_signature_is_always_looked_at(company: Company) -> None:
    """T-79, T-82: neither the whole actor nor a post is left over for strangers."""
    home, evil = company.home, company.evil
    reader = await introduce(company, evil, "reader")
    post = await posts.publish(PostDraft(text="Mats"), author=home.amina.actor, now=home.now)
    path = post.uri.removeprefix(BASE)
    full = [(await home.get(each)).status for each in (path, ACTOR)]
    await home.decide("T0", "evil.test")
    signed = evil.sign(Message("GET", BASE + path, {"accept": ACTIVITY_TYPE}), actor=reader)
    refused = await evil.send(signed)
    await home.turn(Mode.CLOSED)
    shut, reduced = await home.get(path), await home.get(ACTOR)

    assert (full, refused.status, shut.status) == ([200, 200], 403, 401)
    assert "outbox" not in reduced.json()


async def test_who_reads_as_a_browser_is_still_led_to_the_page(company: Company) -> None:
    await company.home.get(ACTOR)

    answer = await company.home.get(ACTOR, accept="text/html")

    assert (answer.status, answer.headers["cache-control"]) == (302, "no-store")


async def test_refusals_are_not_kept(company: Company) -> None:
    answers = [
        await company.home.get(path) for path in ("/ap/u/nobody", FINGER.replace("amina", "nobody"), "/nodeinfo/9")
    ]

    assert {answer.status for answer in answers} == {404}
    assert not any("etag" in answer.headers for answer in answers)


async def test_an_address_that_asks_too_often_waits_for_kept_answers_too() -> None:
    async def nobody(_scope: Any, _receive: Any, _send: Any) -> None:
        raise AssertionError

    async def handler(_incoming: Incoming) -> Answer:
        return Answer(200, (), b"hello", keep=True)

    buckets = Buckets(rate=1, burst=2)
    place = Place("https://home.example", kept=Kept(state=lambda: (0, 0), monotonic=lambda: 0.0))
    route = RawRoute("/a", "GET", handler)
    front = Front(nobody, place, [route], admit=lambda who: buckets.take(who, at=0), incident=str)

    pages = [await exchange(front, "GET", "/a", {"host": "home.example"}, b"") for _ in range(3)]

    assert [(page.status, page.body) for page in pages[:2]] == [(200, b"hello")] * 2
    assert pages[2].status == 429
