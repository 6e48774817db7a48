"""The program that decodes one picture, in a process of its own with little memory and no way out.

Reads the file from standard input and writes to standard output one line
`width height bytes thumbnail_bytes`, then the picture and its thumbnail in WebP.
Ends with 3 if the picture can't be read. Imports nothing of ours.
"""

import copy
import resource
import sys
import warnings
from io import BytesIO

from PIL import (
    GifImagePlugin,
    Image,
    ImageColor,
    ImageFilter,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

MEMORY_BYTES = 900 * 1024 * 1024
CPU_SECONDS = 15
MOST_PIXELS = 40_000_000
QUALITY = 80
THUMBNAIL_BYTES = 30 * 1024
UNREADABLE = 3
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
NEEDED_LATER = (
    copy,
    GifImagePlugin,
    ImageColor,
    ImageFilter,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
"""Pillow imports these when it meets them, and then no file can be opened any more; TIFF reads EXIF."""


def main(arguments: list[str]) -> int:
    """Decode, shrink and strip.

    Args:
        arguments: format, width and height of the box, `fit` or `fill`, and the longer side of the thumbnail.
    """
    kind, width, height, manner, side = arguments
    Image.preinit()
    _confine()
    try:
        picture = _read(sys.stdin.buffer.read(), kind)
        picture = _boxed(picture, (int(width), int(height)), manner)
        whole, small = _written(picture, QUALITY), _thumbnail(picture, int(side))
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        MemoryError,
        OverflowError,
        Image.DecompressionBombError,
    ) as error:
        sys.stderr.write(f"{type(error).__name__}\n")
        return UNREADABLE
    line = f"{picture.width} {picture.height} {len(whole)} {len(small)}\n"
    sys.stdout.buffer.write(line.encode() + whole + small)
    return 0


def _confine() -> None:
    """Take memory, time, files and sockets away from whatever a picture may set free.

    Everything that is to be imported must have been imported before.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def _read(data: bytes, kind: str) -> Image.Image:
    """Return the first frame, upright, in RGB or RGBA, without any metadata."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    if kind not in FORMATS:
        raise ValueError(kind)
    picture = Image.open(BytesIO(data), formats=[kind])
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    picture.draft("RGB", (1600, 1600))
    upright = ImageOps.exif_transpose(picture)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    plain.info.clear()
    return plain


def _boxed(picture: Image.Image, box: tuple[int, int], manner: str) -> Image.Image:
    if manner == "fill":
        return ImageOps.fit(picture, box, Image.Resampling.LANCZOS)
    picture.thumbnail(box, Image.Resampling.LANCZOS)
    return picture


def _written(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()


def _thumbnail(picture: Image.Image, side: int) -> bytes:
    """Return the best thumbnail that keeps within 30 KB."""
    while True:
        small = picture.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in (75, 55, 35):
            data = _written(small, quality)
            if len(data) <= THUMBNAIL_BYTES:
                return data
        side = side * 3 // 4


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
