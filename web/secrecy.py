"""Tokens of forms and sessions: made, masked, compared. Pure: entropy comes in as an argument."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

MASK_BYTES = 16
MOST_TOKEN = 200


def token_text(entropy: bytes) -> str:
    """Return random bytes as text for a cookie or a link."""
    return base64.urlsafe_b64encode(entropy).decode().rstrip("=")


def visitor_secret(secret_key: str, visitor: str) -> str:
    """Return the form secret of a visitor who has not signed in, from the visitor's cookie."""
    return _mac(secret_key, f"visitor:{visitor}").hex()


def form_token(secret: str, mask: bytes) -> str:
    """Return a token for a form; with a fresh mask it differs on each page (BREACH).

    Args:
        secret: of the session or of the visitor.
        mask: random bytes, or zeros where the page must stay the same byte for byte.
    """
    return token_text(mask + _mac(secret, "form:" + mask.hex()))


def is_form_token(token: str, secret: str) -> bool:
    """Say whether `token` was made by `form_token` with `secret`."""
    if not secret or not token.isascii() or len(token) > MOST_TOKEN:
        return False
    raw = _decoded(token)
    mask, mac = raw[:MASK_BYTES], raw[MASK_BYTES:]
    return hmac.compare_digest(mac, _mac(secret, "form:" + mask.hex()))


def time_stamp(secret_key: str, now: datetime) -> str:
    """Return a signed time for a form that strangers may send."""
    seconds = str(int(now.timestamp()))
    return f"{seconds}.{token_text(_mac(secret_key, 'stamp:' + seconds))}"


def age_of_stamp(stamp: str, secret_key: str, now: datetime) -> timedelta | None:
    """Return how long ago `time_stamp` was called, None for anything else."""
    seconds, _, mac = stamp.partition(".")
    if not (stamp.isascii() and seconds.isdigit() and len(stamp) <= MOST_TOKEN):
        return None
    if not hmac.compare_digest(mac, token_text(_mac(secret_key, "stamp:" + seconds))):
        return None
    return timedelta(seconds=int(now.timestamp()) - int(seconds))


def _mac(secret: str, text: str) -> bytes:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()


def _decoded(token: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return b""
