"""Block and its Undo from other servers: only for oneself, once, and never against a third."""

import pytest

from node.community import avoidances, follows
from node.models import Actor, Avoidance, AvoidanceKind, Follow
from tests.inbox.strangers import introduce, our_post
from tests.inbox.test_handlers import befriended, told
from tests.peers.actors import PeerActor
from tests.peers.cavage import Message
from tests.peers.peer import Peer
from tests.peers.values import ACTIVITY_TYPE
from tests.standing import INBOXES, Company


@pytest.mark.parametrize("inbox", INBOXES)
async def test_nobody_blocks_in_another_s_name(company: Company, inbox: str) -> None:
    """V-G01: the signer is not the actor."""
    rosa = await befriended(company)
    eve = await introduce(company, company.evil, "eve")
    forged = company.good.activity("Block", rosa, company.home.amina.actor.uri)

    answer = await company.home.post(company.evil, forged, eve, inbox)

    assert answer.status == 401
    assert await Follow.all().count() == 1
    assert await Avoidance.all().count() == 0


async def test_a_block_of_somebody_elsewhere_is_none_of_our_business(company: Company) -> None:
    rosa = await introduce(company, company.good, "rosa")
    eve = await introduce(company, company.evil, "eve")

    for target in (eve.uri, "http://home.test/ap/u/nobody", None):
        block = company.good.activity("Block", rosa, target)
        assert (await told(company, company.good, block, rosa)).startswith("ignored")

    assert await Avoidance.all().count() == 0


async def test_a_block_ends_follows_and_only_its_maker_takes_it_back(company: Company) -> None:
    """T-19, V-G01."""
    amina = company.home.amina.actor
    rosa = await befriended(company)
    eve = await introduce(company, company.evil, "eve")
    block = company.good.activity("Block", rosa, amina.uri)
    assert await told(company, company.good, block, rosa) == "done"
    assert await Follow.all().count() == 0
    again = company.good.activity("Block", rosa, amina.uri)
    assert await told(company, company.good, again, rosa) == "ignored: that was so before"

    for undone in (block, block["id"], {"type": "Block", "actor": rosa.uri, "object": amina.uri}):
        undo = company.evil.activity("Undo", eve, undone)
        assert (await told(company, company.evil, undo, eve)).startswith("ignored")
    assert await Avoidance.all().count() == 1

    undo = company.good.activity("Undo", rosa, {"type": "Block", "actor": rosa.uri, "object": amina.uri})
    assert await told(company, company.good, undo, rosa) == "done"
    assert await Avoidance.all().count() == 0
    await follows.ask(amina, await Actor.get(uri=rosa.uri), now=company.home.now)


@pytest.mark.parametrize("by", ["them", "us", "our_server_block"])
async def test_whoever_is_apart_does_not_read_by_their_own_signature(company: Company, by: str) -> None:
    """V-G02: by the actor and by its host; others read as before."""
    home = company.home
    post = await our_post(company)
    rosa, otto = await introduce(company, company.good, "rosa"), await introduce(company, company.evil, "otto")

    async def read(peer: Peer, who: PeerActor) -> int:
        message = Message("GET", post.uri, {"accept": ACTIVITY_TYPE})
        return (await peer.send(peer.sign(message, actor=who))).status

    assert await read(company.good, rosa) == 200
    if by == "them":
        await told(company, company.good, company.good.activity("Block", rosa, home.amina.actor.uri), rosa)
    else:
        subject = rosa.uri if by == "us" else "good.test"
        await avoidances.avoid(subject, AvoidanceKind.BLOCK, by=home.amina, now=home.now)

    assert (await read(company.good, rosa), await read(company.evil, otto)) == (404, 200)
