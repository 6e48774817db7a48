"""Coming and going: the page, its errands, and what a moved account shows. A-14."""

from node.models import Actor, Job, Mode
from node.policy import registry
from tests.web.building import PASSWORD
from tests.web.pages.conftest import Inhabited

PATH = "/settings/move"
BERTA = "https://far.example/users/berta"
QUARTER = 15 * 60


async def open_up(inhabited: Inhabited) -> None:
    """Let the node exchange things with everybody."""
    await registry.start(Mode.OPEN, now=inhabited.building.clock.now())
    await inhabited.building.registry.refresh()


async def test_a_misspelt_or_own_address_is_refused(inhabited: Inhabited) -> None:
    visitor = await inhabited.building.signed_in("tui")
    form = await visitor.get(PATH)

    for typed in ("", "lani", "@tui@home.example", "https://home.example/ap/u/tui", "javascript:alert(1)"):
        assert (await visitor.send(form, f"{PATH}/aliases", old=typed)).status == 422
        assert (await visitor.send(form, f"{PATH}/away", new=typed)).status == 422

    assert (
        await Job.filter(kind="fetch").exclude(key__contains="visit").count() == await Job.filter(kind="fetch").count()
    )


async def test_moving_away_wants_a_fresh_proof_a14(inhabited: Inhabited) -> None:
    await open_up(inhabited)
    visitor = await inhabited.building.signed_in("tui")
    form = await visitor.get(PATH)
    inhabited.building.clock.advance(QUARTER + 1)

    asked = await visitor.send(form, f"{PATH}/away", new="@berta@far.example")
    assert (asked.status, await Job.filter(key__startswith="move_away").count()) == (403, 0)
    thanks = await visitor.send(asked, "/confirm", password=PASSWORD)
    done = await visitor.send(thanks, f"{PATH}/away")

    assert done.status == 303
    (job,) = await Job.filter(key__startswith="move_away")
    assert job.payload["subject"] == "@berta@far.example"


async def test_an_old_account_is_read_before_it_is_named(inhabited: Inhabited) -> None:
    await open_up(inhabited)
    visitor = await inhabited.building.signed_in("tui")

    done = await visitor.send(await visitor.get(PATH), f"{PATH}/aliases", old="@berta@far.example")

    assert (done.header("location") or "").startswith("/looking-up/")
    assert await Job.filter(key__startswith="alias @berta@far.example").count() == 1


async def test_names_are_shown_and_taken_away_and_a_move_leads_on(inhabited: Inhabited) -> None:
    visitor = await inhabited.building.signed_in("tui")
    tui = Actor.filter(local_name="tui")
    await tui.update(also_known_as=[BERTA], moved_to=BERTA)

    page = await visitor.get(PATH)
    profile = await inhabited.building.visitor().get("/@tui")
    assert "You have moved to" in page.shown()
    assert "/@berta@far.example" in profile.text
    assert (await visitor.send(page, f"{PATH}/aliases/drop")).status == 303
    assert (await visitor.send(page, f"{PATH}/back")).status == 303

    back = await tui.get()
    assert (back.also_known_as, back.moved_to) == ([], None)
