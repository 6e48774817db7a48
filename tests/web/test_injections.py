"""T-60: what stands in a query or a form is a value, never a part of a statement."""

import re
from pathlib import Path

import pytest

from node.database import rows
from tests.web.building import Building
from tests.web.village import move_in
from web.access import GET, ROUTES, Kind, Need

HOUSE = Path(__file__).parents[2]
QUERIES = (
    "sort=id;drop table post",
    "order_by=-password_hash&filter__password__startswith=a",
    "q=' OR 1=1 --&kind=post' UNION SELECT 1",
    'q="NEAR(a b)" AND * ^ :: (',
    "page=1;drop table actor&page=-1&page=99999999999999999999",
    "actor__member__password_hash__startswith=%24argon2",
    "country=%27%29%20OR%20%28%271%27%3D%271&stage=%00&theme=%5C",
)
WITHOUT_STATEMENTS = ("federation", "web")


def _lists() -> list[str]:
    return [row.rule for row in ROUTES if "<" not in row.rule and row.methods >= GET and row.need is Need.ANYONE
            and row.kind is not Kind.RAW]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
async def test_no_query_reaches_a_statement(building: Building, query: str) -> None:
    await move_in(building.settings, await building.member("anna"), now=building.clock.now())
    before = await rows("SELECT count(*) AS n FROM actor")
    visitor = building.visitor()

    odd = {path: page.status for path in _lists() if (page := await visitor.get(f"{path}?{query}")).status >= 500}

    assert odd == {}
    assert await rows("SELECT count(*) AS n FROM actor") == before


def test_pages_and_the_protocol_put_no_statement_together() -> None:
    """What a visitor or a server writes passes a verb of the community, which binds it as a value."""
    found = [
        str(path.relative_to(HOUSE))
        for folder in WITHOUT_STATEMENTS
        for path in (HOUSE / folder).rglob("*.py")
        if re.search(r"S608|\b(?:rows|execute|execute_many)\(|\.raw\(", path.read_text(encoding="utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize("path", ["/thread?uri=%00", "/report?uri=a%00b", "/search?q=%00"])
async def test_an_address_with_a_nul_is_no_address(building: Building, path: str) -> None:
    page = await building.visitor().get(path)

    assert page.status == 400
