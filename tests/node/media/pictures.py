"""Pictures and things that only look like pictures, made by the tests themselves."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object) -> bytes:
    """Return a small file of a format, with a gradient in it."""
    out = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


def with_place(size: tuple[int, int] = (64, 48), orientation: int = 1) -> bytes:
    """Return a JPEG whose EXIF names a camera and a place."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (1.0, 17.0, 31.0)
    return picture("JPEG", size, exif=exif, comment=b"SecretComment")


def claiming(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that claims any number of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


NOT_PICTURES = {
    "empty": b"",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "PDF": b"%PDF-1.7\n1 0 obj\n",
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "HEIF": b"\0\0\0\x18ftypheic\0\0\0\0heicmif1",
    "AVIF": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1",
    "TIFF": b"II*\0\x08\0\0\0",
    "BMP": b"BM" + b"\0" * 60,
    "ICO": b"\0\0\x01\0\x01\0",
    "MVG": b"push graphic-context\nviewbox 0 0 1 1\n",
    "script after a GIF sign": b"GIF89a=1;alert(1)//",
    "JPEG sign alone": b"\xff\xd8\xff\xe0",
    "JPEG without end of segments": b"\xff\xd8" + b"\xff\xe0\x00\x02" * 50_000,
    "PNG sign alone": b"\x89PNG\r\n\x1a\n",
    "WebP sign alone": b"RIFF\0\0\0\0WEBPVP8 ",
    "PNG without pixels": claiming(0, 10),
}
