"""Discovery as other servers ask for it: WebFinger, host-meta, NodeInfo; on both databases."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from lxml import etree

from node.community import members, portraits, posts, trust
from node.community.members import NewMember
from node.community.node_profile import Description
from node.community.posts import PostDraft
from node.models import Actor, ActorState, Member, MemberState, Mode, Visibility
from node.policy.registry import Registry
from node.serving import foundation
from node.serving.assembly import assemble, web_of
from node.settings import Settings, load
from tests.clock import START, FakeClock
from tests.web.visitor import Page, exchange

HOME, SPLIT = "home.example", "network.example"
BASE = f"https://{HOME}"
WEBFINGER = "/.well-known/webfinger"
SCHEMAS = "http://nodeinfo.diaspora.software/ns/schema"


class House:
    """A founded node with one member, `anna`, asked without a socket."""

    def __init__(self, app: Any, registry: Registry, anna: Member) -> None:
        self.app, self.registry, self.anna = app, registry, anna

    async def get(self, path: str, host: str = HOME, **headers: str) -> Page:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await exchange(self.app, "GET", path, {"host": host, **named}, b"")

    async def finger(self, resource: str, host: str = HOME) -> Page:
        return await self.get(f"{WEBFINGER}?resource={quote(resource, safe='')}", host)


async def house(database: Settings, clock: FakeClock, **changes: str) -> House:
    given = {
        "PUBLIC_URL": BASE,
        "DATA_DIR": str(database.data_dir),
        "DATABASE_URL": database.database_url,
        "SECRET_KEY": database.secret_key,
    }
    settings = load({f"TALANOA_{name}": value for name, value in (given | changes).items()}, {})
    described = Description(name="Pacific governance", description="What works & what doesn't.")
    await foundation.lay(settings, described, now=START)
    anna = await members.add(NewMember("anna", "Anna Ngugi"), base=BASE, now=START)
    node = assemble(settings, name="Pacific governance", clock=clock)
    await node.registry.refresh()
    return House(web_of(node), node.registry, anna)


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


async def test_the_index_names_the_documents_in_the_order_that_gancio_needs(home: House) -> None:
    page = await home.get("/.well-known/nodeinfo")

    assert (page.status, page.header("content-type")) == (200, "application/json; charset=utf-8")
    assert orjson.loads(page.body) == {
        "links": [
            {"rel": f"{SCHEMAS}/2.1", "href": f"{BASE}/nodeinfo/2.1"},
            {"rel": f"{SCHEMAS}/2.0", "href": f"{BASE}/nodeinfo/2.0"},
            {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": f"{BASE}/actor"},
        ]
    }


@pytest.mark.parametrize("version", ["1.0", "2.2", "2", "2.1.json", "%32.1"])
async def test_no_other_version_is_answered(node_database: Settings, clock: FakeClock, version: str) -> None:
    assert (await (await house(node_database, clock)).get(f"/nodeinfo/{version}")).status == 404


@pytest.mark.parametrize("version", ["2.1", "2.0"])
async def test_the_node_tells_of_itself_and_only_of_what_is_public(home: House, version: str) -> None:
    """V-X03: no peers, no names of members, no number of what is not public."""
    first = await posts.publish(PostDraft(text="One"), author=home.anna.actor, now=START)
    await posts.publish(PostDraft(text="Two", in_reply_to_uri=first.uri), author=home.anna.actor, now=START)
    hidden = PostDraft(text="Three", visibility=Visibility.MEMBERS)
    await posts.publish(hidden, author=home.anna.actor, now=START)

    page = await home.get(f"/nodeinfo/{version}")

    document = orjson.loads(page.body)
    assert page.header("content-type") == f'application/json; profile="{SCHEMAS}/{version}#"; charset=utf-8'
    software = document.pop("software")
    assert (software["name"], set(software)) == ("talanoa", {"name", "version"})
    assert document == {
        "version": version,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": False,
        "usage": {"users": {"total": 1}, "localPosts": 1, "localComments": 1},
        "metadata": {"nodeName": "Pacific governance", "nodeDescription": "What works & what doesn't."},
    }
    assert schema_faults(document | {"software": software}, version) == []


async def test_a_closed_node_is_found_and_tells_no_number(home: House) -> None:
    """Settled: WebFinger, host-meta and NodeInfo stay, without usage counts."""
    await trust.change_mode(Mode.CLOSED, registry=home.registry, by_member_id=None, now=START)

    for version in ("2.1", "2.0"):
        document = orjson.loads((await home.get(f"/nodeinfo/{version}")).body)
        assert document["usage"] == {"users": {}}
        assert schema_faults(document, version) == []
    assert jrd(await home.finger(f"acct:anna@{HOME}")) == account("anna")
    assert (await home.get("/.well-known/host-meta")).status == 200


Kind = type | tuple[type, ...]
LEVELS: Mapping[str, tuple[Mapping[str, Kind], Mapping[str, Kind]]] = {
    "": (
        {
            "version": str,
            "software": dict,
            "protocols": list,
            "services": dict,
            "openRegistrations": bool,
            "usage": dict,
            "metadata": dict,
        },
        {},
    ),
    "software": ({"name": str, "version": str}, {}),
    "services": ({"inbound": list, "outbound": list}, {}),
    "usage": ({"users": dict}, {"localPosts": int, "localComments": int}),
    "usage.users": ({}, {"total": int, "activeHalfyear": int, "activeMonth": int}),
}
"""Required and optional members of each level; no level but metadata has others."""
ONLY_IN_2_1 = {"repository": str, "homepage": str}


def schema_faults(document: Any, version: str) -> list[str]:
    """Say where a document departs from the NodeInfo schema, read by hand from its text."""
    faults = [] if document.get("version") == version and document.get("protocols") else ["version or protocols"]
    for path, (required, optional) in LEVELS.items():
        level = document
        for step in path.split(".") if path else []:
            level = level[step]
        extra = ONLY_IN_2_1 if path == "software" and version == "2.1" else {}
        allowed = {**required, **optional, **extra}
        faults += [f"{path}.{name} is missing" for name in required if name not in level]
        faults += [f"{path}.{name} is not in the schema" for name in level if name not in allowed]
        faults += [f"{path}.{name}" for name in level if name in allowed and not isinstance(level[name], allowed[name])]
    return faults


def test_the_reading_of_the_schema_sees_faults() -> None:
    bad = {"version": "2.0", "software": {"name": "x", "repository": "y"}, "services": {}, "usage": {"users": {"a": 1}}}

    assert {
        "software.version is missing",
        "software.repository is not in the schema",
        "usage.users.a is not in the schema",
    } <= set(schema_faults(bad, "2.0"))
