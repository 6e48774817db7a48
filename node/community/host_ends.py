"""Hosts that are gone: their inbox said so, or they were silent for a season. Nothing is sent until they speak again.

Follows stay as they are: who comes back finds everything as it was.
"""

from datetime import datetime, timedelta

from tortoise.expressions import Q

from node.database import atomic
from node.models import Actor, Host

SILENT_FOR = timedelta(days=90)
AT_ONCE = 500
SILENT = "silent for 90 days"


async def mark_gone(name: str, *, reason: str, now: datetime) -> bool:
    """Note that nothing is sent to a host any more; tell whether that is new."""
    standing = Host.filter(name=name, gone_at__isnull=True)
    async with atomic():
        return await standing.update(gone_at=now, last_error=reason[:300], last_error_at=now) > 0


async def mark_silent(*, now: datetime) -> list[str]:
    """Note the hosts that fail, and of which nothing was heard for a season; return them."""
    long_ago = now - SILENT_FOR
    failing = Host.filter(gone_at__isnull=True, failures__gt=0, first_seen_at__lte=long_ago)
    silent = failing.filter(
        Q(heard_at__isnull=True) | Q(heard_at__lte=long_ago), Q(reached_at__isnull=True) | Q(reached_at__lte=long_ago)
    )
    names = [str(name) for name in await silent.order_by("id").limit(AT_ONCE).values_list("name", flat=True)]
    for name in names:
        await mark_gone(name, reason=SILENT, now=now)
    return names


async def resume(name: str) -> bool:
    """Let a host be written to again; tell whether it was gone. A valid request of its own does the same."""
    async with atomic():
        return await Host.filter(name=name, gone_at__isnull=False).update(gone_at=None, failures=0, open_until=None) > 0


async def gone() -> frozenset[str]:
    """Return the hosts to which nothing is sent."""
    return frozenset(str(name) for name in await Host.filter(gone_at__isnull=False).values_list("name", flat=True))


async def is_shared_inbox(url: str) -> bool:
    """Tell whether an inbox is that of a whole server."""
    return await Actor.filter(is_local=False, shared_inbox_url=url).exists()
