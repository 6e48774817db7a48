"""What a member hears about."""

from dataclasses import dataclass
from datetime import datetime

from node.community.mixing import show_things
from node.community.paging import PAGE_SIZE, Page, row_mark
from node.community.shown_actors import actor_view
from node.community.viewer import of_member
from node.community.views import ActorView, Thing
from node.models import ActorState, Member, Notification, NotificationKind


@dataclass(frozen=True, slots=True)
class NotificationView:
    """One notice.

    Args:
        thing: what it's about; None for follows, and if it's gone or hidden by now.
    """

    id: int
    kind: NotificationKind
    actor: ActorView
    thing: Thing | None
    at: datetime
    is_new: bool
    path: str = ""
    """The page that it leads to, where that is not the thing."""


async def of(member: Member, *, before: str | None = None) -> Page[NotificationView]:
    """Return a member's notices, the latest first."""
    found = Notification.filter(member_id=member.id, actor__state=ActorState.ACTIVE)
    mark = row_mark(before)
    if mark is not None:
        found = found.filter(id__lt=mark)
    rows = await found.order_by("-id").limit(PAGE_SIZE + 1).select_related("actor")
    shown = rows[:PAGE_SIZE]
    things = await show_things(
        [row.object_uri for row in shown if not row.object_uri.startswith("/")], await of_member(member)
    )
    seen = member.notifications_seen_at
    views = (
        NotificationView(
            id=row.id,
            kind=row.kind,
            actor=actor_view(row.actor),
            thing=things.get(row.object_uri),
            at=row.created_at,
            is_new=seen is None or row.created_at > seen,
            path=row.object_uri if row.object_uri.startswith("/") else "",
        )
        for row in shown
    )
    return Page(tuple(views), str(shown[-1].id) if len(rows) > PAGE_SIZE else None)


async def unseen(member: Member) -> int:
    """Count the notices since the member last looked."""
    found = Notification.filter(member_id=member.id, actor__state=ActorState.ACTIVE)
    if member.notifications_seen_at is not None:
        found = found.filter(created_at__gt=member.notifications_seen_at)
    return await found.count()


async def mark_seen(member: Member, *, now: datetime) -> None:
    """Remember that the member looked at all notices until `now`."""
    await Member.filter(id=member.id).update(notifications_seen_at=now)
