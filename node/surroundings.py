"""What a node stands in: made once at the entry point, handed to web, inbox and outbox."""

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

from federation.client import ProtocolClient
from node.clock import Clock
from node.media.store import MediaStore
from node.settings import Settings


class Mailer(Protocol):
    """Whoever takes a message; `node.mail.mailer` says what it raises."""

    async def send(self, message: EmailMessage) -> None:
        """Hand `message` over."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything outside the database that the node's rooms need.

    Args:
        settings: what the operator decided.
        clock: tells the time.
        client: speaks to other servers.
        mailer: takes mail; None if the operator gave no mail server.
        media: keeps uploaded images.
    """

    settings: Settings
    clock: Clock
    client: ProtocolClient
    mailer: Mailer | None
    media: MediaStore
