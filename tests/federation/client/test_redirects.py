"""Redirects are followed by hand: few, plain, guarded, admitted and signed anew."""

import pytest
from aiohttp import web

from federation.client import ACCEPT_JRD, JRD_BYTES, Budget, Document, ProtocolClient
from federation.errors import Malformed, Refused, Unreachable
from tests.clock import START
from tests.federation.client.asking import admit_all, get
from tests.federation.client.conftest import our_key
from tests.network import Network
from tests.peers import cavage
from tests.peers.cavage import Message
from tests.peers.site import Handler

ACTIVITY = "application/activity+json"
URL = "http://mastodon.test/users/ada"


def redirecting(location: str, status: int = 302) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"location": location})

    return answer


def answering(status: int, content_type: str = ACTIVITY, body: bytes = b"{}", **headers: str) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers={"content-type": content_type} | headers)

    return answer


async def test_a_redirect_to_another_origin_is_refused_before_it_is_asked(
    network: Network, client: ProtocolClient
) -> None:
    """T-33, V-F09, V-F18: the signature never reaches another host."""
    mastodon, evil = await network.peer("mastodon.test"), await network.peer("evil.test")
    evil.actor("ada")
    mastodon.handlers["/users/ada"] = redirecting("http://evil.test/users/ada")

    with pytest.raises(Refused):
        await get(client, URL)

    assert (mastodon.requests, evil.requests) == ([("GET", "/users/ada")], [])


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "//mastodon.test/x",
        "/x",
        "x",
        "http://ada:secret@mastodon.test/x",
        "http://mastodon.test/" + "a" * 6000,
        "",
    ],
)
async def test_a_redirect_that_is_no_plain_absolute_url_is_refused(
    network: Network, client: ProtocolClient, location: str
) -> None:
    """T-33, V-F02, V-F09."""
    mastodon = await network.peer("mastodon.test")
    mastodon.handlers["/users/ada"] = redirecting(location)

    with pytest.raises((Malformed, Refused)):
        await get(client, URL)

    assert mastodon.requests == [("GET", "/users/ada")]


async def test_a_location_of_100_kb_is_no_answer(network: Network, client: ProtocolClient) -> None:
    mastodon = await network.peer("mastodon.test")
    mastodon.handlers["/users/ada"] = redirecting("http://mastodon.test/" + "a" * 100_000)

    with pytest.raises(Unreachable):
        await get(client, URL)

    assert mastodon.requests == [("GET", "/users/ada")]


async def test_a_circle_of_redirects_ends_after_each_url_was_asked_once(
    network: Network, client: ProtocolClient
) -> None:
    """V-F05."""
    mastodon = await network.peer("mastodon.test")
    mastodon.handlers["/a"] = redirecting("http://mastodon.test/b")
    mastodon.handlers["/b"] = redirecting("http://mastodon.test/a")

    with pytest.raises(Refused):
        await get(client, "http://mastodon.test/a")

    assert mastodon.requests == [("GET", "/a"), ("GET", "/b")]


async def test_a_fourth_redirect_is_refused(network: Network, client: ProtocolClient) -> None:
    mastodon = await network.peer("mastodon.test")
    for step in range(4):
        mastodon.handlers[f"/{step}"] = redirecting(f"http://mastodon.test/{step + 1}")
    mastodon.handlers["/4"] = answering(200)

    with pytest.raises(Refused):
        await get(client, "http://mastodon.test/0")

    assert len(mastodon.requests) == 4


async def test_three_redirects_are_followed_and_every_hop_is_signed_for_itself(
    network: Network, client: ProtocolClient
) -> None:
    """T-46: a signature is made anew, never carried on."""
    mastodon = await network.peer("mastodon.test")
    seen: list[Message] = []

    def noting(answer: Handler) -> Handler:
        async def note(request: web.Request) -> web.StreamResponse:
            headers = {name.lower(): value for name, value in request.headers.items()}
            seen.append(Message("GET", f"http://mastodon.test{request.path_qs}", headers))
            return await answer(request)

        return note

    for step in range(3):
        mastodon.handlers[f"/{step}"] = noting(redirecting(f"http://mastodon.test/{step + 1}", 301 + step))
    mastodon.handlers["/3"] = noting(answering(200))

    found = await get(client, "http://mastodon.test/0#main-key")

    assert found == Document("http://mastodon.test/3", b"{}", ACTIVITY)
    assert [message.target for message in seen] == ["/0", "/1", "/2", "/3"]
    public = our_key().loaded.public_key()
    for message in seen:
        cavage.check(message, public, now=START)  # type: ignore[arg-type]


async def test_policy_is_asked_for_every_hop_before_the_host_is(network: Network, client: ProtocolClient) -> None:
    mastodon, other = await network.peer("mastodon.test"), await network.peer("other.test")
    mastodon.handlers["/.well-known/webfinger"] = redirecting("http://other.test/jrd")
    asked: list[str] = []

    def admit(host: str) -> None:
        asked.append(host)
        if host == "other.test":
            raise Refused(f"{host} is blocked")

    with pytest.raises(Refused):
        await client.get_json(
            "http://mastodon.test/.well-known/webfinger",
            accept=ACCEPT_JRD,
            admit=admit,
            budget=Budget(),
            max_bytes=JRD_BYTES,
        )

    assert asked == ["mastodon.test", "other.test"]
    assert other.requests == []


async def test_webfinger_may_cross_hosts(network: Network, client: ProtocolClient) -> None:
    mastodon, other = await network.peer("mastodon.test"), await network.peer("other.test")
    mastodon.handlers["/.well-known/webfinger"] = redirecting("http://other.test/jrd")
    other.handlers["/jrd"] = answering(200, "application/jrd+json; charset=utf-8", b'{"subject":"acct:a@other.test"}')

    found = await client.get_json(
        "http://mastodon.test/.well-known/webfinger?resource=acct:a@mastodon.test",
        accept=ACCEPT_JRD,
        admit=admit_all,
        budget=Budget(),
        max_bytes=JRD_BYTES,
    )

    assert (found.url, found.raw) == ("http://other.test/jrd", b'{"subject":"acct:a@other.test"}')
