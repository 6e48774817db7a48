"""What a delivery needs, loaded for many in a few statements: body, host, and when it began to wait."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from node.community import hosts
from node.community.hosts import HostState
from node.database import among, moment, rows
from node.jobs import Claim

BODIES_KEPT = 64


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery with all that is needed to make an attempt.

    Args:
        body: the activity as published; every repeat sends these bytes.
        host: as it was when the delivery was claimed, seconds ago.
        last_reason: why the try before failed; empty on the first.
    """

    claim: Claim
    inbox_url: str
    sender_id: int
    body: bytes
    host: HostState
    created_at: datetime
    last_reason: str


class Bodies:
    """The bytes of the activities delivered lately: those of one post go to a thousand inboxes."""

    def __init__(self) -> None:
        self._held: OrderedDict[int, bytes] = OrderedDict()

    async def of(self, ids: set[int]) -> dict[int, bytes]:
        """Return the bodies of activities."""
        found = {number: self._held[number] for number in ids if number in self._held}
        if missing := sorted(ids - found.keys()):
            condition, known = among("id", missing)
            for row in await rows(f"SELECT id, body FROM published_activity WHERE {condition}", known):  # noqa: S608
                found[cast(int, row["id"])] = str(row["body"]).encode()
        for number in found:
            self._held[number] = found[number]
            self._held.move_to_end(number)
        while len(self._held) > BODIES_KEPT:
            self._held.popitem(last=False)
        return found


async def load(claims: Sequence[Claim], bodies: Bodies, *, now: datetime) -> list[Parcel]:
    """Return what the claimed deliveries need, in the same order.

    Args:
        bodies: those that are in memory already.
        now: aware UTC; a host seen for the first time is noted as such.
    """
    if not claims:
        return []
    texts = await bodies.of({cast(int, claim.row["activity_id"]) for claim in claims})
    known = await hosts.states(sorted({str(claim.row["host"]) for claim in claims}), now=now)
    return [
        Parcel(
            claim=claim,
            inbox_url=str(claim.row["inbox_url"]),
            sender_id=cast(int, claim.row["sender_id"]),
            body=texts[cast(int, claim.row["activity_id"])],
            host=known[str(claim.row["host"])],
            created_at=moment(claim.row["created_at"]) or now,
            last_reason=str(claim.row["reason"]),
        )
        for claim in claims
    ]
