"""T-26: every member of every real document replaced by each odd value; nothing but a ProtocolError may come out."""

import random
from pathlib import Path

import orjson
import pytest

from federation.errors import ProtocolError
from federation.vocabulary.parse import parse_activity, parse_object
from inbox.models import ReceivedActivity
from tests.clock import FakeClock
from tests.interop import corpus
from tests.interop.mutants import mutants_of
from tests.interop.test_corpus_at_the_door import (
    HOST,
    OBJECTS,
    actor_of,
    complaints,
    documents,
    publish,
    speaker_for,
)
from tests.peers.actors import Json
from tests.peers.flavours import MASTODON
from tests.standing import INBOXES, founded, standing_among

__all__ = ["complaints", "founded"]

SEED = 20261121
SAMPLE = 2_000
PARTS = 4


def _folders() -> list[str]:
    return sorted({name.partition("/")[0] for name in corpus.names()})


def _reads(document: Json) -> bool:
    try:
        if str(document.get("type")) not in corpus.ACTIVITIES:
            parse_object(document)
            return True
        for each in parse_activity(orjson.dumps(document)).objects:
            parse_object(each.document or {})
    except ProtocolError:
        return False
    return True


@pytest.mark.parametrize("folder", _folders())
def test_no_mutant_breaks_the_parser(folder: str) -> None:
    ends = {True: 0, False: 0}
    for name in corpus.names():
        raw = corpus.completed(corpus.readable((corpus.folder() / name).read_bytes()))
        found = orjson.loads(raw)
        if name.startswith(f"{folder}/") and isinstance(found, dict):
            for _path, _odd, mutant in mutants_of(found):
                ends[_reads(mutant)] += 1

    assert min(ends.values()) > 0


def _deliveries() -> list[tuple[str, Json]]:
    """Return a seeded choice of mutants as activities, each with the actor that the real document names."""
    found: list[tuple[str, Json]] = []
    for _name, document in documents():
        if document["type"] in corpus.ACTIVITIES:
            found += [(actor_of(document), mutant) for _path, _odd, mutant in mutants_of(document)]
        elif document["type"] in OBJECTS and isinstance(document.get("attributedTo"), str):
            author = str(document["attributedTo"])
            found += [(author, _created(author, mutant)) for _path, _odd, mutant in mutants_of(document)]
    return random.Random(SEED).sample(found, SAMPLE)


def _created(author: str, mutant: Json) -> Json:
    return {"id": "http://far.test/created", "type": "Create", "actor": author, "object": mutant}


def _own_id(number: int, mutant: Json) -> Json:
    """Give a mutant an id of its own, so that none is taken for a repetition; a mutated id stays what it is."""
    given = mutant.get("id")
    return (
        {**mutant, "id": f"http://{HOST}/mutants/{number}"} if isinstance(given, str) and len(given) < 2000 else mutant
    )


@pytest.mark.parametrize("part", range(PARTS))
async def test_no_mutant_stops_the_node_whichever_inbox_it_comes_to(
    part: int, founded: Path, tmp_path: Path, clock: FakeClock, complaints: list[str]
) -> None:
    """R-20: no 5xx, no error in the log, and each that was taken comes to a named end."""
    corpus.folder()
    async with standing_among({HOST: MASTODON}, founded, tmp_path, clock, INBOX_RATE="10000", INBOX_BURST="10000") as (
        home,
        peers,
    ):
        peer = peers[HOST]
        for _name, document in documents():
            publish(peer, document)
        odd: list[tuple[int, int]] = []
        for number, (actor, mutant) in list(enumerate(_deliveries()))[part::PARTS]:
            body = orjson.dumps(_own_id(number, mutant))
            for inbox in INBOXES:
                answer = await home.post(peer, body, speaker_for(peer, actor), inbox)
                odd += [(number, answer.status)] if answer.status not in {202, 400, 401} else []
        await home.work(rounds=400)

        assert odd == []
        ends = await ReceivedActivity.all().values_list("state", "reason")
        assert len(ends) > SAMPLE // PARTS // 3
        assert [reason for state, reason in ends if state not in {"done", "pending"} and not reason] == []
        assert complaints == []
