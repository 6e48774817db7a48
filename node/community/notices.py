"""Notices: who is told of what happened to them. Written by the verbs, read in notifications.py."""

from collections.abc import Iterable
from datetime import datetime

from node.community.objects import Known
from node.community.once import insert_once
from node.models import Actor, Member, MemberState, Notification, NotificationKind


async def tell_owner(thing: Known, kind: NotificationKind, by: Actor, *, object_uri: str, now: datetime) -> None:
    """Tell the member who wrote `thing`.

    Args:
        by: who did it; nobody is told of their own doings.
        object_uri: what the notice leads to.
    """
    if not thing.is_local:
        return
    if thing.owner_member_id is not None:
        members = await Member.filter(id=thing.owner_member_id, state=MemberState.ACTIVE)
    else:
        members = await Member.filter(actor_id=thing.publisher.id, state=MemberState.ACTIVE)
    await _tell(members, kind, by, object_uri=object_uri, now=now)


async def tell_actors(
    actor_ids: Iterable[int], kind: NotificationKind, by: Actor, *, object_uri: str, now: datetime
) -> None:
    """Tell those of the actors that are members here."""
    members = await Member.filter(actor_id__in=list(actor_ids), state=MemberState.ACTIVE)
    await _tell(members, kind, by, object_uri=object_uri, now=now)


async def untell(kind: NotificationKind, by: Actor, *, object_uri: str) -> None:
    """Take back a notice, for instance of a like that was taken back."""
    await Notification.filter(kind=kind, actor_id=by.id, object_uri=object_uri).delete()


async def _tell(
    members: Iterable[Member], kind: NotificationKind, by: Actor, *, object_uri: str, now: datetime
) -> None:
    for member in members:
        if member.actor_id == by.id:
            continue
        key = {"member_id": member.id, "kind": kind, "actor_id": by.id, "object_uri": object_uri}
        await insert_once(Notification, key, {"created_at": now})
