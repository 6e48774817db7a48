"""Pictures for whoever has none: woven patterns, always the same for the same name. Pure."""

import hashlib
from collections.abc import Iterator, Sequence
from io import BytesIO

from PIL import Image, ImageDraw

MEDIA_TYPE = "image/png"
AVATAR_SIDE = 420
HEADER_SIZE = (1500, 500)
_FINER = 4
_CELLS = 6

# Ground, then the strands that are woven into it.
PALETTES: tuple[tuple[str, ...], ...] = (
    ("#0b5c63", "#faf7f1", "#efa25b", "#74cbc8"),
    ("#07434a", "#f2c14e", "#e0793a", "#9ad1d4"),
    ("#7d3a10", "#f6d8ae", "#efa25b", "#74cbc8"),
    ("#274029", "#e9c46a", "#84a98c", "#f4f1de"),
    ("#1b4965", "#62b6cb", "#ffb703", "#edf6f9"),
    ("#5f0f40", "#fb8b24", "#f6d8ae", "#9a7197"),
    ("#14213d", "#fca311", "#8ecae6", "#e5e5e5"),
    ("#3d2c5e", "#c3a6d8", "#f7b267", "#f4f4f9"),
)


def avatar(name: str) -> bytes:
    """Return a square pattern for ``name`` as PNG, mirrored left to right like a face or a mat."""
    draws = _numbers(f"weave:{name}")
    palette = PALETTES[next(draws) % len(PALETTES)]
    image, draw = _canvas((AVATAR_SIDE, AVATAR_SIDE), palette[0])
    cell = AVATAR_SIDE * _FINER // _CELLS
    for row in range(_CELLS):
        for column in range(_CELLS // 2):
            shape, color = next(draws), palette[1 + next(draws) % 3]
            for place, mirrored in ((column, False), (_CELLS - 1 - column, True)):
                _tile(draw, (place * cell, row * cell, cell), shape, color=color, mirrored=mirrored)
    return _png(image, (AVATAR_SIDE, AVATAR_SIDE), palette)


def header(name: str) -> bytes:
    """Return a wide band of the same weave for ``name`` as PNG."""
    draws = _numbers(f"weave:{name}")
    palette = PALETTES[next(draws) % len(PALETTES)]
    width, height = HEADER_SIZE
    image, draw = _canvas(HEADER_SIZE, palette[0])
    cell = height * _FINER // 5
    for row in range(5):
        shapes = [(next(draws), palette[1 + next(draws) % 3]) for _ in range(3)]
        for column in range(width * _FINER // cell + 1):
            shape, color = shapes[column % 3]
            _tile(draw, (column * cell, row * cell, cell), shape, color=color, mirrored=column % 2 == 1)
    return _png(image, HEADER_SIZE, palette)


def _numbers(seed: str) -> Iterator[int]:
    """Bytes without end that depend on the seed alone."""
    block = seed.encode()
    while True:
        block = hashlib.sha256(block).digest()
        yield from block


def _canvas(size: tuple[int, int], ground: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (size[0] * _FINER, size[1] * _FINER), ground)
    return image, ImageDraw.Draw(image)


def _tile(draw: ImageDraw.ImageDraw, square: tuple[int, int, int], shape: int, *, color: str, mirrored: bool) -> None:
    """Draw one of six strands into a square, flipped where it is mirrored."""
    left, top, side = square

    def at(x: float, y: float) -> tuple[float, float]:
        return left + (1 - x if mirrored else x) * side, top + y * side

    match shape % 6:
        case 0:
            draw.polygon([at(0, 0), at(1, 0), at(0, 1)], fill=color)
        case 1:
            draw.polygon([at(0.5, 0), at(1, 0.5), at(0.5, 1), at(0, 0.5)], fill=color)
        case 2:
            _quarter(draw, square, color=color, mirrored=mirrored)
        case 3:
            for step in (0, 2):
                draw.polygon(
                    [at(0, step / 4), at(1, step / 4), at(1, (step + 1) / 4), at(0, (step + 1) / 4)], fill=color
                )
        case 4:
            draw.polygon([at(0, 0), at(0.35, 0), at(1, 0.65), at(1, 1), at(0.65, 1), at(0, 0.35)], fill=color)
        case _:
            return


def _quarter(draw: ImageDraw.ImageDraw, square: tuple[int, int, int], *, color: str, mirrored: bool) -> None:
    left, top, side = square
    center = left + side if mirrored else left
    start, end = (90, 180) if mirrored else (0, 90)
    draw.pieslice([center - side, top - side, center + side, top + side], start, end, fill=color)


def _png(image: Image.Image, size: tuple[int, int], palette: Sequence[str]) -> bytes:
    out = BytesIO()
    small = image.resize(size, Image.Resampling.LANCZOS).quantize(16 * len(palette))
    small.save(out, "PNG", optimize=True)
    return out.getvalue()
