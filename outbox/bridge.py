"""The bridge: from a journal entry to published activities and due deliveries, one transaction an entry.

Bodies are fixed here, proof included: every repeat sends the same bytes. Nothing is sent from here.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

import orjson

from federation.signatures import add_proof
from federation.vocabulary.budget import fit
from federation.vocabulary.context import Json
from node import jobs
from node.clock import Clock
from node.community import journal
from node.community.tables import insert_all, insert_missing
from node.database import as_outage, atomic
from node.errors import NotFound
from node.jobs import JOBS, Claim, LeaseLost
from node.models import ActorKind, JournalEntry, KeyKind, Visibility
from node.policy.registry import Registry
from outbox.keys import SigningKeys
from outbox.models import Delivery, PublishedActivity, Reach
from outbox.moment import Moment
from outbox.plans import plan
from outbox.recipients import Recipient, recipients
from outbox.telling import Telling

KIND = "federate"
AT_ONCE = 20
EVERYTHING = "network"
"""The Group that passes everything on."""
REACHING = frozenset({"Create", "Update", "Announce"})
"""Whoever got one of these has the thing, and has to learn of its changes and its end."""
PROVEN = frozenset({Visibility.PUBLIC, Visibility.QUIET})
_log = logging.getLogger("talanoa.bridge")


@dataclass(frozen=True, slots=True)
class Bridge:
    """What the bridge works with; built once a process. `base` is the public URL."""

    keys: SigningKeys
    registry: Registry
    clock: Clock
    base: str
    relaxed: bool


async def step(bridge: Bridge) -> int:
    """Turn the journal entries that are due into deliveries; return how many."""
    now = bridge.clock.now()
    claims = await jobs.claim(JOBS, now=now, limit=AT_ONCE, where="kind = ?", values=[KIND])
    for claim in claims:
        await _cross(claim, bridge)
    return len(claims)


async def _cross(claim: Claim, bridge: Bridge) -> None:
    now = bridge.clock.now()
    try:
        async with atomic():
            entry = await JournalEntry.get(id=int(str(claim.row["key"])))
            tellings = await plan(journal.read(entry), Moment(bridge.base, now))
            await publish(tellings, bridge, now=now)
            await jobs.complete(claim, now=now)
    except LeaseLost:
        _log.warning("another worker took over journal entry %s", claim.row["key"])
    except NotFound as error:
        await jobs.fail(claim, now=now, reason=f"NotFound: {error}")
    except Exception as error:
        if as_outage(error):
            raise
        _log.exception("journal entry %s could not be told", claim.row["key"])
        await jobs.fail(claim, now=now, reason=f"{type(error).__name__}: {error}")


async def publish(tellings: list[Telling], bridge: Bridge, *, now: datetime) -> None:
    """Write activities and deliveries.

    What a topic Group has sent to an inbox, `@network` does not send there again; whoever follows a member and
    whoever follows a Group are different people, even behind one inbox.
    """
    by_groups: set[tuple[str, str]] = set()
    for telling in tellings:
        found = await recipients(telling, registry=bridge.registry, relaxed=bridge.relaxed, now=now)
        if telling.sender.local_name == EVERYTHING:
            found = [each for each in found if (telling.object_uri, each.inbox_url) not in by_groups]
        if telling.sender.kind is ActorKind.GROUP:
            by_groups |= {(telling.object_uri, each.inbox_url) for each in found}
        await _write(telling, found, bridge, now=now)


async def _write(telling: Telling, to: list[Recipient], bridge: Bridge, *, now: datetime) -> None:
    document = await _proven(telling, bridge, now=now)
    activity = await PublishedActivity.create(
        uri=str(document["id"]),
        public_id=str(document["id"]).rpartition("/")[2],
        actor=telling.sender,
        type=str(document["type"]),
        object_uri=telling.object_uri,
        visibility=telling.visibility,
        in_outbox=telling.in_outbox,
        body=orjson.dumps(document).decode(),
        created_at=now,
    )
    await insert_all(Delivery, [_delivery(activity, telling, each, now) for each in to])
    if activity.type in REACHING:
        reached = [{"object_uri": telling.object_uri, "inbox_url": each.inbox_url} for each in to]
        await insert_missing(Reach, reached)


async def _proven(telling: Telling, bridge: Bridge, *, now: datetime) -> Json:
    """Return the activity as it is sent: short enough, and with a proof if everybody may read it."""
    document = fit(dict(telling.activity))
    if telling.visibility not in PROVEN:
        return document
    key = await bridge.keys.of(telling.sender, KeyKind.ED25519)
    return add_proof(document, key, now=now)


def _delivery(activity: PublishedActivity, telling: Telling, to: Recipient, now: datetime) -> dict[str, object]:
    return {
        "activity_id": activity.id,
        "inbox_url": to.inbox_url,
        "host": to.host,
        "sender_id": telling.sender.id,
        "ordering_key": hashlib.sha256(f"{to.inbox_url} {telling.order}".encode()).hexdigest(),
        "due_at": now,
        "created_at": now,
    }
