"""Waiting for something on another server: tickets, reload, onward. V-M25."""

from node.community import errands
from node.community.errands import Errand
from node.database import atomic
from node.models import Job, JobState
from tests.web.building import Building
from web.pages.looking_up import ticket_of


async def test_nobody_reads_an_errand_by_counting_v_m25(building: Building) -> None:
    job = await errands.ask(Errand.HANDLE, "@lani@far.example", now=building.clock.now())
    visitor = building.visitor()

    answers = [(await visitor.get(f"/looking-up/{ticket}")).status for ticket in (f"{job.id}", f"{job.id}-{'0' * 32}")]

    assert answers == [404, 404]


async def test_a_waiting_page_looks_again_by_itself(building: Building) -> None:
    ticket = await _ticket(building)

    page = await building.visitor().get(f"/looking-up/{ticket}")

    assert (page.status, page.header("refresh"), "@lani@far.example" in page.shown()) == (200, "2", True)


async def test_a_failed_errand_says_so_and_reloads_no_more(building: Building) -> None:
    ticket = await _ticket(building)
    await _end(JobState.DEAD, "unreachable: 10.0.0.7 refused")

    page = await building.visitor().get(f"/looking-up/{ticket}")

    assert (page.status, page.header("refresh")) == (200, None)
    assert "It was not found" in page.shown()
    assert "10.0.0.7" not in page.text


async def test_a_done_errand_leads_to_our_own_page_and_nowhere_else_t54(building: Building) -> None:
    ticket = await _ticket(building)
    await _end(JobState.DONE, "https://far.example/users/lani")
    visitor = building.visitor()

    places = [
        (await visitor.get(f"/looking-up/{ticket}?then={then}")).header("location")
        for then in ("/following", "https://evil.example/", "//evil.example")
    ]

    assert places == ["/following", "/search", "/search"]


async def test_what_was_found_is_shown_on_its_page(building: Building) -> None:
    member = await building.member("anna")
    ticket = await _ticket(building)
    await _end(JobState.DONE, member.actor.uri)

    page = await building.visitor().get(f"/looking-up/{ticket}")

    assert page.header("location") == "/@anna"


async def _ticket(building: Building) -> str:
    job = await errands.ask(Errand.HANDLE, "@lani@far.example", now=building.clock.now())
    async with building.app.app_context():
        return ticket_of(job.id)


async def _end(state: JobState, reason: str) -> None:
    async with atomic():
        await Job.all().update(state=state, reason=reason)
