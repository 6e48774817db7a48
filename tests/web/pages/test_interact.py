"""The field "your address": no request from here, no redirect away, only a link to the visitor's own server."""

import pytest

from node.community import errands, node_actors
from node.database import atomic
from node.models import Job, JobState
from tests.web.building import Building
from tests.web.visitor import Page, Visitor
from web.pages.interact import Way, way_there

URI = "https://home.example/ap/g/network"
SUBSCRIBE = "https://far.example/authorize_interaction?uri={uri}"


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert(1)//{uri}",
        "http://far.example/?uri={uri}",
        "https://far.example@evil.example/{uri}",
        "https://10.0.0.7/?uri={uri}",
        "//far.example/{uri}",
        "https://localhost/{uri}",
    ],
)
def test_a_template_that_is_no_plain_web_address_is_no_way_v_n02(template: str) -> None:
    assert way_there({"subscribe": template}, "follow", URI, relaxed=False) is None


def test_a_parameter_can_not_break_out_of_its_place() -> None:
    found = way_there({"subscribe": SUBSCRIBE}, "reply", 'https://a.example/"><script>&x=1#y', relaxed=False)

    encoded = "https%3A%2F%2Fa.example%2F%22%3E%3Cscript%3E%26x%3D1%23y"
    assert found == Way(f"https://far.example/authorize_interaction?uri={encoded}", "far.example")


def test_the_template_for_the_very_intent_comes_first() -> None:
    answer = {"subscribe": SUBSCRIBE, "announce": "https://far.example/boost?o={object}"}

    found = way_there(answer, "share", "https://a.example/1", relaxed=False)

    assert found == Way("https://far.example/boost?o=https%3A%2F%2Fa.example%2F1", "far.example")


@pytest.mark.parametrize("address", ["", "you", "@you", "you@", "@you@far.example/evil", "@you@10.0.0.7", "https://x"])
async def test_no_address_no_errand_and_what_was_typed_stays(building: Building, address: str) -> None:
    visitor = await _at_the_network(building)

    page = await _send(visitor, address=address)

    assert (page.status, await Job.all().count()) == (422, 0)
    assert page.form("/interact")["address"] == address


async def test_what_nobody_may_read_can_not_be_asked_for_v_m23(building: Building) -> None:
    visitor = await _at_the_network(building)

    page = await _send(visitor, uri="https://home.example/ap/n/nothing")

    assert (page.status, await Job.all().count()) == (404, 0)


async def test_a_program_that_fills_in_everything_is_not_served(building: Building) -> None:
    visitor = await _at_the_network(building)

    page = await _send(visitor, home_page="https://spam.example")

    assert (page.status, await Job.all().count()) == (422, 0)


async def test_the_visitor_waits_here_and_is_shown_a_link_never_a_redirect_t54(building: Building) -> None:
    visitor = await _at_the_network(building)

    sent = await _send(visitor)
    waiting = await visitor.get(sent.header("location") or "")
    job = await Job.get(kind="fetch")
    await errands.answer(job.id, {"subscribe": SUBSCRIBE})
    async with atomic():
        await Job.all().update(state=JobState.DONE, reason="found")
    onward = await visitor.get(sent.header("location") or "")
    page = await visitor.get(onward.header("location") or "")

    assert job.payload == {"errand": "remote", "subject": "@lani@far.example"}
    assert (sent.status, waiting.status, waiting.header("refresh")) == (303, 200, "2")
    assert (onward.status, page.status) == (303, 200)
    link = page.document.xpath("//main//a[contains(@class, 'button')]")[0]
    assert link.get("href") == (
        "https://far.example/authorize_interaction?uri=https%3A%2F%2Fhome.example%2Fap%2Fg%2Fnetwork"
    )
    assert "far.example" in page.shown()


async def test_a_server_without_a_template_is_done_by_hand(building: Building) -> None:
    visitor = await _at_the_network(building)
    sent = await _send(visitor)
    await errands.answer((await Job.get(kind="fetch")).id, {"address": "@lani@far.example"})
    async with atomic():
        await Job.all().update(state=JobState.DONE, reason="found")

    onward = await visitor.get(sent.header("location") or "")
    page = await visitor.get(onward.header("location") or "")

    assert URI in page.shown()
    assert page.document.xpath("//main//a[contains(@href, 'far.example')]") == []


async def test_a_server_that_does_not_answer_is_done_by_hand_too(building: Building) -> None:
    visitor = await _at_the_network(building)
    sent = await _send(visitor)
    async with atomic():
        await Job.all().update(state=JobState.DEAD, reason="unreachable: 10.0.0.7")

    onward = await visitor.get(sent.header("location") or "")
    page = await visitor.get(onward.header("location") or "")

    assert (page.status, URI in page.shown(), "10.0.0.7" in page.text) == (200, True, False)


async def test_somebody_of_ours_goes_on_here(building: Building) -> None:
    visitor = await _at_the_network(building)

    page = await _send(visitor, address="@anna@home.example")

    assert page.header("location") == "/authorize_interaction?uri=https%3A%2F%2Fhome.example%2Fap%2Fg%2Fnetwork"
    assert await Job.all().count() == 0


async def _at_the_network(building: Building) -> Visitor:
    await node_actors.ensure_node_actors("https://home.example", now=building.clock.now())
    visitor = building.visitor()
    await visitor.get("/sign-in")
    return visitor


async def _send(visitor: Visitor, **typed: str) -> Page:
    token = (await visitor.get("/sign-in")).form("/sign-in")["form_token"]
    fields = {"form_token": token, "uri": URI, "intent": "follow", "address": "@lani@far.example"}
    return await visitor.post("/interact", fields | typed)
