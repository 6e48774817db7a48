"""A real mail server on loopback that keeps what it gets and refuses what a test tells it to."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Self, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from node.settings import MailServer


class Postbox:
    """Use as an async context; `received` holds (recipients, message) in order."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], EmailMessage]] = []
        self.answers: dict[str, str] = {}
        self._listener: asyncio.Server | None = None

    @property
    def server(self) -> MailServer:
        """Where it listens."""
        assert self._listener is not None
        return MailServer(*self._listener.sockets[0].getsockname()[:2])

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse an address that a test has named, take any other."""
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message."""
        message = message_from_bytes(cast(bytes, envelope.content), policy=default)
        self.received.append((envelope.rcpt_tos, message))
        return "250 OK"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: SMTP(self, hostname="mail.example"), "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._listener is not None
        self._listener.close()
        await self._listener.wait_closed()
