"""Between whom a block or a mute stands: asked before anybody follows, answers, or is told of somebody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from node.database import few_sizes, marks, rows
from node.models import Actor, Avoidance, AvoidanceKind


async def apart_from(actor: Actor, others: Iterable[int]) -> frozenset[int]:
    """Return those of the `others` between whom and `actor` a block stands, whoever made it."""
    ids = list(others)
    if not ids:
        return frozenset()
    blocks = Avoidance.filter(kind=AvoidanceKind.BLOCK)
    theirs = await blocks.filter(subject__in=[actor.uri, actor.host], actor_id__in=ids).values_list("actor_id")
    own = await blocks.filter(actor_id=actor.id, target_id__in=ids).values_list("target_id")
    hosts = await blocks.filter(actor_id=actor.id, target_id__isnull=True).values_list("subject")
    there = await Actor.filter(id__in=ids, host__in=[name for (name,) in hosts]).values_list("id") if hosts else []
    return frozenset(found for (found,) in (*theirs, *own, *there))


@dataclass(frozen=True, slots=True)
class Between:
    """The blocks and mutes about some actors.

    Args:
        kept_away: who keeps away from which actor's URI or which host, and how.
        blocked: which of the actors blocks whom.
    """

    kept_away: Mapping[tuple[int, str], AvoidanceKind]
    blocked: frozenset[tuple[int, int]]

    def is_apart(self, actor: Actor, our_id: int) -> bool:
        """Tell whether a block stands between one of the actors and one of ours."""
        return AvoidanceKind.BLOCK in self._kinds(actor, our_id) or (actor.id, our_id) in self.blocked

    def is_unheard(self, actor: Actor, our_id: int) -> bool:
        """Tell whether one of ours is not to hear of one of the actors."""
        return bool(self._kinds(actor, our_id)) or (actor.id, our_id) in self.blocked

    def _kinds(self, actor: Actor, our_id: int) -> set[AvoidanceKind]:
        pairs = ((our_id, actor.uri), (our_id, actor.host))
        return {self.kept_away[pair] for pair in pairs if pair in self.kept_away}


async def between(actors: Iterable[Actor]) -> Between:
    """Read the blocks and mutes about some actors, in one statement."""
    those = {actor.id: actor for actor in actors}
    if not those:
        return Between({}, frozenset())
    subjects = few_sizes(name for actor in those.values() for name in (actor.uri, actor.host))
    ids = few_sizes(those)
    sql = (
        "SELECT actor_id, target_id, subject, kind FROM avoidance "  # noqa: S608
        f"WHERE subject IN ({marks(len(subjects))}) OR actor_id IN ({marks(len(ids))})"
    )
    found = await rows(sql, [*subjects, *ids])
    away = {(cast(int, row["actor_id"]), str(row["subject"])): AvoidanceKind(str(row["kind"])) for row in found}
    blocks = [row for row in found if row["target_id"] is not None and str(row["kind"]) == AvoidanceKind.BLOCK.value]
    return Between(away, frozenset((cast(int, row["actor_id"]), cast(int, row["target_id"])) for row in blocks))
