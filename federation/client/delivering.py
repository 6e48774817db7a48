"""POSTs to inboxes: signed at the moment of sending, never redirected, judged by status alone."""

import asyncio
from datetime import datetime

from federation.client.answers import AnswerReader
from federation.client.connections import Dialler
from federation.client.failures import NoAnswer
from federation.client.pool import Pool
from federation.client.retry_after import retry_after_seconds
from federation.client.values import Answer, ClientSettings
from federation.errors import Malformed
from federation.http import Request
from federation.names import Uri


class Courier:
    """Carries requests to inboxes over connections of its own.

    They are apart from those of the fetches, for a delivery is prebuilt bytes and its answer a status: a tenth of
    what a general client spends on it.
    """

    def __init__(self, settings: ClientSettings, dialler: Dialler) -> None:
        self._seconds = settings.deadlines.deliver
        self._pool = Pool(
            dialler.dial,
            most=settings.connections,
            per_host=settings.per_host,
            idle_seconds=settings.keep_idle_seconds,
        )

    async def deliver(self, request: Request, uri: Uri, *, now: datetime) -> Answer:
        """Send the signed `request` and return what became of it; a network failure is an answer, too.

        Args:
            uri: what the request's URL was read as.
            now: aware UTC, to read a Retry-After date.

        Raises:
            Refused: the guard forbids the address.
            Malformed: a header that can't be sent.
            NoRoom: this machine has no socket left.
        """
        data = wire_bytes(request, uri)
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._pool.exchange(uri.origin, data)
        except TimeoutError:
            return Answer(0, error="timeout")
        except NoAnswer as failure:
            return Answer(0, error=str(failure))
        return _answer(found, now=now)

    def close(self) -> None:
        """Close all idle connections."""
        self._pool.close()


def wire_bytes(request: Request, uri: Uri) -> bytes:
    """Return `request` as it goes over the wire: what is sent is what was signed.

    Raises:
        Malformed: a header with a line break or a character that no header can carry.
    """
    lines = [f"{request.method} {uri.target} HTTP/1.1"]
    lines.extend(f"{name}: {value}" for name, value in request.headers)
    lines.append(f"content-length: {len(request.body)}\r\n\r\n")
    text = "\r\n".join(lines)
    if text.count("\n") != len(lines) + 1 or text.count("\r") != len(lines) + 1:
        raise Malformed("a header with a line break")
    try:
        return text.encode("latin-1") + request.body
    except UnicodeEncodeError as error:
        raise Malformed("a header that can't be sent") from error


def _answer(found: AnswerReader, *, now: datetime) -> Answer:
    return Answer(
        status=found.status,
        retry_after_seconds=retry_after_seconds(found.retry_after, now=now) if found.retry_after else None,
        accepts_rfc9421=found.accepts_rfc9421,
    )
