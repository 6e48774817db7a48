"""Reading bodies: with a cap on the decoded bytes, so that a small gzip can't become a big one."""

import zlib
from typing import Protocol

import httpx

from federation.errors import Malformed

ACCEPT_ENCODING = "gzip"

_GZIP_WINDOW = zlib.MAX_WBITS | 16


class _Decoder(Protocol):
    def feed(self, chunk: bytes, *, most: int) -> bytes:
        """Return what `chunk` decodes to, at most `most` bytes of it."""
        ...

    def is_complete(self) -> bool:
        """Tell whether the body may end here."""
        ...


class _Plain:
    def feed(self, chunk: bytes, *, most: int) -> bytes:
        """Return the bytes as they are."""
        return chunk[:most]

    def is_complete(self) -> bool:
        """Return True: the length is the concern of HTTP."""
        return True


class _Gzip:
    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP_WINDOW)

    def feed(self, chunk: bytes, *, most: int) -> bytes:
        """Return what `chunk` inflates to."""
        try:
            return self._inflate.decompress(chunk, most)
        except zlib.error as error:
            raise Malformed("a body that is not gzip") from error

    def is_complete(self) -> bool:
        """Tell whether the end of the gzip was seen."""
        return self._inflate.eof


async def read_capped(response: httpx.Response, *, most_bytes: int) -> bytes:
    """Return the decoded body.

    Args:
        most_bytes: largest decoded size; never more than that and one byte is held.

    Raises:
        Malformed: larger, cut off, or in an encoding we did not ask for.
        NoAnswer: the connection broke.
    """
    decoder = _decoder(response.headers.get("content-encoding", ""))
    parts: list[bytes] = []
    left = most_bytes + 1
    async for chunk in response.stream:  # type: ignore[union-attr]
        part = decoder.feed(chunk, most=left)
        left -= len(part)
        if left <= 0:
            raise Malformed(f"a body of more than {most_bytes} bytes")
        parts.append(part)
    if not decoder.is_complete():
        raise Malformed("a body that ends too early")
    return b"".join(parts)


def _decoder(encoding: str) -> _Decoder:
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Gzip()
        case other:
            raise Malformed(f"a body encoded as {other[:40]}")
