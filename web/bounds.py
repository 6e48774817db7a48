"""How large a request to a page may be: files only from somebody who has a session cookie."""

import asyncio
import contextlib
from typing import Any

from quart import Request
from quart.wrappers.request import Body
from werkzeug.exceptions import RequestEntityTooLarge

from node.settings import Settings

MOST_UPLOADS = 4
SECONDS_FOR_THE_REST = 30.0


class KeptBody(Body):
    """A body whose start is kept where the whole is too large: what was typed comes before the files.

    Args:
        announced: what the head says of the length, in bytes; None for nothing.
        most: the largest body, in bytes, that is taken.
        kept: so many bytes of the start of a larger one are kept.
        drained: so many bytes of a larger one are waited for; browsers read no answer before they have sent all.
    """

    def __init__(self, announced: int | None, most: int, *, kept: int, drained: int) -> None:
        super().__init__(announced, most)
        self.start = bytearray()
        self._kept, self._drained = kept, drained
        self._dropped = 0
        self._rest = asyncio.Event()

    def append(self, data: bytes) -> None:
        """Take the next bytes."""
        if self.is_too_large():
            self._drop(data)
            return
        super().append(data)
        if self.is_too_large():
            self._rest.clear()  # the end of what is taken is not the end of what is sent
            self._drop(self._data)
            self._data.clear()

    def set_complete(self) -> None:
        """Note that the last byte came."""
        super().set_complete()
        self._rest.set()

    def is_too_large(self) -> bool:
        """Say whether the body is larger than what is taken, as far as one can tell by now."""
        return isinstance(self._must_raise, RequestEntityTooLarge)

    async def start_of_all(self) -> bytes:
        """Return the start of a body that was too large, once the rest came, was too much, or took too long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rest.wait(), SECONDS_FOR_THE_REST)
        return bytes(self.start)

    def _drop(self, data: bytes | bytearray) -> None:
        self.start += data[: self._kept - len(self.start)]
        self._dropped += len(data)
        if self._dropped > self._drained:
            self._rest.set()


def bounded_request(settings: Settings) -> type[Request]:
    """Return the class of requests that obeys the settings `body_bytes` and `upload_bytes`."""
    drained = 2 * (settings.body_bytes + MOST_UPLOADS * settings.upload_bytes)

    class BoundedRequest(Request):
        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            super().__init__(*arguments, **keywords)
            most = largest(self, settings)
            self.body = KeptBody(self.content_length, most, kept=settings.body_bytes, drained=drained)
            self.max_content_length = most

    return BoundedRequest


def largest(request: Request, settings: Settings) -> int:
    """Return the largest body, in bytes, that is read of `request`."""
    has_files = request.mimetype == "multipart/form-data" and settings.cookie_name in request.cookies
    return settings.body_bytes + (MOST_UPLOADS * settings.upload_bytes if has_files else 0)


async def start_of(request: Request) -> bytes:
    """Return the start of a body that was too large; nothing for one that was not."""
    body = request.body
    return await body.start_of_all() if isinstance(body, KeptBody) and body.is_too_large() else b""
