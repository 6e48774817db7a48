"""The one place that draws real randomness: public ids and tokens."""

import secrets
from datetime import datetime

from node.identifiers import ENTROPY_BYTES, new_public_id

TOKEN_BYTES = 32
NONCE_BYTES = 12


def public_id(now: datetime) -> str:
    """Return a fresh public id for something made at `now` (aware UTC)."""
    return new_public_id(now, secrets.token_bytes(ENTROPY_BYTES))


def token() -> str:
    """Return 256 random bits as text that fits into a link or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def nonce() -> bytes:
    """Return twelve random bytes for `node.secrets.wrap`."""
    return secrets.token_bytes(NONCE_BYTES)


def jitter() -> float:
    """Return a share between -0.2 and 0.2, by which a wait is moved."""
    return (secrets.randbelow(4001) - 2000) / 10_000
