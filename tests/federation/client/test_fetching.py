"""What is fetched, from whom, and how often: statuses, types, signatures, budget."""

import json
from dataclasses import replace

import pytest
from aiohttp import web

from federation.client import Budget, Document, ProtocolClient
from federation.errors import Gone, Malformed, NotFound, ProtocolError, Refused, Unreachable
from tests.clock import START, FakeClock
from tests.federation.client.asking import admit_all, get
from tests.federation.client.conftest import ACTOR, introduce, our_key
from tests.network import Network
from tests.peers.flavours import GOTOSOCIAL, MICROBLOGPUB, RFC9421, Flavour
from tests.peers.site import Handler
from tests.peers.verifying import Key

ACTIVITY = "application/activity+json"
URL = "http://mastodon.test/users/ada"


def answering(status: int, content_type: str = ACTIVITY, body: bytes = b"{}", **headers: str) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers={"content-type": content_type} | headers)

    return answer


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "text/plain",
        "text/html; application/activity+json",
        "image/png",
        "application/octet-stream",
        "application/ld+json",
        'application/ld+json; profile="https://example.org/other"',
        'application/ld+json; x="https://www.w3.org/ns/activitystreams"',
        "",
    ],
)
async def test_a_document_of_another_type_is_refused(
    network: Network, client: ProtocolClient, content_type: str
) -> None:
    """V-M11, V-S04, T-45: an upload is not an actor."""
    mastodon = await network.peer("mastodon.test")
    body = json.dumps(mastodon.actor("ada").document()).encode()
    mastodon.handlers["/users/ada"] = answering(200, content_type, body)

    with pytest.raises(Malformed):
        await get(client, URL)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/activity+json",
        "Application/Activity+JSON; charset=utf-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        'application/ld+json;profile="https://www.w3.org/ns/activitystreams https://example.org/other"; charset=utf-8',
    ],
)
async def test_the_two_activitypub_types_are_taken(network: Network, client: ProtocolClient, content_type: str) -> None:
    mastodon = await network.peer("mastodon.test")
    mastodon.handlers["/users/ada"] = answering(200, content_type, b'{"id":"x"}')

    assert await get(client, URL) == Document(URL, b'{"id":"x"}', content_type)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (204, Refused),
        (206, Refused),
        (304, Refused),
        (400, Refused),
        (403, Refused),
        (404, NotFound),
        (410, Gone),
        (408, Unreachable),
        (429, Unreachable),
        (500, Unreachable),
        (503, Unreachable),
    ],
)
async def test_each_status_has_its_meaning(
    network: Network, client: ProtocolClient, status: int, error: type[ProtocolError]
) -> None:
    """T-07, T-18: a passing failure is not a no, and only 410 means deleted."""
    mastodon = await network.peer("mastodon.test")
    mastodon.handlers["/users/ada"] = answering(status)

    with pytest.raises(error) as caught:
        await get(client, URL)

    assert type(caught.value) is error


async def test_the_time_that_a_busy_server_asks_for_is_told(network: Network, client: ProtocolClient) -> None:
    mastodon = await network.peer("mastodon.test")
    mastodon.handlers["/users/ada"] = answering(503, ACTIVITY, b"{}", **{"retry-after": "300"})

    with pytest.raises(Unreachable) as caught:
        await get(client, URL)

    assert caught.value.retry_after == 300


async def test_a_server_that_wants_signatures_gets_one(network: Network, client: ProtocolClient) -> None:
    gotosocial = await network.peer("gotosocial.test", GOTOSOCIAL)
    introduce(gotosocial)
    ada = gotosocial.actor("ada")

    found = await get(client, ada.uri)

    assert json.loads(found.raw) == ada.document()
    assert gotosocial.requests == [("GET", "/users/ada")]


async def test_an_actor_that_is_a_bare_origin_can_be_fetched(network: Network, client: ProtocolClient) -> None:
    """microblog.pub: the id has no path at all."""
    peer = await network.peer("blog.test", replace(MICROBLOGPUB, signed_gets=True))
    introduce(peer)

    found = await get(client, peer.instance.uri)

    assert (found.url, json.loads(found.raw)) == ("http://blog.test", peer.instance.document())


async def test_a_401_is_answered_once_in_the_newer_scheme(network: Network, client: ProtocolClient) -> None:
    modern = await network.peer("modern.test", Flavour("modern", "1", schemes=(RFC9421,), signed_gets=True))
    introduce(modern)
    ada = modern.actor("ada")

    found = await get(client, ada.uri)

    assert json.loads(found.raw) == ada.document()
    assert modern.requests == [("GET", "/users/ada")] * 2


async def test_a_second_401_is_final(network: Network, client: ProtocolClient) -> None:
    mastodon = await network.peer("mastodon.test")
    mastodon.handlers["/users/ada"] = answering(401)

    with pytest.raises(Refused):
        await get(client, URL)

    assert mastodon.requests == [("GET", "/users/ada")] * 2


async def test_we_ask_for_json_alone_and_say_who_we_are(network: Network, client: ProtocolClient) -> None:
    """WordPress answers HTML if any accepted type is not JSON."""
    mastodon = await network.peer("mastodon.test")
    seen: list[dict[str, str]] = []

    async def note(request: web.Request) -> web.Response:
        seen.append({name.lower(): value for name, value in request.headers.items()})
        return web.Response(status=404)

    mastodon.handlers["/users/ada"] = note
    with pytest.raises(NotFound):
        await client.get_document(URL, key=None, admit=admit_all, budget=Budget(), now=START)

    assert seen == [
        {
            "host": "mastodon.test",
            "accept": 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
            "accept-encoding": "gzip",
            "user-agent": "Talanoa/test (+https://home.example/)",
        }
    ]


async def test_no_more_than_ten_requests_are_spent_on_one_cause(network: Network, client: ProtocolClient) -> None:
    """T-34."""
    mastodon = await network.peer("mastodon.test")
    budget = Budget()
    pages = [mastodon.publish({"id": f"http://mastodon.test/page/{number}"}) for number in range(30)]

    with pytest.raises(Refused):
        for page in pages:
            await get(client, str(page["id"]), budget=budget)

    assert len(mastodon.requests) == 10


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5432/",
        "https://[::1]/",
        "https://0x7f.1/",
        "https://2130706433/",
        "http://mastodon.test/users/ada",
        "https://mastodon.test:8443/users/ada",
        "https://mastodon.test\\@evil.test/",
        "ftp://mastodon.test/",
    ],
)
async def test_outside_development_only_https_names_on_443_are_asked(clock: FakeClock, url: str) -> None:
    """T-10, V-F01, V-L02."""
    network = Network(now=clock.now)
    settings = network.client_settings()
    strict = type(settings)(settings.user_agent, settings.allowed_networks, settings.static_hosts)
    async with ProtocolClient(strict) as client:
        with pytest.raises((Malformed, Refused)):
            await get(client, url)


async def test_a_url_whose_path_httpx_would_rewrite_is_asked_as_it_was_signed(
    network: Network, client: ProtocolClient
) -> None:
    gotosocial = await network.peer("gotosocial.test", GOTOSOCIAL)
    introduce(gotosocial)
    uri = "http://gotosocial.test/o/a%20b%2Fc'(d)*,;=:@!$&~?x=1&y=%C3%A9&z[]=/?"
    gotosocial.publish({"id": uri})

    found = await get(client, uri)

    assert json.loads(found.raw) == {"id": uri}


async def test_the_fake_peer_finds_a_wrong_key(network: Network, client: ProtocolClient) -> None:
    """Shows that the checks above can fail."""
    gotosocial = await network.peer("gotosocial.test", GOTOSOCIAL)
    ada = gotosocial.actor("ada")
    gotosocial.verifier.keys[our_key().id] = Key(ACTOR, ada.rsa.public_key())

    with pytest.raises(Refused):
        await get(client, ada.uri)
