"""Public ids: 26 characters that sort by time and can't be guessed. Pure."""

import re
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_SHAPE = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")
ENTROPY_BYTES = 10


def new_public_id(now: datetime, entropy: bytes) -> str:
    """Return a new id of 128 bits: 48 of time in milliseconds, then 80 of `entropy`.

    Args:
        now: aware UTC.
        entropy: ten random bytes.

    Returns:
        26 characters of Crockford's base32 in lower case; ids sort as their times do.
    """
    if len(entropy) != ENTROPY_BYTES:
        raise ValueError(f"an id needs {ENTROPY_BYTES} random bytes, not {len(entropy)}")
    milliseconds = int(now.timestamp() * 1000)
    number = milliseconds << 80 | int.from_bytes(entropy)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def is_public_id(text: str) -> bool:
    """Tell whether `text` has the shape of an id, without asking whether it exists."""
    return _SHAPE.fullmatch(text) is not None
