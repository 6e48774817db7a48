"""Discovery as other servers ask for it: WebFinger and host-meta; on both databases."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree

from node.community import members, portraits
from node.community.members import NewMember
from node.models import Actor, ActorState, MemberState
from node.settings import Settings
from tests.clock import START, FakeClock
from tests.web.discovery import BASE, HOME, WEBFINGER, House, house
from tests.web.visitor import Page

SPLIT = "network.example"


@pytest.fixture
async def home(database: Settings, clock: FakeClock) -> House:
    return await house(database, clock)


def jrd(page: Page) -> Any:
    assert (page.status, page.header("content-type")) == (200, "application/jrd+json; charset=utf-8"), page.text
    assert page.header("access-control-allow-origin") == "*"
    assert page.header("cache-control") == "public, max-age=259200"
    return orjson.loads(page.body)


def account(name: str, host: str = HOME, page: str = "") -> Any:
    """What is written by hand from the wire profile: Mastodon's set of links, one `self`, first."""
    letter = "u" if name == "anna" else "g"
    interact = f"{BASE}/authorize_interaction?uri="
    return {
        "subject": f"acct:{name}@{host}",
        "aliases": [f"{BASE}/@{name}", f"{BASE}/ap/{letter}/{name}"],
        "links": [
            {"rel": "self", "type": "application/activity+json", "href": f"{BASE}/ap/{letter}/{name}"},
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": f"{BASE}/@{name}"},
            {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": interact + "{uri}"},
            {"rel": "https://w3id.org/fep/3b86/Create", "template": f"{BASE}/share?text={{content}}"},
            {"rel": "https://w3id.org/fep/3b86/Object", "template": interact + "{object}"},
            {"rel": "https://w3id.org/fep/3b86/Follow", "template": interact + "{object}"},
            {"rel": "https://w3id.org/fep/3b86/Join", "template": interact + "{object}"},
        ],
    }


def service(host: str = HOME) -> Any:
    return {
        "subject": f"acct:{host}@{host}",
        "aliases": [f"{BASE}/", f"{BASE}/actor"],
        "links": [
            {"rel": "self", "type": "application/activity+json", "href": f"{BASE}/actor"},
            {
                "rel": "https://www.w3.org/ns/activitystreams#Service",
                "type": "application/activity+json",
                "href": f"{BASE}/actor",
            },
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": f"{BASE}/"},
        ],
    }


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "?resource=",
        "?resource=anna",
        "?resource=acct:anna",
        "?resource=acct:@home.example",
        "?resource=acct:anna@home.example@evil.test",
        "?resource=acct:an%20na@home.example",
        "?resource=acct:anna@home..example",
        "?resource=acct:anna@127.0.0.1",
        "?resource=http://home.example/@anna",
        "?resource=https://home.example:8443/@anna",
        "?resource=https://anna@home.example/",
        "?resource=javascript://home.example/%250aalert(1)",
        "?resource=%ff%fe",
        "?resource=" + "a" * 5000,
        "?rel=self",
    ],
)
async def test_what_is_no_resource_is_a_bad_request(node_database: Settings, clock: FakeClock, query: str) -> None:
    """T-72 to T-77 in a query: 400, and nothing of it comes back."""
    page = await (await house(node_database, clock)).get(WEBFINGER + query)

    assert (page.status, page.header("content-type")) == (400, "application/json; charset=utf-8")
    assert set(orjson.loads(page.body)) == {"error", "status"}
    assert not any(word in page.text for word in ("anna", "evil", "javascript", "aaaa"))


async def test_all_who_cannot_be_found_look_the_same(home: House) -> None:
    """T-37: absent, suspended, disabled, the node's own name, other hosts: byte-equal."""
    sina = await members.add(NewMember("sina_tau", "Sina"), base=BASE, now=START)
    await members.set_state(await members.by_id(sina.id), MemberState.DISABLED, by=None, now=START)
    suspended = await members.add(NewMember("suspended", "S"), base=BASE, now=START)
    await Actor.filter(id=suspended.actor_id).update(state=ActorState.SUSPENDED)
    asked = [
        "acct:nobody@home.example",
        "acct:sina_tau@home.example",
        "acct:suspended@home.example",
        "acct:actor@home.example",
        "acct:anna@elsewhere.example",
        "acct:anna@sub.home.example",
        f"{BASE}/ap/u/suspended",
        f"{BASE}/@sina_tau",
        f"{BASE}/ap/u/nobody",
        f"{BASE}/ap/n/{'a' * 26}",
        "https://elsewhere.example/@anna",
    ]

    pages = [await home.finger(resource) for resource in asked]

    assert {(page.status, page.headers, page.body) for page in pages} == {(404, pages[0].headers, pages[0].body)}
    assert not any(word in pages[0].text for word in ("sina", "nobody", "suspended"))


async def test_who_has_left_is_gone(home: House) -> None:
    await Actor.filter(id=home.anna.actor_id).update(state=ActorState.GONE)

    statuses = [
        (await home.finger(each)).status for each in (f"acct:anna@{HOME}", f"{BASE}/@anna", f"{BASE}/ap/u/anna")
    ]

    assert statuses == [410, 410, 410]


@pytest.mark.parametrize(
    "resource",
    [
        f"acct:anna@{HOME}",
        f"anna@{HOME}",
        f"@anna@{HOME}",
        "ACCT:Anna@HOME.example.",
        f"{BASE}/ap/u/anna",
        f"{BASE}/@anna",
        "https://HOME.example:443/@anna",
        f"{BASE}/ap/u/anna#main-key",
    ],
)
async def test_a_member_is_found_under_every_name(home: House, resource: str) -> None:
    assert jrd(await home.finger(resource)) == account("anna")


@pytest.mark.parametrize("name", ["network", "posts", "events", "practices"])
async def test_each_group_is_found(node_database: Settings, clock: FakeClock, name: str) -> None:
    home = await house(node_database, clock)

    assert jrd(await home.finger(f"acct:{name}@{HOME}")) == account(name)


@pytest.mark.parametrize("resource", [BASE, f"{BASE}/", f"{BASE}/actor", f"acct:{HOME}@{HOME}", f"{HOME}@{HOME}"])
async def test_the_node_itself_is_found(home: House, resource: str) -> None:
    """FEP-d556."""
    assert jrd(await home.finger(resource)) == service()


async def test_a_picture_is_named_with_its_type(node_database: Settings, clock: FakeClock, tmp_path: Path) -> None:
    home = await house(node_database, clock)
    found = {}
    for ending in ("png", "webp", "jpg"):
        url = f"{BASE}/media/aa/{'a' * 26}.{ending}"
        await Actor.filter(id=home.anna.actor_id).update(avatar_url=url)
        found[ending] = jrd(await home.finger(f"acct:anna@{HOME}"))["links"][-1]

    avatar = "http://webfinger.net/rel/avatar"
    assert found == {
        ending: {"rel": avatar, "type": media_type, "href": f"{BASE}/media/aa/{'a' * 26}.{ending}"}
        for ending, media_type in (("png", "image/png"), ("webp", "image/webp"), ("jpg", "image/jpeg"))
    }
    assert portraits.PNG == "image/png"


async def test_with_a_domain_of_its_own_for_accounts_every_name_leads_to_one(
    database: Settings, clock: FakeClock
) -> None:
    """Split domain: both hosts answer with the same subject; a proxy on the other host may hand the question on."""
    home = await house(database, clock, ACCOUNT_DOMAIN=SPLIT)
    asked = [(f"acct:anna@{SPLIT}", HOME), (f"acct:anna@{HOME}", HOME), (f"{BASE}/@anna", HOME)]
    asked += [(f"acct:anna@{SPLIT}", SPLIT), (f"acct:anna@{HOME}", SPLIT)]

    found = [jrd(await home.finger(resource, host)) for resource, host in asked]
    nodes = [
        jrd(await home.finger(resource))
        for resource in (f"{BASE}/", f"https://{SPLIT}/", f"acct:{SPLIT}@{SPLIT}", f"acct:{HOME}@{HOME}")
    ]

    assert found == [account("anna", SPLIT)] * 5
    assert nodes == [service(SPLIT)] * 4


async def test_no_other_page_answers_to_the_accounts_host(node_database: Settings, clock: FakeClock) -> None:
    """T-61."""
    home = await house(node_database, clock, ACCOUNT_DOMAIN=SPLIT)

    statuses = [(await home.get(path, SPLIT)).status for path in ("/", "/actor", "/ap/u/anna", "/nodeinfo/2.1")]

    assert statuses == [400, 400, 400, 400]
    assert (await home.finger(f"acct:anna@{HOME}", "evil.test")).status == 400


async def test_who_asks_for_names_all_the_time_is_told_to_wait(node_database: Settings, clock: FakeClock) -> None:
    """T-37."""
    home = await house(node_database, clock, PAGE_BURST="5", PAGE_RATE="1")

    pages = [await home.finger(f"acct:name_{number}@{HOME}") for number in range(6)]

    assert [page.status for page in pages] == [404] * 5 + [429]
    assert pages[-1].header("retry-after") == "2"


async def test_host_meta_leads_to_webfinger(home: House) -> None:
    """Mastodon asks for it after a 404."""
    page = await home.get("/.well-known/host-meta")

    assert (page.status, page.header("content-type")) == (200, "application/xrd+xml; charset=utf-8")
    (link,) = etree.fromstring(page.body)
    assert dict(link.attrib) == {
        "rel": "lrdd",
        "type": "application/jrd+json",
        "template": f"{BASE}{WEBFINGER}?resource={{uri}}",
    }
