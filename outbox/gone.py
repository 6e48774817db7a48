"""What waits for hosts that are gone ends; what is new for them is not even written."""

from datetime import datetime, timedelta

from tortoise.expressions import Q

from node.community import errands, host_ends
from node.community.errands import Errand
from node.database import atomic
from node.models import Actor
from outbox.models import Delivery, DeliveryState

REASON = "the host is gone"
SAID_SO = "its inbox answered 410"
GONE = 410
ASK_AGAIN = timedelta(days=1)


async def notice(inbox_url: str, host: str, status: int, *, now: datetime) -> None:
    """Mark a host whose shared inbox says that it is gone for good; call it in the transaction of that end."""
    if status == GONE and await host_ends.is_shared_inbox(inbox_url):
        await host_ends.mark_gone(host, reason=SAID_SO, now=now)
        await _cancel([host], now=now)


async def notice_moved(inbox_url: str, status: int, *, now: datetime) -> None:
    """Have whoever takes post at an address that leads elsewhere read anew, once a day: the new one stands there."""
    if not 300 <= status <= 399:
        return
    foreign = Actor.filter(is_local=False)
    at_home = await foreign.filter(inbox_url=inbox_url).first()
    actor = at_home or await foreign.filter(shared_inbox_url=inbox_url).order_by("-id").first()
    if actor is not None:
        await errands.ask(Errand.ACTOR, actor.uri, now=now, pause=ASK_AGAIN)


async def sweep(*, now: datetime) -> int:
    """Mark the hosts that were silent for a season and end what waits for them; return how many hosts."""
    async with atomic():
        names = await host_ends.mark_silent(now=now)
        if names:
            await _cancel(names, now=now)
    return len(names)


async def _cancel(hosts: list[str], *, now: datetime) -> None:
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    waiting = Delivery.filter(free, host__in=hosts, state__in=[DeliveryState.PENDING, DeliveryState.HELD])
    await waiting.update(state=DeliveryState.CANCELLED, reason=REASON, ended_at=now)
