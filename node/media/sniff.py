"""What a file is and how many pixels it claims, from its first bytes alone. Pure, decodes nothing."""

from dataclasses import dataclass

from node.errors import Invalid
from node.i18n import mark

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 20_000
_MOST_SEGMENTS = 200
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the header of an image says.

    Attributes:
        kind: `JPEG`, `PNG`, `WEBP` or `GIF`.
        width, height: pixels.
    """

    kind: str
    width: int
    height: int


def look(data: bytes) -> Claimed:
    """Return what an image claims to be.

    Raises:
        Invalid: none of the four formats, a broken header, or more than 40 million pixels.

    Spec: security T-39, V-M01, V-P04, A-21.
    """
    claimed = _look(data)
    if claimed is None or claimed.width < 1 or claimed.height < 1:
        raise Invalid({"image": mark("Please choose a picture: JPEG, PNG, WebP or GIF.")})
    sides = max(claimed.width, claimed.height)
    if claimed.width * claimed.height > MOST_PIXELS or sides > LONGEST_SIDE:
        raise Invalid({"image": mark("This picture has too many pixels. Please make it smaller first.")})
    return claimed


def _look(data: bytes) -> Claimed | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Claimed("GIF", _little(data, 6, 2), _little(data, 8, 2))
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return None


def _png(data: bytes) -> Claimed | None:
    if data[12:16] != b"IHDR":
        return None
    return Claimed("PNG", _big(data, 16, 4), _big(data, 20, 4))


def _jpeg(data: bytes) -> Claimed | None:
    place = 2
    for _ in range(_MOST_SEGMENTS):
        while data[place : place + 2] == b"\xff\xff":
            place += 1
        if data[place : place + 1] != b"\xff" or place + 9 > len(data):
            return None
        marker = data[place + 1]
        if marker in _START_OF_FRAME:
            return Claimed("JPEG", _big(data, place + 7, 2), _big(data, place + 5, 2))
        place += 2 + max(_big(data, place + 2, 2), 2)
    return None


def _webp(data: bytes) -> Claimed | None:
    match data[12:16]:
        case b"VP8X":
            return Claimed("WEBP", _little(data, 24, 3) + 1, _little(data, 27, 3) + 1)
        case b"VP8 " if data[23:26] == b"\x9d\x01\x2a":
            return Claimed("WEBP", _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF)
        case b"VP8L" if data[20:21] == b"\x2f":
            bits = _little(data, 21, 4)
            return Claimed("WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case _:
            return None


def _big(data: bytes, place: int, length: int) -> int:
    return int.from_bytes(data[place : place + length], "big")


def _little(data: bytes, place: int, length: int) -> int:
    return int.from_bytes(data[place : place + length], "little")
