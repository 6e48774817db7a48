"""The inboxes at the raw front: a delivery goes to the way in as it came. Cookies are not looked at."""

from collections.abc import Awaitable, Callable

from federation.http import Request
from web.access import POST, ROUTES, Kind
from web.doors import Receipt
from web.raw import Answer, Incoming, RawRoute

MEDIA_TYPES = frozenset({"application/activity+json", "application/ld+json"})


def inbox_routes(receive: Callable[[Request, str], Awaitable[Receipt]], *, body_bytes: int) -> tuple[RawRoute, ...]:
    """Return the raw routes of all inboxes.

    Args:
        receive: the way in.
        body_bytes: the largest delivery.
    """

    async def handle(incoming: Incoming) -> Answer:
        receipt = await receive(incoming.request, incoming.path)
        return Answer(receipt.status, tuple(receipt.headers))

    rules = [route.rule for route in ROUTES if route.kind is Kind.RAW and route.methods == POST]
    return tuple(RawRoute(rule, "POST", handle, body_bytes, MEDIA_TYPES) for rule in rules if rule.endswith("/inbox"))


def health_route(is_well: Callable[[], Awaitable[bool]]) -> RawRoute:
    """Return the route that load balancers ask: 200 while the database answers, 503 otherwise."""

    async def handle(_incoming: Incoming) -> Answer:
        well = await is_well()
        text = b"ok\n" if well else b"unavailable\n"
        headers = (("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store"))
        return Answer(200 if well else 503, headers, text)

    return RawRoute("/health", "GET", handle)
