"""Looking for more of a thread: a button, a page that waits, and nothing read in the request. T-36, V-M25."""

from node.community.errands import KIND
from node.models import Job
from tests.web.building import PASSWORD
from tests.web.pages.conftest import Inhabited


async def test_what_is_not_held_is_not_looked_for(inhabited: Inhabited) -> None:
    visitor = await inhabited.building.signed_in("tui")
    token = (await visitor.get("/write")).form("/write")["form_token"]

    answer = await visitor.post("/more-answers", {"form_token": token, "uri": "https://far.example/unheard"})

    assert answer.status == 404
    assert not await Job.exists(kind=KIND, key="thread https://far.example/unheard")


async def test_a_visitor_has_no_such_button(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get(f"/posts/{inhabited.village.post}")

    assert "/more-answers" not in page.text


async def test_the_button_asks_and_leads_to_a_page_that_waits_and_back(inhabited: Inhabited) -> None:
    building = inhabited.building
    visitor = building.visitor()
    await visitor.send(await visitor.get("/sign-in"), "/sign-in", name="anna", password=PASSWORD)
    page = await visitor.get(f"/thread?uri={inhabited.village.reply_uri}")

    asked = await visitor.send(page, "/more-answers")
    waiting = await visitor.get(str(asked.header("location")))
    job = await Job.get(kind=KIND, key=f"thread {inhabited.village.reply_uri}")
    await Job.filter(id=job.id).update(state="done", reason="2 more were read", ended_at=building.clock.now())
    back = await visitor.get(str(asked.header("location")))
    again = await visitor.send(page, "/more-answers")

    assert (asked.status, waiting.status, back.status) == (303, 200, 303)
    assert str(back.header("location")).startswith("/thread?uri=")
    assert again.header("location") == asked.header("location")
    assert (await Job.get(id=job.id)).state == "done", "nobody looks twice in a quarter of an hour"
