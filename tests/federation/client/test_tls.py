"""Names and chains of certificates are verified, always (T-38, F-28, A-19)."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from federation.client import Answer, ProtocolClient, Signing
from federation.client.transport import trusted_context
from federation.errors import Unreachable
from federation.signatures import Scheme
from tests.clock import START, FakeClock
from tests.federation.client.asking import admit_all, get
from tests.federation.client.conftest import introduce, our_key
from tests.network import Network, open_network
from tests.peers.flavours import GOTOSOCIAL
from tests.peers.peer import Peer

HOST = "good.test"


@pytest.fixture
async def network(clock: FakeClock, tmp_path: Path) -> AsyncIterator[Network]:
    """Give a network whose peers speak https."""
    async with open_network(now=clock.now, folder=tmp_path, tls=True) as opened:
        yield opened


def authority(network: Network) -> trustme.CA:
    assert network.authority is not None
    return network.authority


def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def expired(network: Network) -> ssl.SSLContext:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return serving(authority(network).issue_cert(HOST, not_before=yesterday - timedelta(days=9), not_after=yesterday))


def wrong_name(network: Network) -> ssl.SSLContext:
    return serving(authority(network).issue_cert("other.test"))


def unknown_authority(network: Network) -> ssl.SSLContext:
    return serving(trustme.CA().issue_cert(HOST))


def old_protocol(network: Network) -> ssl.SSLContext:
    context = serving(authority(network).issue_cert(HOST))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def no_tls(network: Network) -> None:
    return None


BAD = [expired, wrong_name, unknown_authority, old_protocol, no_tls]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("make", BAD)
async def test_a_bad_certificate_is_no_server_at_all(network: Network, make: object) -> None:
    peer = Peer(HOST, GOTOSOCIAL, network=network)
    assert callable(make)
    network.place(HOST, await peer.start(make(network)))
    signing = Signing(our_key(), Scheme.CAVAGE, START)
    async with ProtocolClient(network.client_settings()) as client:
        with pytest.raises(Unreachable, match=r"tls|connect"):
            await get(client, f"https://{HOST}/users/ada")
        answer = await client.post(f"https://{HOST}/inbox", b"{}", signing=signing, admit=admit_all)
    await peer.stop()

    assert answer.status == 0
    assert peer.requests == []


async def test_a_certificate_that_was_mended_lets_the_next_try_through(network: Network) -> None:
    """F-28: nothing is remembered against a server whose certificate was bad."""
    peer = Peer(HOST, GOTOSOCIAL, network=network)
    ada = peer.actor("ada")
    introduce(peer)
    signing = Signing(our_key(), Scheme.CAVAGE, START)
    body = b'{"type":"Follow","actor":"https://home.example/actor"}'
    async with ProtocolClient(network.client_settings()) as client:
        network.place(HOST, await peer.start(expired(network)))
        before = await client.post(ada.inbox, body, signing=signing, admit=admit_all)
        await peer.stop()
        network.place(HOST, await peer.start(network.server_context(HOST)))
        after = await client.post(ada.inbox, body, signing=signing, admit=admit_all)
    await peer.stop()

    assert (before.status, after.status) == (0, 202)


async def test_a_good_certificate_lets_signed_requests_through(network: Network) -> None:
    """The name in the URL is the one that the certificate must have, whatever address was dialled."""
    peer = await network.peer(HOST, GOTOSOCIAL)
    introduce(peer)
    ada = peer.actor("ada")
    signing = Signing(our_key(), Scheme.CAVAGE, START)
    async with ProtocolClient(network.client_settings()) as client:
        found = await get(client, ada.uri)
        body = b'{"type":"Follow","actor":"https://home.example/actor"}'
        answer = await client.post(ada.inbox, body, signing=signing, admit=admit_all)

    assert found.url == "https://good.test/users/ada"
    assert answer == Answer(202)
    assert [entry.raw for entry in peer.received] == [body]


async def test_the_authority_named_by_the_operator_replaces_those_of_the_system(network: Network) -> None:
    await network.peer(HOST)
    settings = network.client_settings()
    system = type(settings)(settings.user_agent, settings.allowed_networks, settings.static_hosts)
    async with ProtocolClient(system) as client:
        with pytest.raises(Unreachable, match="tls"):
            await get(client, f"https://{HOST}/users/ada")


def test_verification_is_on_and_old_protocols_are_off() -> None:
    context = trusted_context()

    assert (context.verify_mode, context.check_hostname, context.minimum_version) == (
        ssl.CERT_REQUIRED,
        True,
        ssl.TLSVersion.TLSv1_2,
    )


async def test_ssl_cert_file_is_honoured(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    peer = await network.peer(HOST)
    settings = network.client_settings()
    assert settings.ca_file is not None
    monkeypatch.setenv("SSL_CERT_FILE", settings.ca_file)
    system = type(settings)(settings.user_agent, settings.allowed_networks, settings.static_hosts)
    ada = peer.actor("ada")
    async with ProtocolClient(system) as client:
        found = await get(client, ada.uri)

    assert found.url == ada.uri
