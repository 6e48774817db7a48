"""Notices: who is told of what happened to them. Written by the verbs, read in notifications.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from node.community import apart
from node.community.apart import Between
from node.community.objects import Known
from node.community.once import Columns
from node.community.tables import insert_missing
from node.database import few_sizes, marks, rows
from node.models import Actor, Follow, FollowState, Member, MemberState, Notification, NotificationKind


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, and to whom.

    Args:
        by: who did it; nobody is told of their own doings.
        object_uri: what the notice leads to.
        actor_ids: those of them that are members here are told.
        member_id: a member who is told.
    """

    kind: NotificationKind
    by: Actor
    object_uri: str
    actor_ids: frozenset[int] = frozenset()
    member_id: int | None = None


def to_owner(thing: Known, kind: NotificationKind, by: Actor, *, object_uri: str) -> Notice:
    """Return the notice for the member who wrote `thing`; for what isn't ours it goes to nobody."""
    if not thing.is_local:
        return Notice(kind, by, object_uri)
    if thing.owner_member_id is not None:
        return Notice(kind, by, object_uri, member_id=thing.owner_member_id)
    return Notice(kind, by, object_uri, frozenset({thing.publisher.id}))


async def tell_all(notices: Sequence[Notice], *, now: datetime) -> None:
    """Write notices; a repeat of one changes nothing."""
    member_ids = {each.member_id for each in notices if each.member_id is not None}
    actor_ids = {actor_id for each in notices for actor_id in each.actor_ids}
    if not member_ids and not actor_ids:
        return
    told = await _members(member_ids, actor_ids)
    between = await apart.between([each.by for each in notices])
    hearing = await _hearing({each.by.id for each in notices if each.by.limited_at is not None})
    rows_of = (_rows(each, told, between, now) for each in notices)
    await insert_missing(Notification, [row for some in rows_of for row in some if _is_heard(row, told, hearing)])


async def tell_owner(thing: Known, kind: NotificationKind, by: Actor, *, object_uri: str, now: datetime) -> None:
    """Tell the member who wrote `thing`.

    Args:
        by: who did it; nobody is told of their own doings.
        object_uri: what the notice leads to.
    """
    await tell_all([to_owner(thing, kind, by, object_uri=object_uri)], now=now)


async def tell_actors(
    actor_ids: Iterable[int], kind: NotificationKind, by: Actor, *, object_uri: str, now: datetime
) -> None:
    """Tell those of the actors that are members here."""
    await tell_all([Notice(kind, by, object_uri, frozenset(actor_ids))], now=now)


async def tell_member(actor_id: int, kind: NotificationKind, by: Actor, *, path: str, now: datetime) -> None:
    """Tell the member behind an actor, disabled or not, of something on a page of theirs.

    Args:
        path: of that page.
    """
    for member in await Member.filter(actor_id=actor_id):
        key = {"member_id": member.id, "kind": kind, "actor_id": by.id, "object_uri": path}
        await insert_missing(Notification, [{**key, "created_at": now}])


async def untell(kind: NotificationKind, by: Actor, *, object_uri: str) -> None:
    """Take back a notice, for instance of a like that was taken back."""
    await Notification.filter(kind=kind, actor_id=by.id, object_uri=object_uri).delete()


async def _members(member_ids: set[int], actor_ids: set[int]) -> dict[int, int]:
    """Return those who are members now: the actor of each by its number."""
    by_member, by_actor = few_sizes(sorted(member_ids) or [0]), few_sizes(sorted(actor_ids) or [0])
    sql = (
        f"SELECT id, actor_id FROM member WHERE state = ? AND "  # noqa: S608
        f"(id IN ({marks(len(by_member))}) OR actor_id IN ({marks(len(by_actor))})) ORDER BY id"
    )
    found = await rows(sql, [MemberState.ACTIVE, *by_member, *by_actor])
    return {cast(int, row["id"]): cast(int, row["actor_id"]) for row in found}


def _rows(notice: Notice, members: dict[int, int], between: Between, now: datetime) -> list[Columns]:
    return [
        {
            "member_id": member_id,
            "kind": notice.kind,
            "actor_id": notice.by.id,
            "object_uri": notice.object_uri,
            "created_at": now,
        }
        for member_id, actor_id in members.items()
        if (member_id == notice.member_id or actor_id in notice.actor_ids)
        and actor_id != notice.by.id
        and not between.is_unheard(notice.by, actor_id)
    ]


async def _hearing(limited: set[int]) -> dict[int, frozenset[int]]:
    """Return who follows each of those whom moderators limited: nobody else hears of them."""
    followers: dict[int, frozenset[int]] = dict.fromkeys(limited, frozenset())
    found = Follow.filter(target_id__in=list(limited), state=FollowState.ACCEPTED, follower__is_local=True)
    for target_id, follower_id in await found.values_list("target_id", "follower_id") if limited else ():
        followers[target_id] |= {follower_id}
    return followers


def _is_heard(row: Columns, members: dict[int, int], hearing: dict[int, frozenset[int]]) -> bool:
    followers = hearing.get(row["actor_id"])
    return followers is None or members[row["member_id"]] in followers
