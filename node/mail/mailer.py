"""Handing a message to a mail server."""

import asyncio
from email.message import EmailMessage

import aiosmtplib

from node.settings import MailServer
from node.surroundings import Mailer

DEADLINE_SECONDS = 30
GREETING_SECONDS = 10


class MailError(Exception):
    """A message could not be handed over.

    MailRefused      never will be: the server refused this message or address
    MailUnavailable  may be later
    """


class MailRefused(MailError):
    """The mail server won't take this message, now or later."""


class MailUnavailable(MailError):
    """The mail server could not be reached or asks us to come back."""


class SmtpMailer:
    """Hands messages to one mail server, each over a connection of its own."""

    def __init__(self, server: MailServer, *, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._server = server
        self._deadline_seconds = deadline_seconds

    async def send(self, message: EmailMessage) -> None:
        """Hand ``message`` over within the deadline; a password only ever goes through TLS.

        Raises:
            MailRefused, MailUnavailable: for good, or for now.

        Spec: RFC 5321 §4.2.1: 5xx is for good, 4xx for now.
        """
        try:
            async with asyncio.timeout(self._deadline_seconds):
                await self._send(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            raise (MailRefused if min(codes) >= 500 else MailUnavailable)(f"recipient refused: {codes}") from None
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            raise (MailRefused if error.code >= 500 else MailUnavailable)(f"message refused: {error.code}") from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise MailUnavailable(f"mail server: {type(error).__name__}") from None

    async def greet(self) -> None:
        """Connect, sign in and leave again, to learn whether sending would work.

        Raises:
            MailUnavailable: it would not.
        """
        server = self._server
        start_tls = None if server.tls or not server.user else True
        try:
            async with (
                asyncio.timeout(GREETING_SECONDS),
                aiosmtplib.SMTP(
                    hostname=server.host, port=server.port, use_tls=server.tls, start_tls=start_tls
                ) as opened,
            ):
                if server.user:
                    await opened.login(server.user, server.password)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise MailUnavailable(f"{type(error).__name__}: {error}") from None

    async def _send(self, message: EmailMessage) -> None:
        server = self._server
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls,
            start_tls=None if server.tls or not server.user else True,
            timeout=self._deadline_seconds,
        )


def mailer_for(server: MailServer | None) -> Mailer | None:
    """Return a mailer for the setting MAIL_URL, None where the node has no mail."""
    return SmtpMailer(server) if server else None
