"""NodeInfo as other servers ask for it, on both databases."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from node.community import posts, trust
from node.community.posts import PostDraft
from node.models import Mode, Visibility
from node.settings import Settings
from tests.clock import START, FakeClock
from tests.web.discovery import BASE, HOME, House, house

SCHEMAS = "http://nodeinfo.diaspora.software/ns/schema"


@pytest.fixture
async def home(database: Settings, clock: FakeClock) -> House:
    return await house(database, clock)


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
    assert (await home.finger(f"acct:anna@{HOME}")).status == 200
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
