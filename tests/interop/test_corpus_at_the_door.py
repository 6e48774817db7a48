"""The corpus through the doors: real documents served by a made-up server are fetched, real activities are posted.

Nothing may end in 5xx, in an exception that nobody foresaw, or without a state and a reason. T-08, R-20.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from federation.client import Budget
from federation.errors import ProtocolError
from inbox.models import ReceivedActivity
from node.community import errands
from node.community.errands import Errand
from node.models import Actor, Job
from tests.clock import FakeClock
from tests.interop import corpus
from tests.peers.actors import Json, PeerActor
from tests.peers.flavours import MASTODON, Flavour
from tests.peers.peer import Peer
from tests.standing import INBOXES, Standing, founded, standing_among

__all__ = ["founded"]

HOST = "far.test"
ACTORS = {"Person", "Group", "Application", "Service", "Organization"}
OBJECTS = {"Note", "Article", "Page", "Question", "Event", "Video", "Audio", "Image"}
_ADDRESS = re.compile(rb"https://([A-Za-z0-9.-]+)(?::[0-9]+)?(?=[/\"#?])")
_VOCABULARIES = (b"w3.org", b"w3id.org", b"joinmastodon.org", b"schema.org", b"ostatus.org", b"purl.org")


def documents() -> Iterator[tuple[str, Json]]:
    """Return name and content of each document, as if everything lived on one server of ours."""
    for name in corpus.names():
        plain = orjson.dumps(orjson.loads((corpus.folder() / name).read_bytes()))
        raw = corpus.completed(corpus.readable(plain))
        found = orjson.loads(_ADDRESS.sub(_moved, raw))
        if isinstance(found, dict) and isinstance(found.get("type"), str):
            yield name, found


def _moved(found: "re.Match[bytes]") -> bytes:
    return found[0] if found[1].endswith(_VOCABULARIES) else b"http://" + HOST.encode()


class Complaints(logging.Handler):
    """Keeps what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.said.append(self.format(record))


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Return what this test lets the node log as errors."""
    handler = Complaints()
    logger = logging.getLogger("talanoa")
    logger.addHandler(handler)
    yield handler.said
    logger.removeHandler(handler)


def speaker_for(peer: Peer, uri: str) -> PeerActor:
    """Return an actor of the peer under the id that a document names."""
    actor = peer.actors.get(uri) or PeerActor(uri.rpartition("/")[2] or "root", peer.base, _at(peer.path_of(uri)))
    peer.actors[uri] = actor
    return actor


def _at(path: str) -> Flavour:
    return replace(MASTODON, actor_path=path.replace("{", "{{").replace("}", "}}"))


async def test_every_activity_is_answered_and_comes_to_a_named_end(
    founded: Path, tmp_path: Path, clock: FakeClock, complaints: list[str]
) -> None:
    corpus.folder()
    async with standing_among({HOST: MASTODON}, founded, tmp_path, clock) as (home, peers):
        peer = peers[HOST]
        activities = [(name, found) for name, found in documents() if found["type"] in corpus.ACTIVITIES]
        for _name, found in documents():
            publish(peer, found)
        answers: dict[str, set[int]] = {}
        for name, found in activities:
            actor = speaker_for(peer, actor_of(found))
            answers[name] = {(await home.post(peer, found, actor, inbox)).status for inbox in INBOXES}
        for _ in range(6):
            await home.work(rounds=200)
            clock.advance(700)

        assert len(activities) > 60
        assert {name: found for name, found in answers.items() if found != {202}} == {}
        ends = await ReceivedActivity.all().values_list("state", "reason")
        assert {state for state, _reason in ends} <= {"done", "ignored", "dead"}
        assert [reason for state, reason in ends if state != "done" and not reason] == []
        assert complaints == []


async def test_every_actor_and_object_can_be_read_from_its_server(
    founded: Path, tmp_path: Path, clock: FakeClock, complaints: list[str]
) -> None:
    """Or is refused by name; actors are remembered, objects kept or refused with a reason."""
    corpus.folder()
    async with standing_among({HOST: MASTODON}, founded, tmp_path, clock) as (home, peers):
        peer = peers[HOST]
        refused: dict[str, str] = {}
        read = 0
        for _name, found in documents():
            publish(peer, found)
        for name, found in documents():
            if found["type"] in ACTORS:
                read += await _reads(home, str(found["id"]), name, refused)
            elif found["type"] in OBJECTS and "id" in found:
                await errands.ask(Errand.OBJECT, str(found["id"]), now=home.now, payload={"depth": 9})
        await home.work(rounds=400)

        assert read > 20
        assert refused == REFUSED_ACTORS
        jobs = await Job.filter(kind=errands.KIND).exclude(state="pending")
        assert [job.key for job in jobs if not job.reason] == []
        assert complaints == []


NAMELESS = "Malformed: actor {} on far.test has no preferredUsername"
REFUSED_ACTORS = {
    "fedify/example.com__person.json": NAMELESS.format("http://far.test/person"),
    "fedify/example.com__person2.json": NAMELESS.format("http://far.test/person2"),
    "fedify/example.com__users__handle.json": NAMELESS.format("http://far.test/users/handle"),
    "fedify/remote.domain__users__bob.json": NAMELESS.format("http://far.test/users/bob"),
    "mobilizon/mastodon-tcit-tcit.json": "Malformed: type Undo is not an actor",
}
"""Four that nobody could mention; and one whose address another document of the corpus has, too."""


async def _reads(home: Standing, uri: str, name: str, refused: dict[str, str]) -> int:
    try:
        actor: Actor = await home.node.bench.fetcher.actor(uri, budget=Budget(), now=home.now)
    except ProtocolError as error:
        refused[name] = f"{type(error).__name__}: {error}"
        return 0
    assert actor.uri == uri
    return 1


def actor_of(found: Json) -> str:
    """Return the id of the one actor of an activity."""
    actor = found["actor"]
    actor = actor[0] if isinstance(actor, list) else actor
    return str(actor["id"] if isinstance(actor, dict) else actor)


def publish(peer: Peer, found: Json) -> None:
    """Serve a document under its own id."""
    uri = found.get("id")
    if isinstance(uri, str) and uri.startswith(peer.base):
        peer.documents[peer.path_of(uri).partition("#")[0]] = found
