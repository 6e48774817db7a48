"""What travels between a made-up server and the test."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tests.peers.actors import Json
from tests.peers.cavage import Message
from tests.peers.verifying import Signer

ACTIVITY_TYPE = "application/activity+json"


@dataclass
class Reply:
    """An answer; header names in lower case."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Json:
        """Return the body as a JSON object."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


@dataclass(frozen=True)
class Received:
    """An activity that a peer took in: proven sender, path of the inbox, headers, activity."""

    activity: Json
    signer: Signer
    path: str
    headers: Mapping[str, str]
    raw: bytes


class Surroundings(Protocol):
    """What a peer needs to know of its network."""

    scheme: str
    now: Callable[[], datetime]

    async def send(self, message: Message) -> Reply:
        """Carry a request to whoever has that name."""
        ...
