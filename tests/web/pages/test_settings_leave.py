"""Leaving for good: nothing without the tick and a fresh proof, then everything. T-58, A-14, V-K13."""

from node.community import members
from node.community.kinds import MemberState, Role
from node.models import JournalEntry, Member, Session
from tests.web.building import PASSWORD, Building

PATH = "/settings/leave"
QUARTER = 15 * 60


async def test_without_the_tick_nothing_happens(building: Building) -> None:
    visitor = await building.signed_in()

    page = await visitor.send(await visitor.get(PATH), PATH)

    assert (page.status, "Tick this if you are sure." in page.shown()) == (422, True)
    assert (await Member.get()).state is MemberState.ACTIVE


async def test_without_a_fresh_proof_the_password_is_asked_for_a14(building: Building) -> None:
    visitor = await building.signed_in()
    form = await visitor.get(PATH)
    building.clock.advance(QUARTER + 1)

    asked = await visitor.send(form, PATH, sure="1")
    wrong = await visitor.send(asked, "/confirm", password="not the one")
    before = (await Member.get()).state
    thanks = await visitor.send(wrong, "/confirm", password=PASSWORD)
    done = await visitor.send(thanks, PATH)

    assert [page.status for page in (asked, wrong, thanks, done)] == [403, 422, 200, 303]
    assert (before, (await Member.get()).state) == (MemberState.ACTIVE, MemberState.LEFT)


async def test_the_only_steward_is_told_what_to_do_first(building: Building) -> None:
    visitor = await building.signed_in("sefa", Role.STEWARD)

    page = await visitor.send(await visitor.get(PATH), PATH, sure="1")

    assert (page.status, "You are the only steward." in page.shown()) == (422, True)
    assert (await Member.get()).state is MemberState.ACTIVE


async def test_who_leaves_is_signed_out_everywhere_and_not_found_any_more(building: Building) -> None:
    visitor, other = await building.signed_in(), building.visitor()
    await other.send(await other.get("/sign-in"), "/sign-in", name="anna", password=PASSWORD)

    page = await visitor.send(await visitor.get(PATH), PATH, sure="1")
    landed = await visitor.get("/about")

    assert (page.status, page.header("location")) == (303, "/")
    assert "Your account is closed." in landed.shown()
    assert [(await each.get("/settings")).status for each in (visitor, other)] == [401, 401]
    assert (await visitor.get("/@anna")).status == 410
    assert (await Session.all(), await members.sign_in("anna", PASSWORD)) == ([], None)
    assert await JournalEntry.filter(fact="ActorLeft").count() == 1


async def test_the_page_says_what_goes_and_what_stays(building: Building) -> None:
    page = await (await building.signed_in()).get(PATH)

    assert "@anna@home.example" in page.shown()
    assert [heading.text_content() for heading in page.document.xpath("//h2")] == ["What goes, at once", "What stays"]
    assert PATH in (await (await building.signed_in("tui")).get("/settings")).text
