"""Who is let in at all, asked before anything is fetched; whose inbox that is; and outages. V-O02, V-S08."""

import pytest
from tortoise.exceptions import OperationalError

from inbox import residents
from inbox.models import ReceivedActivity
from node.community import members
from node.models import Actor, ActorState, Follow, Mode
from tests.inbox.strangers import introduce
from tests.inbox.test_door_keys import follow, gets
from tests.peers.actors import Json, PeerActor
from tests.peers.peer import Peer
from tests.standing import ALL_INBOXES, BASE, INBOXES, Company


async def refused(company: Company, peer: Peer, activity: Json, actor: PeerActor) -> set[int]:
    return {(await company.home.post(peer, activity, actor, inbox)).status for inbox in ALL_INBOXES}


async def test_a_closed_node_turns_strangers_away_before_it_asks_anything(company: Company) -> None:
    """V-O02: 403 and not one request, at every inbox."""
    await company.home.turn(Mode.CLOSED)
    rosa = company.good.actor("rosa")

    assert await refused(company, company.good, follow(company.good, rosa), rosa) == {403}
    assert gets(company.good) == []
    assert await ReceivedActivity.all().count() == 0

    await company.home.decide("T4", "good.test")
    assert await refused(company, company.good, follow(company.good, rosa), rosa) == {202}


async def test_a_blocked_host_and_those_below_it_are_turned_away_before_anything_is_asked(company: Company) -> None:
    """T-79: the host of the key counts, and that of the actor."""
    eve, rosa = company.evil.actor("eve"), company.good.actor("rosa")
    await company.home.decide("T0", "evil.test")

    assert await refused(company, company.evil, follow(company.evil, eve), eve) == {403}
    assert await refused(company, company.evil, follow(company.good, rosa), eve) == {403}
    assert gets(company.evil) == []
    assert gets(company.good) == []
    assert await ReceivedActivity.all().count() == 0


async def test_nobody_else_signs_as_this_node(company: Company) -> None:
    eve = company.evil.actor("eve")
    forged = company.home.message(follow(company.evil, eve))
    signed = company.evil.sign(forged, actor=eve)
    ours = signed.headers["signature"].replace(eve.key_id, f"{BASE}/ap/u/amina#main-key")

    answer = await company.evil.send(type(signed)(signed.method, signed.url, dict(signed.headers) | {"signature": ours},
                                                 signed.body))  # fmt: skip

    assert answer.status == 403


@pytest.mark.parametrize("inbox", INBOXES)
async def test_whoever_is_blocked_after_the_answer_is_not_let_in_by_the_worker(company: Company, inbox: str) -> None:
    """T-82: asked again when it is applied."""
    rosa = company.good.actor("rosa")
    assert (await company.home.post(company.good, follow(company.good, rosa), rosa, inbox)).status == 202
    await company.home.decide("T0", "good.test")
    await company.home.work()

    assert await company.home.row() == ("ignored", "policy does not admit good.test")
    assert await Follow.all().count() == 0


async def test_an_inbox_of_nobody_is_not_found_and_nothing_is_asked_for_it(company: Company) -> None:
    """Absent 404, gone 410; also for those who may not write to us at all."""
    rosa = company.good.actor("rosa")
    leaving = await company.home.member("leaving")
    await Actor.filter(id=leaving.actor_id).update(state=ActorState.GONE)
    assert await members.by_email("nobody@home.test") is None

    async def status(path: str) -> int:
        return (await company.home.post(company.good, follow(company.good, rosa), rosa, path)).status

    assert [await status(f"/ap/u/{name}/inbox") for name in ("nobody", "practices", "leaving")] == [404, 404, 410]
    assert await status("/ap/g/nobody/inbox") == 404
    assert gets(company.good) == []
    assert await ReceivedActivity.all().count() == 0


@pytest.mark.parametrize("inbox", INBOXES)
async def test_an_outage_of_the_database_is_answered_with_come_back_later(
    company: Company, inbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-11, F-20: 503 with Retry-After, wherever it strikes; nothing is accepted meanwhile."""
    rosa = await introduce(company, company.good, "rosa")

    async def away(*_args: object, **_named: object) -> None:
        raise OperationalError("database is locked")

    for place, name in ((residents.actors, "by_uri"), (company.home.node.reception.keys, "find")):
        if inbox == INBOXES[0] and name == "by_uri":
            continue
        with monkeypatch.context() as patch:
            patch.setattr(place, name, away)
            answer = await company.home.post(company.good, follow(company.good, rosa), rosa, inbox)
            assert (answer.status, int(answer.headers["retry-after"]) > 0) == (503, True)
    assert await ReceivedActivity.all().count() == 1


async def test_a_consenting_node_holds_followers_until_somebody_says_yes(company: Company) -> None:
    """No Accept yet."""
    await company.home.decide("T1", "good.test")
    rosa = company.good.actor("rosa")
    await company.home.post(company.good, follow(company.good, rosa), rosa)
    await company.home.work()

    assert await Follow.all().values_list("state", flat=True) == ["pending"]
    assert company.good.received == []
