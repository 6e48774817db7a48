"""The raw front: inboxes, hosts, bounds. T-22, T-27, T-50 (inboxes), T-61, V-M16, A-20, A-29."""

import asyncio
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import orjson
import pytest

from federation.errors import Malformed, Unauthenticated, Unreachable
from federation.http import Request
from node.errors import Full
from node.settings import Settings
from tests.clock import FakeClock
from tests.web.building import Building
from tests.web.visitor import Page, exchange
from web.front import Front, Place
from web.raw import Answer, Incoming, RawRoute

BODY = b'{"type": "Follow"}'
JSON = {"host": "home.example", "content-type": "application/activity+json"}
INBOXES = ("/ap/inbox", "/ap/u/anna/inbox", "/ap/g/practices/inbox", "/actor/inbox")


async def deliver(building: Building, path: str = "/ap/inbox", body: bytes = BODY, **changes: str) -> Page:
    headers = JSON | {name.replace("_", "-"): value for name, value in changes.items()}
    return await exchange(building.app, "POST", path, headers, body)


def error(page: Page) -> tuple[int, Any]:
    return page.status, orjson.loads(page.body)


async def test_another_host_is_refused_t61(building: Building) -> None:
    page = await deliver(building, host="evil.example")

    assert error(page) == (400, {"error": "This node does not answer to that host name.", "status": 400})
    assert building.received == []


@pytest.mark.parametrize("path", ["/about", "/sign-in", "/ap/inbox"])
async def test_a_forwarded_host_that_is_not_ours_is_refused_t61(building: Building, path: str) -> None:
    page = await exchange(building.app, "GET", path, {"host": "home.example", "x-forwarded-host": "evil.example"}, b"")

    assert (page.status, b"evil" in page.body) == (400, False)


async def test_no_host_is_refused(building: Building) -> None:
    page = await exchange(building.app, "GET", "/about", {}, b"")

    assert page.status == 400


async def test_our_host_with_the_usual_port_is_ours(building: Building) -> None:
    page = await exchange(building.app, "GET", "/about", {"host": "home.example:443"}, b"")

    assert page.status == 200


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", "", "multipart/form-data"])
async def test_another_media_type_is_refused_t22(building: Building, media_type: str) -> None:
    page = await deliver(building, content_type=media_type)

    assert (page.status, building.received) == (415, [])


async def test_a_compressed_body_is_refused_t22(building: Building) -> None:
    page = await deliver(building, content_encoding="gzip")

    assert (page.status, building.received) == (415, [])


async def test_an_announced_body_over_the_cap_is_refused_unread_t22(building: Building) -> None:
    page = await deliver(building, content_length=str(1024 * 1024 + 1))

    assert (page.status, building.received) == (413, [])


async def test_a_body_that_grows_over_the_cap_is_refused_t22(building: Building) -> None:
    page = await deliver(building, body=b"a" * (1024 * 1024 + 1))

    assert (page.status, building.received) == (413, [])


@pytest.mark.parametrize("length", ["-1", "1e3", "١٢", "99999999999999999999"])
async def test_a_length_that_is_no_number_is_refused(building: Building, length: str) -> None:
    scope_headers = [(b"host", b"home.example"), (b"content-type", b"application/activity+json")]
    page = await _raw(building, [*scope_headers, (b"content-length", length.encode())])

    assert page in (400, 413)


async def test_a_doubled_content_type_is_refused(building: Building) -> None:
    named = (b"content-type", b"application/activity+json")

    assert await _raw(building, [(b"host", b"home.example"), named, named]) == 400


async def test_two_hosts_are_refused(building: Building) -> None:
    host = (b"host", b"home.example")

    assert await _raw(building, [host, host, (b"content-type", b"application/activity+json")]) == 400


async def _raw(building: Building, headers: list[tuple[bytes, bytes]]) -> int:
    sent: list[Any] = []
    scope = {"type": "http", "method": "POST", "path": "/ap/inbox", "raw_path": b"/ap/inbox", "query_string": b""}
    scope |= {"headers": headers, "client": ("203.0.113.7", 1), "scheme": "http", "http_version": "1.1"}

    async def receive() -> Any:
        return {"type": "http.request", "body": BODY, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await building.app(scope, receive, send)  # type: ignore[arg-type]
    return int(sent[0]["status"])


@pytest.mark.parametrize("path", INBOXES)
async def test_a_delivery_reaches_the_way_in_as_it_came(building: Building, path: str) -> None:
    page = await deliver(building, path, signature="keyId=a", cookie="__Host-session=x")

    headers = (
        ("host", "home.example"),
        ("content-type", "application/activity+json"),
        ("signature", "keyId=a"),
        ("cookie", "__Host-session=x"),
    )
    request = Request("POST", f"https://home.example{path}", headers, BODY)
    assert (page.status, page.body, building.received) == (202, b"", [(request, path)])


async def test_a_delivery_may_name_the_profile(building: Building) -> None:
    media_type = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'

    page = await deliver(building, content_type=media_type)

    assert page.status == 202


async def test_a_query_is_part_of_the_url(building: Building) -> None:
    await deliver(building, "/ap/inbox?a=%20b")

    assert building.received[0][0].url == "https://home.example/ap/inbox?a=%20b"


@pytest.mark.parametrize("path", ["/ap/u/anna%2Finbox", "/ap/u//inbox", "/ap/x/anna/inbox", "/ap/u/a/b/inbox"])
async def test_a_path_that_only_looks_like_an_inbox_is_none(building: Building, path: str) -> None:
    page = await deliver(building, path)

    assert (page.status, building.received) == (404, [])


async def test_an_inbox_answers_to_post_only(building: Building) -> None:
    page = await exchange(building.app, "GET", "/ap/inbox", JSON, b"")

    assert (page.status, page.header("allow")) == (405, "POST")


@pytest.mark.parametrize(
    ("refusal", "status", "retry_after"),
    [
        (Malformed("no id"), 400, None),
        (Unauthenticated("bad signature"), 401, None),
        (Unreachable("key server", retry_after=30), 503, "30"),
        (Full("queue", retry_after=60), 503, "60"),
    ],
)
async def test_what_the_way_in_refuses_is_answered_from_the_table(
    building: Building, refusal: Exception, status: int, retry_after: str | None
) -> None:
    building.refusal = refusal

    page = await deliver(building)

    assert (page.status, page.header("retry-after")) == (status, retry_after)
    assert str(refusal).encode() not in page.body


async def test_a_fault_of_ours_is_500_with_a_number_and_no_word_more_a29(building: Building) -> None:
    building.refusal = ZeroDivisionError("secret detail")

    page = await deliver(building)
    told = orjson.loads(page.body)

    assert (page.status, sorted(told), b"secret" in page.body) == (500, ["error", "incident", "status"], False)


async def test_raw_answers_carry_security_headers(building: Building) -> None:
    page = await deliver(building)

    named = dict(page.headers)
    assert named["x-content-type-options"] == "nosniff"
    assert named["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert named["strict-transport-security"] == "max-age=63072000"


async def test_health_answers_to_any_host(building: Building) -> None:
    page = await exchange(building.app, "GET", "/health", {"host": "10.0.0.1:8080"}, b"")

    assert (page.status, page.body) == (200, b"ok\n")


async def test_a_body_that_never_ends_is_cut_t27() -> None:
    async def handler(_incoming: Incoming) -> Answer:
        return Answer(202)

    async def inner(_scope: Any, _receive: Any, _send: Any) -> None:
        raise AssertionError

    async def drip() -> Any:
        await asyncio.get_running_loop().create_future()

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    place = Place("https://home.example", body_seconds=0.01)
    route = RawRoute("/in", "POST", handler, 10)
    front = Front(inner, place, [route], admit=lambda _address: None, incident=lambda: "1")
    scope = {"type": "http", "method": "POST", "path": "/in", "raw_path": b"/in", "query_string": b""}

    await front(scope | {"headers": [(b"host", b"home.example")], "client": ("1.1.1.1", 1)}, drip, send)

    assert sent[0]["status"] == 408


async def test_one_address_that_asks_too_often_waits(node_database: Settings, clock: FakeClock) -> None:
    building = Building(replace(node_database, page_rate=1, page_burst=2), clock)
    visitor, neighbour = building.visitor(), building.visitor()
    neighbour.address = "203.0.113.8"

    statuses = [(await visitor.get("/about")).status for _ in range(3)]
    other = await neighbour.get("/about")
    clock.advance(1)
    later = await visitor.get("/about")

    assert (statuses, other.status, later.status) == ([200, 200, 429], 200, 200)


async def test_a_forged_forwarded_address_changes_nothing_vm16(node_database: Settings, clock: FakeClock) -> None:
    building = Building(replace(node_database, page_rate=1, page_burst=1), clock)
    visitor = building.visitor()

    first = await visitor.get("/about")
    second = await visitor.get("/about", x_forwarded_for="198.51.100.1", forwarded="for=198.51.100.2")

    assert (first.status, second.status) == (200, 429)


async def test_a_proxy_of_ours_is_believed_for_its_last_hop(node_database: Settings, clock: FakeClock) -> None:
    settings = replace(node_database, page_rate=1, page_burst=1, trusted_proxies=(ip_network("203.0.113.7/32"),))
    building = Building(settings, clock)
    visitor = building.visitor()

    first = await visitor.get("/about", x_forwarded_for="192.0.2.9, 198.51.100.1")
    same = await visitor.get("/about", x_forwarded_for="192.0.2.10, 198.51.100.1")
    other = await visitor.get("/about", x_forwarded_for="198.51.100.2")

    assert (first.status, same.status, other.status) == (200, 429, 200)
