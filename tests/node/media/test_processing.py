"""Only real pictures come in, and nothing but the picture comes out."""

import resource
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from node.errors import Invalid, TooLarge
from node.media import decode
from node.media.processing import ImageProcessor, Purpose
from node.media.sniff import Claimed, look
from tests.node.media.pictures import NOT_PICTURES, claiming, picture, with_place

KINDS = ("JPEG", "PNG", "WEBP", "GIF")


@pytest.mark.parametrize("name", NOT_PICTURES)
async def test_what_is_not_one_of_four_formats_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """V-M01, V-P04, T-39: most of it before any decoder starts."""
    with pytest.raises(Invalid) as refused:
        await ImageProcessor().process(NOT_PICTURES[name])

    assert list(refused.value.fields) == ["image"]


@pytest.mark.parametrize("size", [(25_000, 25_000), (30_000, 30_000), (2**31, 2**31), (40_000_001, 1), (1, 20_001)])
async def test_a_picture_with_too_many_pixels_is_refused_by_its_header(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-21: no decoder is started and no memory taken."""
    monkeypatch.setattr("asyncio.create_subprocess_exec", None)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(Invalid, match="too many pixels"):
        await ImageProcessor().process(claiming(*size))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


async def test_a_file_that_breaks_off_is_refused() -> None:
    whole = picture("PNG", (200, 200))

    with pytest.raises(Invalid, match="can't be read"):
        await ImageProcessor().process(claiming(2000, 2000))
    with pytest.raises(Invalid, match="can't be read"):
        await ImageProcessor().process(whole[:100])


async def test_a_file_over_the_limit_is_not_even_looked_at() -> None:
    with pytest.raises(TooLarge):
        await ImageProcessor(largest_bytes=10).process(picture())


async def test_a_decoder_that_takes_too_long_is_ended() -> None:
    with pytest.raises(Invalid, match="can't be read"):
        await ImageProcessor(deadline_seconds=0.001).process(picture())


@pytest.mark.parametrize("kind", KINDS)
async def test_every_format_becomes_webp_and_stays_within_its_box(kind: str) -> None:
    result = await ImageProcessor().process(picture(kind, (2000, 500)))

    assert (result.width, result.height, result.media_type) == (1600, 400, "image/webp")
    with Image.open(BytesIO(result.data)) as whole, Image.open(BytesIO(result.thumbnail)) as small:
        assert (whole.format, whole.size, small.format, small.size) == ("WEBP", (1600, 400), "WEBP", (480, 120))


async def test_place_and_camera_are_gone_and_the_picture_stands_upright() -> None:
    """A-21: EXIF and comments are stripped, its orientation is obeyed."""
    original = with_place((64, 48), orientation=6)
    assert b"SecretCamera" in original

    result = await ImageProcessor().process(original)

    assert (result.width, result.height) == (48, 64)
    for data in (result.data, result.thumbnail):
        assert b"Secret" not in data
        with Image.open(BytesIO(data)) as image:
            assert (dict(image.getexif()), set(image.info) & {"exif", "xmp", "icc_profile", "comment"}) == ({}, set())


async def test_a_noisy_picture_still_has_a_small_thumbnail() -> None:
    """Domain W7: at most 30 KB."""
    noise = BytesIO()
    Image.effect_noise((600, 600), 200).save(noise, "PNG")

    result = await ImageProcessor().process(noise.getvalue())

    assert len(result.thumbnail) <= decode.THUMBNAIL_BYTES


async def test_an_avatar_fills_its_square_and_keeps_transparency() -> None:
    result = await ImageProcessor().process(picture("PNG", (300, 200), "RGBA"), Purpose.AVATAR)

    assert (result.width, result.height) == (400, 400)


@pytest.mark.parametrize("kind", KINDS)
def test_the_header_tells_format_and_size(kind: str) -> None:
    assert look(picture(kind, (640, 321))) == Claimed(kind, 640, 321)
    assert look(picture("WEBP", (33, 17), lossless=True)) == Claimed("WEBP", 33, 17)
    assert look(picture("WEBP", (33, 17), "RGBA", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")) == Claimed(
        "WEBP", 33, 17
    )
    assert look(picture("JPEG", (33, 17), progressive=True)) == Claimed("JPEG", 33, 17)


@pytest.mark.parametrize(
    "attempt",
    ["open('/etc/passwd')", "__import__('_socket').socket()", "bytearray(decode.MEMORY_BYTES)"],
)
def test_a_decoder_can_open_no_file_no_socket_and_little_memory(attempt: str) -> None:
    """V-P04: whatever a picture sets free finds nothing to hold on to."""
    program = (
        "import runpy, sys, _socket; decode = type(sys)('decode'); "
        f"vars(decode).update(runpy.run_path({decode.__file__!r})); decode._confine()\n"
        f"try: {attempt}\nexcept (OSError, MemoryError): sys.exit(7)"
    )

    done = subprocess.run([sys.executable, "-I", "-c", program], check=False, timeout=30)

    assert done.returncode == 7
