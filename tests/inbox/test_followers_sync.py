"""Followers synchronisation with other servers: ours told to nobody else, theirs believed about themselves alone."""

import pytest

from federation.followers_sync import digest_of, header_of
from node.community import follows
from node.models import Actor, Follow, FollowState, Job
from tests.inbox.strangers import introduce, our_post
from tests.inbox.test_door_keys import documents
from tests.inbox.test_handlers import befriended
from tests.outbox.test_recipients import say
from tests.peers.actors import Json, PeerActor
from tests.peers.cavage import Message, Style, signed
from tests.peers.peer import Peer
from tests.peers.values import ACTIVITY_TYPE, Reply
from tests.standing import BASE, Company

AMINA, BELA = f"{BASE}/ap/u/amina", f"{BASE}/ap/u/bela_one"
COVERING = Style(post="(request-target) host date digest content-type collection-synchronization")
PATH = "/ap/u/amina/followers_synchronization"


async def counted(company: Company, peer: Peer, who: PeerActor, *listed: str, digest: str = "", **more: object) -> None:
    """Let a server bring something with a header that says who of ours follows `who`."""
    await Actor.filter(uri=who.uri).update(followers_uri=f"{who.uri}/followers")
    url = f"{who.uri}/sync"
    serve(peer, who, {"orderedItems": list(listed)} | more)
    header = header_of(f"{who.uri}/followers", url, digest or digest_of(listed))
    await bring(company, peer, who, header)


def serve(peer: Peer, who: PeerActor, members: Json) -> None:
    url = f"{who.uri}/sync"
    head: Json = {"@context": "https://www.w3.org/ns/activitystreams", "id": url, "type": "OrderedCollection"}
    peer.handlers[f"/users/{who.name}/sync"] = documents(head | members)


async def bring(company: Company, peer: Peer, who: PeerActor, header: str, *, is_signed: bool = True) -> None:
    message = company.home.message(peer.activity("Like", who, BASE))
    headers = dict(message.headers) | {"collection-synchronization": header}
    with_header = Message("POST", message.url, headers, message.body)
    style = COVERING if is_signed else Style()
    sent = signed(with_header, who.rsa, key_id=who.key_id, when=company.home.now, style=style)
    assert (await peer.send(sent)).status == 202
    await company.home.work()


async def outcome(who: PeerActor) -> tuple[str, str] | None:
    job = await Job.get_or_none(kind="fetch", key=f"followers {who.uri}")
    return (job.state.value, job.reason) if job else None


async def test_what_the_signature_does_not_cover_or_nobody_can_read_is_passed_over(company: Company) -> None:
    rosa = await befriended(company)
    await Actor.filter(uri=rosa.uri).update(followers_uri=f"{rosa.uri}/followers")
    good = header_of(f"{rosa.uri}/followers", f"{rosa.uri}/sync", "0" * 64)

    await bring(company, company.good, rosa, good, is_signed=False)
    for broken in ("nonsense", "x" * 500, good.replace(f"{rosa.uri}/sync", f"{company.evil.base}/sync")):
        await bring(company, company.good, rosa, broken)

    assert await outcome(rosa) is None
    assert await Follow.filter(state=FollowState.ACCEPTED).count() == 1


async def test_nobody_counts_the_followers_of_another(company: Company) -> None:
    """T-19: the collection has to be the speaker's own."""
    rosa, eve = await befriended(company), await introduce(company, company.evil, "eve")
    await Actor.filter(uri=rosa.uri).update(followers_uri=f"{rosa.uri}/followers")
    forged = header_of(f"{rosa.uri}/followers", f"{company.good.base}/users/rosa/sync", "0" * 64)

    await bring(company, company.evil, eve, forged)

    assert (await outcome(rosa), await outcome(eve)) == (None, None)


async def test_a_list_that_is_not_what_was_announced_changes_nothing(company: Company) -> None:
    rosa = await befriended(company)

    await counted(company, company.good, rosa, digest="1" * 64)

    assert await outcome(rosa) == ("done", "the list is not the one that was announced")
    assert await Follow.all().count() == 1


async def test_a_list_without_end_is_given_up(company: Company) -> None:
    """V-P01: ten pages, and none twice."""
    rosa = await befriended(company)

    await counted(company, company.good, rosa, next=f"{rosa.uri}/sync")

    assert await outcome(rosa) == ("dead", "a collection that runs in a circle")
    assert await Follow.all().count() == 1


async def test_follows_are_put_right_both_ways_and_not_more_than_once_an_hour(company: Company) -> None:
    home = company.home
    rosa = await befriended(company)
    bela = await home.member("bela_one")
    await counted(company, company.good, rosa, AMINA)
    assert await outcome(rosa) is None, "the digest fits: nothing is read"

    await counted(company, company.good, rosa, BELA, f"{BASE}/ap/u/nobody", f"{company.evil.base}/users/eve")
    assert await outcome(rosa) == ("done", "the list is not the one that was announced")
    home.clock.advance(3600)
    await counted(company, company.good, rosa, BELA)
    assert await outcome(rosa) == ("done", "1 follows ended here, 1 taken back there")
    assert await Follow.all().count() == 0
    undos = company.good.of_type("Undo")
    assert [(entry.activity["actor"], entry.activity["object"]["object"]) for entry in undos] == [(BELA, rosa.uri)]

    row = await follows.ask(bela.actor, await Actor.get(uri=rosa.uri), now=home.now)
    home.clock.advance(3600)
    await counted(company, company.good, rosa, BELA)
    await row.refresh_from_db()
    assert row.state is FollowState.ACCEPTED


async def test_we_tell_a_server_about_its_own_people_alone(company: Company) -> None:
    """T-87: unsigned and unknown 401; each server learns only of its own."""
    home = company.home
    await our_post(company)
    rosa, otto = await introduce(company, company.good, "rosa"), await introduce(company, company.evil, "otto")
    for peer, who in ((company.good, rosa), (company.evil, otto)):
        await home.post(peer, peer.activity("Follow", who, AMINA), who)
    await home.work()

    async def ask(peer: Peer, who: PeerActor) -> Reply:
        message = Message("GET", BASE + PATH, {"accept": ACTIVITY_TYPE})
        return await peer.send(peer.sign(message, actor=who))

    assert (await home.get(PATH)).status == 401
    assert (await ask(company.third, company.third.actor("unknown"))).status == 401
    answer = await ask(company.good, rosa)
    assert (answer.status, answer.json()["orderedItems"]) == (200, [rosa.uri])
    assert answer.headers["cache-control"] == "private, no-store"
    assert (await ask(company.evil, otto)).json()["orderedItems"] == [otto.uri]


@pytest.mark.parametrize("which", ["good", "third"])
async def test_a_delivery_says_which_of_its_people_follow_us_once_in_a_while(company: Company, which: str) -> None:
    """Signed with the rest, with both schemes."""
    home = company.home
    peer: Peer = getattr(company, which)
    rosa = await introduce(company, peer, "rosa")
    await home.post(peer, peer.activity("Follow", rosa, AMINA), rosa)
    await home.work()
    home.clock.advance(601)
    await say(home, "One")
    await home.work()
    await say(home, "Two")
    await home.work()

    first, second = peer.of_type("Create")
    wanted = header_of(f"{AMINA}/followers", BASE + PATH, digest_of([rosa.uri]))
    assert first.headers["collection-synchronization"] == wanted
    assert "collection-synchronization" not in second.headers
