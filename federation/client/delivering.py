"""POSTs to inboxes: signed at the moment of sending, never redirected, judged by status alone."""

import asyncio
from datetime import datetime

import httpx

from federation.client.body import drain
from federation.client.failures import CLOSED, NoAnswer
from federation.client.retry_after import retry_after_seconds
from federation.client.transport import GuardedTransport
from federation.client.values import ANSWER_BYTES, Answer

DRAIN_SECONDS = 2.0


async def deliver(transport: GuardedTransport, request: httpx.Request, *, seconds: float, now: datetime) -> Answer:
    """Send the prebuilt `request` and return what became of it; a network failure is an answer, too.

    Args:
        seconds: total deadline.
        now: aware UTC, to read a Retry-After date.

    Raises:
        Refused: the guard forbids the address.
        Malformed: the URL cannot be asked.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _once_more_if_closed(transport, request, now=now)
    except TimeoutError:
        return Answer(0, error="timeout")
    except NoAnswer as failure:
        return Answer(0, error=str(failure))


async def _once_more_if_closed(transport: GuardedTransport, request: httpx.Request, *, now: datetime) -> Answer:
    """Repeat once if the connection was closed before any answer.

    A kept connection that the other side gave up in the same moment looks like that. The activity has an id,
    so a peer that did read it ignores the second one.
    """
    try:
        return await _attempt(transport, request, now=now)
    except NoAnswer as failure:
        if failure.reason != CLOSED:
            raise
    return await _attempt(transport, request, now=now)


async def _attempt(transport: GuardedTransport, request: httpx.Request, *, now: datetime) -> Answer:
    answer = await transport.handle_async_request(request)
    try:
        await _drain_quickly(answer)
    finally:
        await answer.aclose()
    return Answer(
        status=answer.status_code,
        retry_after_seconds=retry_after_seconds(answer.headers.get("retry-after"), now=now),
        accepts_rfc9421="accept-signature" in answer.headers,
    )


async def _drain_quickly(answer: httpx.Response) -> None:
    """Read a short body so that the connection can be kept; the verdict does not depend on it."""
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            await drain(answer, most_bytes=ANSWER_BYTES)
    except (TimeoutError, NoAnswer):
        return
