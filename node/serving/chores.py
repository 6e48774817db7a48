"""Chores of a running node that a row of the journal does not ask for: timed entries end, lost files go."""

from node.community import foreign_pictures, orphans, retention, trust
from node.community.retention import Housekeeper
from node.serving.assembly import Node

TRUST_SECONDS = 60.0
RETENTION_SECONDS = 1800.0
COUNT_SECONDS = 5.0
ORPHAN_SECONDS = orphans.GRACE.total_seconds()


async def end_timed_entries(node: Node) -> None:
    """End the policy entries that ran out: follows come back, and the deliveries get their `admission` job."""
    await trust.expire(registry=node.registry, now=node.clock.now())


async def drop_lost_files(node: Node) -> None:
    """Delete the pictures that nothing names any more."""
    now = node.clock.now()
    await orphans.sweep(node.surroundings.media, now=now)
    await foreign_pictures.sweep(node.gallery.store, before=now - orphans.GRACE)


async def let_go(node: Node) -> None:
    """Once a day let go what expired, a little at a time."""
    await retention.nightly(Housekeeper(node.settings, node.clock, node.gallery.store))
    await retention.forget_old_runs(now=node.clock.now())


async def count_what_would_go(node: Node) -> None:
    """Count what retention would let go, where somebody of the administration asked for it."""
    await retention.count_asked(Housekeeper(node.settings, node.clock, node.gallery.store))
