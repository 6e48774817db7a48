"""Received activities one by one, for whoever looks after the node: what became of each, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inbox.models import ReceivedActivity, ReceivedState
from node.database import atomic
from node.errors import NotFound

SHOWN = 20
LONGEST_BODY = 64 * 1024
DISCARDED = "discarded by an operator; it had failed with: "


@dataclass(frozen=True, slots=True)
class Arrived:
    """One activity that came in.

    Args:
        signer_uri: who proved it.
        inboxes: paths of ours that it came to.
        body: as received, as text, cut at 64 KiB; empty once it was dropped.
        is_cut: there is more of it.
        reason: why it was ignored or given up; for operators.
    """

    id: int
    activity_uri: str
    actor_uri: str
    signer_uri: str
    type: str
    state: str
    reason: str
    attempts: int
    inboxes: tuple[str, ...]
    body: str
    is_cut: bool
    received_at: datetime
    due_at: datetime
    ended_at: datetime | None


async def one(received_id: int) -> Arrived:
    """Return one that came in.

    Raises:
        NotFound: there is none with this number.
    """
    row = await ReceivedActivity.get_or_none(id=received_id)
    if row is None:
        raise NotFound(f"no received activity {received_id}")
    return _arrived(row)


async def named(uri: str) -> tuple[Arrived, ...]:
    """Return what came in under an activity's id: mostly one, as many as origins claimed it."""
    rows = await ReceivedActivity.filter(activity_uri=uri).order_by("-id").limit(SHOWN)
    return tuple(_arrived(row) for row in rows)


async def latest(*states: str) -> tuple[Arrived, ...]:
    """Return what came in last, of these states or of all."""
    chosen = [ReceivedState(state) for state in states]
    found = ReceivedActivity.filter(state__in=chosen) if chosen else ReceivedActivity.filter(id__gt=0)
    return tuple(_arrived(row) for row in await found.order_by("-id").limit(SHOWN))


async def discard(received_ids: Iterable[int], *, now: datetime) -> int:
    """Let what was given up rest for good, its reason kept; return how many."""
    done = 0
    async with atomic():
        for row in await ReceivedActivity.filter(id__in=list(received_ids), state=ReceivedState.DEAD):
            ended = {"state": ReceivedState.IGNORED, "reason": DISCARDED + row.reason, "ended_at": now}
            done += await ReceivedActivity.filter(id=row.id, state=ReceivedState.DEAD).update(**ended)
    return done


def _arrived(row: ReceivedActivity) -> Arrived:
    body = bytes(row.body or b"")
    return Arrived(
        row.id,
        row.activity_uri,
        row.actor_uri,
        row.signer_uri,
        row.type,
        row.state.value,
        row.reason,
        row.attempts,
        tuple(row.inboxes),
        body[:LONGEST_BODY].decode(errors="replace"),
        len(body) > LONGEST_BODY,
        row.received_at,
        row.due_at,
        row.ended_at,
    )
