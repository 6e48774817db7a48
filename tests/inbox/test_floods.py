"""Much of something at the door costs little, and ends at a bound. T-31, T-102, V-M17, V-F10, A-17."""

import asyncio
from dataclasses import replace

import pytest

from federation.errors import Malformed
from federation.keys import PublicKey
from federation.names import canonical_uri, host_of
from inbox import lookups
from inbox.models import ReceivedActivity
from node.models import Actor, FailedLookup, Host, Job, Post
from outbox.models import Delivery
from tests.inbox.strangers import introduce
from tests.inbox.test_door_keys import follow, gets, signed_as
from tests.inbox.test_handlers import befriended, told
from tests.peers.actors import PeerActor
from tests.peers.cavage import Message
from tests.standing import INBOXES, Company

MANY = 60
"""Fewer than the connections that one address may have."""


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by the key's id with every signature that is computed."""
    done: list[str] = []
    real = PublicKey.verify

    def counted(self: PublicKey, signature: bytes, *messages: bytes) -> None:
        done.append(self.id)
        real(self, signature, *messages)

    monkeypatch.setattr(PublicKey, "verify", counted)
    return done


def forged(company: Company, rosa: PeerActor, inbox: str) -> Message:
    """Return a Follow that says it is signed by Rosa and is not."""
    message = company.home.message(follow(company.good, rosa), inbox)
    return company.good.sign(message, actor=replace(rosa, generation=2))


@pytest.mark.parametrize("inbox", INBOXES)
async def test_many_bad_signatures_cost_one_computation_each_and_one_question_in_all_t31(
    company: Company, inbox: str, verified: list[str]
) -> None:
    """And pages are served meanwhile."""
    rosa = await introduce(company, company.good, "rosa")
    asked, verified[:] = len(gets(company.good)), []
    messages = [forged(company, rosa, inbox) for _ in range(MANY)]

    bad = [company.good.send(message) for message in messages]
    pages = [company.home.get("/sign-in", accept="text/html") for _ in range(10)]
    answers = await asyncio.gather(*bad, *pages)

    assert [answer.status for answer in answers] == [401] * MANY + [200] * 10
    assert len(verified) <= MANY + 1
    assert len(gets(company.good)) - asked <= 1
    assert await ReceivedActivity.all().count() == 1
    assert (await company.home.post(company.good, follow(company.good, rosa), rosa, inbox)).status == 202


@pytest.mark.parametrize("inbox", INBOXES)
async def test_what_can_be_seen_without_computing_is_refused_before_it_t31(
    company: Company, inbox: str, verified: list[str]
) -> None:
    """T-02, T-05, T-13: half signed, another body, too old, for another host: no signature is computed at all."""
    rosa = await introduce(company, company.good, "rosa")
    message = company.home.message(follow(company.good, rosa), inbox)
    good = company.good.sign(message, actor=rosa)
    verified[:] = []
    company.home.clock.advance(2 * 3600)
    fresh = company.good.sign(message, actor=rosa)
    changed = [
        good,
        replace(fresh, body=fresh.body + b" "),
        replace(fresh, headers={name: value for name, value in fresh.headers.items() if name != "digest"}),
        replace(fresh, headers=dict(fresh.headers) | {"signature": 'keyId="nobody",signature="AAAA"'}),
    ]

    statuses = [(await company.good.send(each)).status for each in changed]

    assert {401} == set(statuses)
    assert verified == []
    assert await ReceivedActivity.all().count() == 1


@pytest.mark.parametrize("inbox", INBOXES)
async def test_ten_thousand_names_below_a_wildcard_make_us_ask_nobody_v_m17(company: Company, inbox: str) -> None:
    """One post that mentions them all, is addressed to many and has pictures with them: nobody is asked anything."""
    rosa = await befriended(company)
    everybody = [f"http://a{number}.evil.test/u" for number in range(10_000)]
    tags = [{"type": "Mention", "href": uri} for uri in everybody]
    note = company.good.note(rosa, "<p>Hello</p>", cc=everybody[:500]) | {"tag": tags, "attachment": [
        {"type": "Image", "url": f"{uri}.png"} for uri in everybody[:200]
    ]}  # fmt: skip
    asked, hosts = len(company.good.requests), await Host.all().count()

    assert await told(company, company.good, company.good.activity("Create", rosa, note), rosa, inbox) == "done"

    assert await Post.filter(uri=note["id"]).count() == 1
    assert (len(company.good.requests), company.evil.requests) == (asked, [])
    assert await Host.all().count() == hosts
    assert await Actor.filter(host__endswith=".evil.test").count() == 0
    assert await Job.filter(key__contains="evil.test").count() == 0
    assert await Delivery.filter(host__endswith="evil.test").count() == 0


def test_a_host_is_one_whatever_port_its_people_claim_v_f10() -> None:
    """Breakers, budgets and rows are by host: a port of one's own is refused, the usual one is dropped."""
    for port in (1, 80, 444, 8080, 8443, 65535, 65536):
        with pytest.raises(Malformed):
            canonical_uri(f"https://evil.test:{port}/users/x")

    assert host_of(canonical_uri("https://evil.test:443/users/x")) == "evil.test"


async def test_rows_of_hosts_are_as_many_as_hosts_v_f10(
    company: Company,
) -> None:
    for number in range(3):
        await introduce(company, company.evil, f"eve{number}")

    assert await Host.filter(name="evil.test").count() == 1
    assert await Host.all().count() == len(set(await Actor.filter(is_local=False).values_list("host", flat=True)))


@pytest.mark.parametrize("inbox", INBOXES)
async def test_failed_lookups_are_forgotten_after_five_minutes_t102(company: Company, inbox: str) -> None:
    """V-F10: the rows about keys that nobody has go with the next cleaning."""
    eve = company.evil.actor("eve")
    for number in range(30):
        key = f"{company.evil.base}/users/nobody{number}#main-key"
        assert (await company.evil.send(signed_as(company, company.evil, eve, key, inbox))).status == 401
    assert await FailedLookup.all().count() == 30

    company.home.clock.advance(301)
    await lookups.sweep(now=company.home.now)

    assert await FailedLookup.all().count() == 0
