"""Whom moderators limited: in lists, search and notices they are met by their followers only."""

from dataclasses import dataclass
from typing import cast

from tortoise.expressions import Q

from node.community.visibility import Viewer
from node.database import rows
from node.models import Member


@dataclass(frozen=True, slots=True)
class Limited:
    """Those whom this viewer does not meet in lists; mostly nobody."""

    actor_ids: frozenset[int] = frozenset()
    member_ids: frozenset[int] = frozenset()

    @property
    def posts(self) -> Q:
        """Match the posts of all others."""
        return Q(author_id__not_in=list(self.actor_ids)) if self.actor_ids else Q()

    @property
    def records(self) -> Q:
        """Match the records and events of all others."""
        others = Q(publisher_id__not_in=list(self.actor_ids)) if self.actor_ids else Q()
        return others & Q(author_id__not_in=list(self.member_ids)) if self.member_ids else others


async def unmet_by(viewer: Viewer) -> Limited:
    """Return those whom `viewer` does not follow, nor is."""
    found = await rows("SELECT id, is_local FROM actor WHERE limited_at IS NOT NULL")
    met = viewer.follows | {viewer.actor_id}
    limited = ((cast(int, row["id"]), bool(row["is_local"])) for row in found)
    actors = {actor_id: is_local for actor_id, is_local in limited if actor_id not in met}
    ours = [actor_id for actor_id, is_local in actors.items() if is_local]
    members = await Member.filter(actor_id__in=ours).values_list("id", flat=True) if ours else []
    return Limited(frozenset(actors), frozenset(int(str(each)) for each in members))
