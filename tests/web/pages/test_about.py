"""Who is behind this node, and whom it talks to."""

from node.models import Mode
from node.policy import registry
from tests.web.building import Building
from tests.web.pages.conftest import Inhabited


async def test_it_stands_before_anything_is_set_up(building: Building) -> None:
    page = await building.visitor().get("/about")

    assert (page.status, "The stewards have not written rules yet." in page.shown()) == (200, True)


async def test_it_names_steward_contact_languages_rules_and_accounts(inhabited: Inhabited) -> None:
    await _set_mode(inhabited.building, Mode.OPEN)

    page = await inhabited.building.visitor().get("/about")

    facts = {row.xpath("string(dt)"): row.xpath("normalize-space(dd)") for row in page.document.xpath("//dl/div")}
    assert {name: facts[name] for name in ("Run by", "Contact", "Languages", "Address", "Here are")} == {
        "Run by": "The secretariat",
        "Contact": "talk@home.example",
        "Languages": "English, French",
        "Address": "https://home.example",
        "Here are": "1 member · 1 practice record · 2 events · 3 posts",
    }
    assert facts["Other servers"].startswith("Open:")
    assert page.document.xpath("//main//ol/li/text()") == ["Be kind.", "Name your sources."]
    assert "@practices@home.example" in page.shown()


async def test_a_closed_node_says_so_and_counts_nothing(inhabited: Inhabited) -> None:
    building = inhabited.building
    await _set_mode(building, Mode.CLOSED)

    page = await building.visitor().get("/about")

    assert "Closed: this node exchanges things only with servers" in page.shown()
    assert "practice record" not in page.document.xpath("string(//dl)")


async def _set_mode(building: Building, mode: Mode) -> None:
    await registry.start(mode, now=building.clock.now())
    await building.registry.refresh()
