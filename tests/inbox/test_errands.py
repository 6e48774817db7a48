"""Errands: what is read elsewhere because somebody here asked, or because the node has to know. T-36."""

import asyncio

import pytest
from aiohttp import web

from inbox import errands as runner
from inbox import worker
from node.community import errands
from node.community.errands import Errand
from node.models import Actor, ActorState, Follow, Host, Job
from tests.inbox.test_door_identity import introduce
from tests.inbox.test_door_keys import always, gets, never
from tests.standing import Company


async def carried_out(company: Company, errand: Errand, subject: str, **payload: object) -> tuple[str, str]:
    """Ask for something and return state and reason of the job."""
    job = await errands.ask(errand, subject, now=company.home.now, payload=payload)
    await company.home.work()
    await job.refresh_from_db()
    return job.state.value, job.reason


async def test_a_handle_is_found_by_webfinger_and_remembered(company: Company) -> None:
    rosa = company.good.actor("rosa")

    assert await carried_out(company, Errand.HANDLE, "@rosa@good.test") == ("done", rosa.uri)

    assert (await Actor.get(uri=rosa.uri)).name == "rosa"
    assert gets(company.good)[0].startswith("/.well-known/webfinger?resource=acct")


async def test_a_handle_that_nobody_has_is_given_up_with_its_reason(company: Company) -> None:
    state, reason = await carried_out(company, Errand.HANDLE, "@nobody@good.test")

    assert (state, reason) == ("dead", "good.test answered 404")


async def test_a_handle_of_another_server_s_actor_is_not_believed(company: Company) -> None:
    """V-K03: evil.test says that bob@evil.test is Rosa of good.test, whose server knows no such address."""
    rosa = company.good.actor("rosa")

    async def lying(_request: web.Request) -> web.StreamResponse:
        link = {"rel": "self", "type": "application/activity+json", "href": rosa.uri}
        return web.json_response({"subject": "acct:rosa@evil.test", "links": [link]})

    company.evil.handlers["/.well-known/webfinger"] = lying

    assert await carried_out(company, Errand.HANDLE, "@rosa@evil.test") == (
        "dead",
        f"@rosa@evil.test names {rosa.uri}, which does not know that address",
    )


async def test_an_address_on_another_domain_than_its_actor_is_found_if_both_say_so(company: Company) -> None:
    """Split domains: people are @rosa@evil.test, their server is good.test."""
    rosa = company.good.actor("rosa")
    link = {"rel": "self", "type": "application/activity+json", "href": rosa.uri}

    async def both(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"subject": "acct:rosa@evil.test", "links": [link]})

    for peer in (company.evil, company.good):
        peer.handlers["/.well-known/webfinger"] = both

    assert await carried_out(company, Errand.HANDLE, "@rosa@evil.test") == ("done", rosa.uri)
    assert await carried_out(company, Errand.HANDLE, "@rosa@good.test") == ("done", rosa.uri)


async def test_one_of_ours_follows_by_handle_and_by_uri(company: Company) -> None:
    rosa, otto = company.good.actor("rosa"), company.third.actor("otto")
    member = company.home.amina.id

    assert (await carried_out(company, Errand.FOLLOW, "@rosa@good.test", member_id=member))[0] == "done"
    assert (await carried_out(company, Errand.FOLLOW, otto.uri, member_id=member))[0] == "done"

    await company.home.work()
    assert await Follow.filter(state="pending").count() == 2
    for peer in (company.good, company.third):
        assert [entry.activity["type"] for entry in peer.received] == ["Follow"]
    assert rosa.uri != otto.uri


async def test_a_follow_of_somebody_deleted_is_given_up_and_stops_no_other_errand(company: Company) -> None:
    """What the community refuses is a reason, not a crash."""
    rosa = await introduce(company, company.good, "rosa")
    await Actor.filter(uri=rosa.uri).update(state=ActorState.GONE)
    gone = await errands.ask(Errand.ACTOR, rosa.uri, now=company.home.now)
    otto = company.third.actor("otto")

    assert (await carried_out(company, Errand.HANDLE, "@otto@third.test")) == ("done", otto.uri)

    await gone.refresh_from_db()
    assert gone.state == "dead"
    assert "deleted" in gone.reason


async def test_an_actor_that_is_gone_takes_its_doings_along(company: Company) -> None:
    rosa = await introduce(company, company.good, "rosa")
    company.good.handlers["/users/rosa"] = always(410)

    assert await carried_out(company, Errand.ACTOR, rosa.uri) == ("done", f"{rosa.uri} is gone")

    assert (await Actor.get(uri=rosa.uri)).state is ActorState.GONE


async def test_a_server_s_software_is_read_once_and_what_is_of_our_kind_is_noticed(company: Company) -> None:
    assert await carried_out(company, Errand.NODEINFO, "good.test") == ("done", "mastodon 4.5.3")

    host = await Host.get(name="good.test")
    assert (host.software, host.software_version, host.is_talanoa) == ("mastodon", "4.5.3", False)


async def test_a_visitor_s_own_server_tells_where_it_follows(company: Company) -> None:
    company.good.actor("rosa")
    job = await errands.ask(Errand.REMOTE, "@rosa@good.test", now=company.home.now)
    await company.home.work()

    awaited = await errands.awaited(job.id)

    assert (awaited.is_over, awaited.has_failed) == (True, False)
    assert awaited.answer["subscribe"] == "http://good.test/authorize_interaction?uri={uri}"


async def test_a_host_that_is_kept_out_is_not_asked(company: Company) -> None:
    """T-86: no WebFinger, no NodeInfo, no actor."""
    await company.home.decide("T0", "evil.test")
    eve = company.evil.actor("eve")

    for errand, subject in (
        (Errand.HANDLE, "@eve@evil.test"),
        (Errand.ACTOR, eve.uri),
        (Errand.OBJECT, f"{company.evil.base}/notes/1"),
        (Errand.KEY, eve.key_id),
        (Errand.NODEINFO, "evil.test"),
        (Errand.REMOTE, "@eve@evil.test"),
    ):
        assert (await carried_out(company, errand, subject))[0] == "dead"
    assert company.evil.requests == []


async def test_a_server_that_hangs_delays_no_other_errand(company: Company) -> None:
    """A visitor waits in front of a page for each of them."""
    company.evil.actor("eve")
    company.evil.handlers["/.well-known/webfinger"] = never
    otto = company.third.actor("otto")
    for number in range(3):
        await errands.ask(Errand.HANDLE, f"@eve{number}@evil.test", now=company.home.now)
    quick = await errands.ask(Errand.HANDLE, "@otto@third.test", now=company.home.now)

    bench = company.home.node.bench
    await runner.step(bench)
    async with asyncio.timeout(5):
        while await Job.filter(id=quick.id, state="pending").exists():
            await asyncio.wait(bench.reading, timeout=0.05, return_when=asyncio.FIRST_COMPLETED)

    assert len(bench.reading) == 3
    assert await Actor.exists(uri=otto.uri)
    for task in list(bench.reading):
        task.cancel()
    await worker.settle(bench)


async def test_what_fails_unforeseen_is_tried_again_and_named(
    company: Company, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_args: object, **_named: object) -> str:
        raise RuntimeError("broken")

    monkeypatch.setattr(runner, "_nodeinfo", broken)
    assert await carried_out(company, Errand.NODEINFO, "good.test") == ("pending", "RuntimeError: broken")
    assert "failed in this house" in caplog.text
    for _ in range(5):
        company.home.clock.advance(700)
        await company.home.work()
    job = await Job.get(kind=errands.KIND)
    assert (job.state, job.attempts) == ("dead", 5)
