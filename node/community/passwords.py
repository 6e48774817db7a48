"""Passwords: argon2id in a thread, two at once, the same time for known and unknown people."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from node.errors import Invalid

SHORTEST = 10
LONGEST = 200
AT_ONCE = 2
MEMORY_KIB = 32 * 1024
PASSES = 3

_HASHER = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
_NOBODYS = "$argon2id$v=19$m=32768,t=3,p=1$" + "bm9ib2R5IGF0IGFsbCBo$" + "tBEfGXFYNXY7GfaBvp0zzBUMZaQPMbZUiPmc4SWFJ3U"
_ROOM = asyncio.Semaphore(AT_ONCE)


def require_strong(password: str, *, name: str) -> str:
    """Return `password` if it may be used.

    Raises:
        Invalid: too short, too long, one character repeated, or the member's own name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid({"password": f"Use {SHORTEST} to {LONGEST} characters; a short sentence is easy to remember."})
    if len(set(password)) < 4 or name.lower() in password.lower():
        raise Invalid({"password": "Use more different characters, and not your own name."})
    return password


async def hash_of(password: str) -> str:
    """Return the argon2id hash to store."""
    async with _ROOM:
        return await asyncio.to_thread(_HASHER.hash, password)


async def fits(password: str, stored: str | None) -> bool:
    """Tell whether `password` belongs to the hash `stored`; None costs the same time and never fits."""
    async with _ROOM:
        return await asyncio.to_thread(_fits, password[:LONGEST], stored or _NOBODYS) and stored is not None


def _fits(password: str, stored: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
