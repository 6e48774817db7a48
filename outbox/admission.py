"""When policy changes: hold the waiting deliveries of hosts that are out, release those of hosts that are in."""

from node import jobs
from node.clock import Clock
from node.database import atomic
from node.jobs import JOBS
from node.policy.registry import Registry
from outbox.models import Delivery, DeliveryState

KIND = "admission"
AT_ONCE = 10


async def step(registry: Registry, clock: Clock) -> int:
    """Apply the policy changes that are due to the waiting deliveries; return how many changes."""
    now = clock.now()
    claims = await jobs.claim(JOBS, now=now, limit=AT_ONCE, where="kind = ?", values=[KIND])
    if not claims:
        return 0
    await registry.refresh()
    async with atomic():
        waiting = Delivery.filter(state__in=[DeliveryState.PENDING, DeliveryState.HELD])
        for host in await waiting.distinct().values_list("host", flat=True):
            is_in = registry.decide(str(host), now=now).is_admitted
            await _turn(str(host), is_in=is_in)
        await jobs.complete_many(claims, now=now)
    return len(claims)


async def pending_for(host: str) -> int:
    """Count the deliveries that wait for a host."""
    return await Delivery.filter(host=host, state__in=[DeliveryState.PENDING, DeliveryState.HELD]).count()


async def _turn(host: str, *, is_in: bool) -> None:
    was, becomes = (DeliveryState.HELD, DeliveryState.PENDING) if is_in else (DeliveryState.PENDING, DeliveryState.HELD)
    reason = "" if is_in else "held: policy does not admit the host"
    await Delivery.filter(host=host, state=was).update(state=becomes, reason=reason)
