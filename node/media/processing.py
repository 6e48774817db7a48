"""A picture that came in becomes one that may be shown: decoded apart, smaller, without metadata."""

import asyncio
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from node.errors import Invalid, Later, TooLarge
from node.i18n import mark
from node.media.sniff import Claimed, look

DEADLINE_SECONDS = 30
AT_ONCE = 2
MOST_WAITING = 20
LARGEST_OUTPUT = 16 * 1024 * 1024
MEDIA_TYPE = "image/webp"
DECODER = Path(__file__).with_name("decode.py")


class Purpose(Enum):
    """What a picture is for: the box it has to fit in, or to fill, and the longer side of its thumbnail."""

    ATTACHMENT = (1600, 1600, "fit", 480)
    AVATAR = (400, 400, "fill", 480)
    HEADER = (1500, 500, "fill", 480)
    FACE = (320, 320, "fill", 96)
    EMOJI = (96, 96, "fit", 48)


@dataclass(frozen=True, slots=True)
class Processed:
    """A picture that may be shown, in WebP.

    Attributes:
        data: the picture, its longer side at most 1,600 pixels.
        thumbnail: the same with at most 480 pixels, or what the purpose says, and 30 KB.
        width, height: of ``data``, in pixels.
    """

    data: bytes
    thumbnail: bytes
    width: int
    height: int
    media_type: str = MEDIA_TYPE


class ImageProcessor:
    """Decodes pictures in processes of their own, two at once."""

    def __init__(self, *, largest_bytes: int = 10 * 1024 * 1024, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._largest_bytes = largest_bytes
        self._deadline_seconds = deadline_seconds
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def process(self, data: bytes, purpose: Purpose = Purpose.ATTACHMENT) -> Processed:
        """Return ``data`` as a picture that may be shown.

        Args:
            data: a JPEG, PNG, WebP or GIF file; of an animation the first frame.
            purpose: how large it may be.

        Raises:
            TooLarge: more bytes than allowed.
            Invalid: not such a picture, broken, too many pixels, or too dear to decode.
            Later: too many pictures are being decoded.

        Spec: security T-39, V-M01, V-P04, A-21.
        """
        if len(data) > self._largest_bytes:
            raise TooLarge(f"{len(data)} bytes of {self._largest_bytes}")
        claimed = look(data)
        if self._waiting >= MOST_WAITING:
            raise Later("too many pictures at once", retry_after=10)
        self._waiting += 1
        try:
            async with self._places:
                return await self._decoded(data, claimed, purpose)
        finally:
            self._waiting -= 1

    async def _decoded(self, data: bytes, claimed: Claimed, purpose: Purpose) -> Processed:
        width, height, manner, side = purpose.value
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-B", str(DECODER), claimed.kind, str(width), str(height), manner, str(side),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd="/",
        )  # fmt: skip
        try:
            async with asyncio.timeout(self._deadline_seconds):
                answer, _ = await process.communicate(data)
        except TimeoutError:
            raise _unreadable() from None
        finally:
            if process.returncode is None:
                process.kill()
                await asyncio.shield(process.wait())
        if process.returncode != 0:
            raise _unreadable()
        return _parsed(answer)


def _parsed(answer: bytes) -> Processed:
    """Read what the decoder wrote; a decoder taken over by a picture may write anything."""
    line, _, rest = answer.partition(b"\n")
    try:
        width, height, length, thumbnail_length = (int(part) for part in line.split())
    except ValueError:
        raise _unreadable() from None
    if len(rest) != length + thumbnail_length or len(rest) > LARGEST_OUTPUT:
        raise _unreadable()
    picture, thumbnail = rest[:length], rest[length:]
    if look(picture) != Claimed("WEBP", width, height) or look(thumbnail).kind != "WEBP":
        raise _unreadable()
    return Processed(picture, thumbnail, width, height)


def _unreadable() -> Invalid:
    return Invalid({"image": mark("This picture can't be read. Please save it anew as JPEG or PNG and try again.")})
