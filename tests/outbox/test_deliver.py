"""One delivery from first try to end: schemes, statuses, waits, breaker, policy. R-04, R-05, V-F14."""

import json
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from node.community import errands, hosts, interactions
from node.community.errands import Errand
from node.models import Actor, Follow, Host, Job
from outbox.models import Delivery, DeliveryState
from tests.outbox.foreigners import following, foreigner
from tests.outbox.test_recipients import say
from tests.peers.cavage import Message
from tests.peers.flavours import CAVAGE, RFC9421
from tests.peers.keys import public_from_multibase
from tests.peers.peer import Peer
from tests.peers.proofs import check_proof
from tests.peers.values import Received, Reply
from tests.standing import Company, Standing


async def one(company: Company, *, host: str = "good.test") -> Delivery:
    """Let a post of Amina be due at one inbox."""
    home = company.home
    await following(await foreigner("fan", host, now=home.now), home.amina.actor, now=home.now)
    await home.bridge()
    await Delivery.filter(id__gt=0).delete()
    await say(home)
    await home.bridge()
    return await Delivery.get()


async def tried(home: Standing) -> Delivery:
    """Let what is due be tried; return the only delivery."""
    await home.node.worker.step()
    await home.node.worker.settle()
    return await Delivery.get()


def posts_to(peer: Peer) -> int:
    return sum(1 for method, _path in peer.requests if method == "POST")


def refusing(peer: Peer, *statuses: int, **headers: str) -> None:
    peer.refusals.extend(Reply(status, dict(headers)) for status in statuses)


ENDS = {
    202: DeliveryState.DELIVERED,
    200: DeliveryState.DELIVERED,
    403: DeliveryState.REFUSED,
    404: DeliveryState.REFUSED,
    405: DeliveryState.REFUSED,
    406: DeliveryState.REFUSED,
    410: DeliveryState.REFUSED,
    413: DeliveryState.REFUSED,
    415: DeliveryState.REFUSED,
    422: DeliveryState.REFUSED,
    501: DeliveryState.REFUSED,
    302: DeliveryState.PENDING,
    408: DeliveryState.PENDING,
    425: DeliveryState.PENDING,
    429: DeliveryState.PENDING,
    500: DeliveryState.PENDING,
    503: DeliveryState.PENDING,
}


@pytest.mark.parametrize("status", ENDS)
async def test_the_status_decides(company: Company, status: int) -> None:
    await one(company)
    refusing(company.good, status, location="http://evil.test/inbox")

    row = await tried(company.home)

    assert (row.state, row.last_status, row.attempts) == (ENDS[status], status, 1)
    assert posts_to(company.good) == 1
    assert posts_to(company.evil) == 0
    assert row.reason == ("" if status < 300 else f"answered {status}")


@pytest.mark.parametrize(("first", "second", "state"), [
    (401, 202, DeliveryState.DELIVERED),
    (400, 202, DeliveryState.DELIVERED),
    (401, 401, DeliveryState.PENDING),
    (400, 400, DeliveryState.REFUSED),
])  # fmt: skip
async def test_a_doubt_about_the_signature_is_met_once_with_the_other_scheme(
    company: Company, first: int, second: int, state: DeliveryState
) -> None:
    await one(company)
    refusing(company.good, first, second)

    row = await tried(company.home)

    assert (row.state, row.attempts, posts_to(company.good)) == (state, 1, 2)


async def test_three_times_more_after_401_then_never(company: Company) -> None:
    await one(company)
    refusing(company.good, *[401] * 20)

    for _ in range(4):
        row = await tried(company.home)
        company.home.clock.advance(24 * 3600)

    assert (row.state, row.attempts, row.reason) == (DeliveryState.REFUSED, 4, "answered 401")
    assert posts_to(company.good) == 8


async def test_what_a_host_understood_is_remembered(company: Company) -> None:
    """RFC 9421 is tried once on 401, then first; cavage stays first for everybody else."""
    await one(company)
    refusing(company.good, 401)
    await tried(company.home)
    company.home.clock.advance(60)
    await say(company.home, "Again")
    await company.home.work()

    received = await company.good.expect(2)
    assert [entry.signer.scheme for entry in received] == [RFC9421, RFC9421]
    assert (await Host.get(name="good.test")).signature_scheme == "rfc9421"
    company.home.clock.advance(31 * 24 * 3600)
    await say(company.home, "Much later")
    await company.home.work()
    assert (await company.good.expect(3))[-1].signer.scheme == CAVAGE


async def test_a_node_of_our_kind_gets_the_newer_scheme_with_the_smaller_key_at_once(company: Company) -> None:
    await one(company, host="third.test")
    await hosts.told_software("third.test", "talanoa", "1", is_talanoa=True, now=company.home.now)

    await tried(company.home)

    (entry,) = await company.third.expect(1)
    assert (entry.signer.scheme, entry.signer.key_id) == (RFC9421, f"{company.home.amina.actor.uri}#ed25519-key")


async def test_the_waits_grow_and_end_after_a_week(company: Company) -> None:
    """R-04: 1, 5, 15 minutes, 1, 4, 12 hours, then daily; expired at seven days exactly, with the last reason."""
    delivery = await one(company)
    started = delivery.created_at
    refusing(company.good, *[500] * 40)
    waits: list[timedelta] = []
    while (row := await tried(company.home)).state is DeliveryState.PENDING:
        if row.reason == "answered 500":
            waits.append(row.due_at - company.home.now)
        await hosts.heard("good.test", now=company.home.now)
        company.home.clock.advance((row.due_at - company.home.now).total_seconds())

    minutes = [1, 5, 15, 60, 240, 720, 1440]
    for wait, planned in zip(waits, minutes, strict=False):
        assert 0.8 * planned <= wait.total_seconds() / 60 <= 1.2 * planned
    assert (row.state, row.reason) == (DeliveryState.EXPIRED, "last: answered 500")
    assert row.ended_at == started + timedelta(days=7)


async def test_a_host_may_ask_for_more_time(company: Company) -> None:
    await one(company)
    refusing(company.good, 429, **{"retry-after": "3600"})

    row = await tried(company.home)

    assert row.due_at - company.home.now == timedelta(hours=1)


@pytest.mark.parametrize("inbox", ["http://127.0.0.1:5432/inbox", "http://10.0.0.1/inbox", "http://home.test/ap/inbox"])
async def test_an_inbox_inside_is_never_asked(company: Company, inbox: str) -> None:
    """V-F14: ended at once, not one connection."""
    await one(company)
    await Delivery.filter(id__gt=0).update(inbox_url=inbox)

    row = await tried(company.home)

    assert row.state in (DeliveryState.REFUSED, DeliveryState.PENDING)
    assert posts_to(company.good) == 0


async def test_whoever_is_gone_is_found_out(company: Company) -> None:
    """An inbox that answers 410 makes us read its actor; whose actor is 410 follows no longer."""
    home = company.home
    await one(company)
    await Actor.filter(host="good.test").update(shared_inbox_url=None)
    await Delivery.filter(id__gt=0).update(inbox_url="http://good.test/users/fan/inbox")
    refusing(company.good, 410)
    await tried(home)
    assert await Job.filter(kind=errands.KIND, key=f"{Errand.ACTOR} http://good.test/users/fan").count() == 1


async def test_an_inbox_that_is_missing_three_times_a_day_ends_the_follow(company: Company) -> None:
    home = company.home
    fan = await foreigner("fan", "good.test", now=home.now, shared=False)
    await following(fan, home.amina.actor, now=home.now)
    await home.bridge()
    await Delivery.filter(id__gt=0).delete()
    for number in range(3):
        assert await Follow.all().count() == 1
        await say(home, f"Post {number}")
        await home.bridge()
        refusing(company.good, 404)
        await home.node.worker.step()
        await home.node.worker.settle()
        home.clock.advance(3600)

    assert await Follow.all().count() == 0


async def test_a_repeat_sends_the_same_bytes_and_a_fresh_signature(company: Company) -> None:
    """R-05: receivers know it again by id and body; Date and Signature are of the moment."""
    await one(company)
    seen: list[tuple[bytes, str]] = []
    original = company.good._received

    async def remember(message: Message, path: str) -> Received:
        seen.append((message.body, message.headers["date"]))
        return await original(message, path)

    company.good._received = remember  # type: ignore[method-assign]
    await tried(company.home)
    await Delivery.filter(id__gt=0).update(state=DeliveryState.PENDING, due_at=company.home.now)
    company.home.clock.advance(7200)
    await tried(company.home)

    (first, first_date), (second, second_date) = seen
    assert first == second
    assert first_date != second_date
    assert second_date == format_datetime(company.home.now, usegmt=True)


async def test_what_everybody_may_read_carries_a_proof_that_others_can_check(company: Company) -> None:
    """FEP-8b32, checked by code that shares nothing with ours."""
    home = company.home
    await one(company)
    await tried(home)
    (entry,) = await company.good.expect(1)
    document: Any = (await home.get("/ap/u/amina")).json()
    method = document["assertionMethod"][0]

    check_proof(json.loads(entry.raw), public_from_multibase(method["publicKeyMultibase"]))


async def test_a_like_is_for_its_author_alone_and_carries_no_proof(company: Company) -> None:
    """What is not for everybody must not be transferable."""
    home = company.home
    rosa = company.good.actor("rosa")
    note = company.good.note(rosa, "<p>Look</p>", cc=[home.amina.actor.uri])
    await home.post(company.good, company.good.activity("Create", rosa, note | mention(home)), rosa)
    await home.work()

    await interactions.like(str(note["id"]), by=home.amina.actor, now=home.now)
    await home.work()

    (entry,) = await company.good.expect(1, kind="Like")
    assert "proof" not in entry.activity
    assert entry.path == "/users/rosa/inbox"


def mention(home: Standing) -> dict[str, object]:
    return {"tag": [{"type": "Mention", "href": home.amina.actor.uri, "name": "@amina"}]}
