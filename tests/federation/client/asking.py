"""Short ways to ask, with the arguments that a test does not care about."""

from federation.client import Budget, Document, ProtocolClient
from tests.clock import START
from tests.federation.client.conftest import our_key


def admit_all(host: str) -> None:
    """Let every host through."""


async def get(client: ProtocolClient, url: str, *, budget: Budget | None = None) -> Document:
    """Fetch an ActivityPub document, signed."""
    return await client.get_document(url, key=our_key(), admit=admit_all, budget=budget or Budget(), now=START)
