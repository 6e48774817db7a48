"""A network, a client on it and a key that the peers know."""

from collections.abc import AsyncIterator
from functools import cache

import pytest

from federation.client import ProtocolClient
from federation.keys import PrivateKey, generate_rsa
from tests.clock import FakeClock
from tests.network import Network, open_network
from tests.peers.keys import public_from_pem
from tests.peers.peer import Peer
from tests.peers.verifying import Key

ACTOR = "https://home.example/actor"


@cache
def our_key() -> PrivateKey:
    """Return the key of our node's own actor."""
    return generate_rsa(id=f"{ACTOR}#main-key", owner=ACTOR)


def introduce(peer: Peer) -> None:
    """Let `peer` know our key, so that it need not ask."""
    key = our_key()
    peer.verifier.keys[key.id] = Key(ACTOR, public_from_pem(key.public.pem))


@pytest.fixture
async def network(clock: FakeClock) -> AsyncIterator[Network]:
    """Give an empty network without TLS."""
    async with open_network(now=clock.now) as opened:
        yield opened


@pytest.fixture
async def client(network: Network) -> AsyncIterator[ProtocolClient]:
    """Give a client that reaches the network and nothing else."""
    async with ProtocolClient(network.client_settings()) as opened:
        yield opened
