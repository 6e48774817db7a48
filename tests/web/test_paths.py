"""No path of a request or of a name that somebody typed leaves the place it was meant for. V-S07, T-60."""

import pytest

from tests.web.building import Building
from tests.web.visitor import exchange

UPWARDS = (
    "..",
    "../..",
    "%2e%2e",
    "%2e%2e%2f%2e%2e",
    "..%2f..",
    "..%5c..",
    "..\\..",
    ".%2e",
    "%252e%252e",
    "..%00",
    "....//",
)
PLACES = (
    *("/static/{}/etc/passwd", "/media/{}/etc/passwd", "/media/aa/{}", "/ap/u/{}/inbox", "/ap/u/{}", "/ap/n/{}"),
    *(
        "/ap/r/{}/record.json",
        "/posts/{}",
        "/practices/{}",
        "/@{}",
        "/@anna@{}",
        "/about/{}/secret_key",
        "/{}/talanoa.db",
    ),
    "/media/elsewhere/{}/x/y/z",
)


@pytest.mark.parametrize("place", PLACES)
async def test_nothing_is_served_from_above_v_s07(building: Building, place: str) -> None:
    statuses = set()
    for up in UPWARDS:
        page = await exchange(building.app, "GET", place.format(up), {"host": "home.example"}, b"")
        statuses.add(page.status)
        assert b"root:" not in page.body
        assert b"SQLite format" not in page.body

    assert statuses <= {400, 401, 404, 405}
