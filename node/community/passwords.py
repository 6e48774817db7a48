"""Passwords: argon2id in two threads, the same work for known and unknown people."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from node.community.guessable import is_guessable
from node.errors import Invalid
from node.i18n import gettext as _

SHORTEST = 10
LONGEST = 200
AT_ONCE = 2
MEMORY_KIB = 32 * 1024
PASSES = 3
FEWEST_CHARACTERS = 5
SHORTEST_NAME = 3

_HASHER = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
_NOBODYS = "$argon2id$v=19$m=32768,t=3,p=1$" + "bm9ib2R5IGF0IGFsbCBo$" + "tBEfGXFYNXY7GfaBvp0zzBUMZaQPMbZUiPmc4SWFJ3U"
_ROOM = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
"""Whoever gives up waiting makes no room before the hash under way has ended."""


def require_strong(password: str, *, name: str) -> str:
    """Return `password` if it may be used.

    Args:
        name: the member's own.

    Raises:
        Invalid: too short, too long, with hardly any different characters, the member's own name, or what anybody
            would try first.

    Spec: security A-11.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        said = _(
            "Use %(least)s to %(most)s characters; a short sentence is easy to remember.", least=SHORTEST, most=LONGEST
        )
        raise Invalid({"password": said})
    has_name = len(name) >= SHORTEST_NAME and name.lower() in password.lower()
    if len(set(password)) < FEWEST_CHARACTERS or has_name:
        raise Invalid({"password": _("Use more different characters, and not your own name.")})
    if is_guessable(password):
        raise Invalid({"password": _("Others would guess this soon. Use a short sentence of your own.")})
    return password


async def hash_of(password: str) -> str:
    """Return the argon2id hash to store."""
    return await asyncio.get_running_loop().run_in_executor(_ROOM, _HASHER.hash, _bytes(password))


async def fits(password: str, stored: str | None) -> bool:
    """Tell whether `password` belongs to the hash `stored`; None costs the same time and never fits."""
    is_possible = stored is not None and len(password) <= LONGEST
    tried = (stored if is_possible else None) or _NOBODYS
    is_right = await asyncio.get_running_loop().run_in_executor(_ROOM, _fits, _bytes(password[:LONGEST]), tried)
    return is_right and is_possible


def _fits(password: bytes, stored: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    """Spell it one way, however the keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
