"""What is read elsewhere counts only under its own address, for every purpose. V-M08, V-O04, V-S01, V-P03, V-W01.

One evil document at a time says it is Rosa of good.test, or stands where Rosa's should; whatever it is read for, Rosa's
row and keys stay as they are, and nothing of hers is made.
"""

from typing import Any

import pytest
from aiohttp import web

from inbox.models import ReceivedActivity
from node.community import errands
from node.community.errands import Errand
from node.models import Actor, ActorKey, Job, Member, Post
from tests.inbox.strangers import introduce
from tests.inbox.test_door_keys import Answering, documents, gets
from tests.inbox.test_handlers import befriended, told
from tests.peers import cavage
from tests.peers.actors import PeerActor
from tests.peers.keys import pem_of
from tests.peers.values import ACTIVITY_TYPE
from tests.standing import BASE, INBOXES, Company

Json = dict[str, Any]
Rows = list[dict[str, Any]]


def leading(location: str) -> Answering:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"location": location})

    return answer


def jrd(subject: str, actor: str) -> Answering:
    async def answer(_request: web.Request) -> web.StreamResponse:
        links = [{"rel": "self", "type": ACTIVITY_TYPE, "href": actor}]
        return web.json_response({"subject": subject, "links": links}, content_type="application/jrd+json")

    return answer


def false_rosa(company: Company, rosa: PeerActor, eve: PeerActor) -> Json:
    """Return Rosa's document with Eve's key, inbox and name in it."""
    key = {"id": rosa.key_id, "owner": rosa.uri, "publicKeyPem": pem_of(eve.rsa)}
    return rosa.document() | {"name": "Not Rosa", "publicKey": key, "inbox": f"{company.evil.base}/inbox"}


async def rosa_s_rows(rosa: PeerActor) -> tuple[Rows, Rows]:
    """Return all that is known of Rosa and her keys, but for when she was read last."""
    actors = await Actor.filter(uri=rosa.uri).values()
    keys = await ActorKey.filter(actor__uri=rosa.uri).values("key_id", "public", "retired_at")
    return [
        {name: value for name, value in row.items() if name not in ("fetched_at", "updated_at")} for row in actors
    ], keys


PURPOSES = (Errand.ACTOR, Errand.OBJECT, Errand.KEY, Errand.FOLLOW, Errand.HANDLE)


async def sent_out(company: Company, purpose: Errand, path: str) -> str:
    """Send an errand to evil.test; return how it ended."""
    subject = "@x@evil.test" if purpose is Errand.HANDLE else f"{company.evil.base}{path}"
    member = await Member.get(actor__local_name="amina")
    await errands.ask(purpose, subject, now=company.home.now, payload={"member_id": member.id})
    await company.home.work()
    job = await Job.filter(kind=errands.KIND).order_by("-id").first()
    assert job is not None
    return f"{job.state.value}: {job.reason}"


@pytest.mark.parametrize("purpose", PURPOSES)
async def test_an_actor_who_says_it_is_somebody_of_another_server_is_nobody_v_m08(
    company: Company, purpose: Errand
) -> None:
    """V-O04: read at evil.test, or at an upload on it, it says `id: good.test/users/rosa`."""
    rosa, eve = await introduce(company, company.good, "rosa"), company.evil.actor("eve")
    before, asked = await rosa_s_rows(rosa), len(gets(company.good))
    company.evil.handlers["/x"] = documents(false_rosa(company, rosa, eve))
    company.evil.handlers["/.well-known/webfinger"] = jrd("acct:x@evil.test", f"{company.evil.base}/x")

    outcome = await sent_out(company, purpose, "/x")

    assert (outcome.startswith("dead: "), "/x" in gets(company.evil)) == (True, True), outcome
    assert await rosa_s_rows(rosa) == before
    assert await Actor.filter(host="evil.test").count() == 0
    assert len(gets(company.good)) - asked <= 1, "at most one look at where it says it is"
    assert company.evil.received == []


@pytest.mark.parametrize("purpose", [Errand.ACTOR, Errand.OBJECT, Errand.KEY])
async def test_an_address_that_leads_to_another_server_is_not_that_actor_v_p03(
    company: Company, purpose: Errand
) -> None:
    """V-F18, V-K01: from Rosa's address to Eve's document, with Rosa's id or her own."""
    rosa, eve = await introduce(company, company.good, "rosa"), company.evil.actor("eve")
    before = await rosa_s_rows(rosa)
    for document in (false_rosa(company, rosa, eve), eve.document()):
        company.evil.handlers["/x"] = documents(document)
        company.good.handlers["/users/rosa"] = leading(f"{company.evil.base}/x")
        subject = rosa.key_id if purpose is Errand.KEY else rosa.uri
        await errands.ask(purpose, subject, now=company.home.now)
        await company.home.work()
        await Job.filter(kind=errands.KIND).delete()

    assert await rosa_s_rows(rosa) == before
    assert "/x" not in gets(company.evil), "not even asked"


async def test_a_post_that_now_leads_elsewhere_stays_as_it_was_v_p03(company: Company) -> None:
    """Read again after an Update that only names it: the old copy is kept, under its author."""
    rosa, eve = await befriended(company), company.evil.actor("eve")
    note = company.good.note(rosa, "<p>True</p>")
    assert await told(company, company.good, company.good.activity("Create", rosa, note), rosa) == "done"
    before = await Post.filter(uri=note["id"]).values()
    forged = company.evil.note(eve, "<p>Forged</p>", updated="2026-03-01T12:30:00Z")
    company.home.clock.advance(3600)

    for document in (forged, dict(forged) | {"id": note["id"], "attributedTo": rosa.uri}):
        company.evil.handlers["/x"] = documents(document)
        company.good.handlers[company.good.path_of(str(note["id"]))] = leading(f"{company.evil.base}/x")
        for inbox in INBOXES:
            await told(company, company.good, company.good.activity("Update", rosa, note["id"]), rosa, inbox)

    assert await Post.filter(uri=note["id"]).values() == before
    assert await Post.filter(is_local=False).count() == 1
    assert "/x" not in gets(company.evil)


@pytest.mark.parametrize("inbox", INBOXES)
async def test_the_host_of_the_key_is_that_of_the_actor_v_s01_v_w01(company: Company, inbox: str) -> None:
    """V-F03: a key of evil.test speaks for nobody of good.test, whatever either document says, nor the other way."""
    rosa, eve = company.good.actor("rosa"), company.evil.actor("eve")
    strange = f"{company.evil.base}/keys/1"
    rosa.extra["publicKey"] = [rosa.key_document(), {"id": strange, "owner": rosa.uri, "publicKeyPem": pem_of(eve.rsa)}]
    company.evil.handlers["/keys/1"] = documents({"id": strange, "owner": rosa.uri, "publicKeyPem": pem_of(eve.rsa)})
    message = company.home.message(company.good.activity("Follow", rosa, f"{BASE}/ap/g/practices"), inbox)
    style = company.evil.flavour.style

    for key_id in (strange, eve.key_id, f"{eve.uri}#{rosa.key_id}", rosa.key_id, f"{rosa.uri}@evil.test#main-key"):
        forged = cavage.signed(message, eve.rsa, key_id=key_id, when=company.home.now, style=style)
        assert (await company.evil.send(forged)).status == 401, key_id

    assert await ReceivedActivity.all().count() == 0
    assert await ActorKey.filter(key_id=strange).count() == 0


@pytest.mark.parametrize("inbox", INBOXES)
async def test_nothing_at_our_own_address_is_taken_from_others_or_read_by_us_v_k02(
    company: Company, inbox: str
) -> None:
    """V-L06: an upload of ours, a post of ours, an actor of ours: as object, whole or named, or passed on."""
    rosa = await befriended(company)
    asked = len(company.good.requests)
    before = await Post.all().count()

    for path in ("/media/aa/abc.webp", "/ap/n/nothing", "/ap/u/amina", "/ap/u/nobody", "/"):
        ours = BASE + path
        note = company.good.note(rosa, "<p>x</p>")
        for said in (
            company.good.activity("Create", rosa, note | {"id": ours}),
            company.good.activity("Create", rosa, ours),
            company.good.activity("Update", rosa, note | {"id": ours, "attributedTo": BASE + "/ap/u/amina"}),
            company.good.activity("Announce", rosa, ours),
            company.good.activity("Announce", rosa, note | {"id": ours}),
        ):
            outcome = await told(company, company.good, said, rosa, inbox)
            assert outcome.startswith("ignored"), (path, said["type"], outcome)

    assert await Post.all().count() == before
    assert len(company.good.requests) == asked
    assert await Job.filter(key__contains=BASE, kind=errands.KIND).count() == 0
