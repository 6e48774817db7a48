"""Blocks and mutes: what members want for themselves, and what others say of ours."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from node.chance import public_id
from node.community import addresses, follows, journal
from node.community.once import insert_once
from node.community.relation_facts import ActorBlocked, ActorUnblocked
from node.community.shown_actors import actor_view
from node.community.views import ActorView
from node.database import atomic
from node.errors import Invalid, NotFound
from node.i18n import gettext as _
from node.models import Actor, ActorKind, Avoidance, AvoidanceKind, Follow, FormerFollow, Host, Member, Notification

WANT_BLOCKS = frozenset(
    (
        *("mastodon", "glitch-soc", "hometown", "gotosocial", "pleroma", "akkoma"),
        *("misskey", "sharkey", "firefish", "iceshrimp", "iceshrimp.net", "talanoa"),
    )
)
"""Software that acts on a Block by ending the relations; everybody else would only learn of it."""
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class AvoidanceView:
    """One line of a member's list; `who` is None for a whole server, whose name is `subject`."""

    subject: str
    who: ActorView | None
    kind: AvoidanceKind
    is_told: bool
    since: datetime


async def avoid(
    subject: Actor | str, kind: AvoidanceKind, *, by: Member, now: datetime, tell: bool = False
) -> Avoidance:
    """Let a member keep away from somebody, or from a whole host. Repeating it changes nothing; it may grow.

    A block ends follows both ways; the other server learns of those as of any follow that ends. Of the block itself
    it learns only if `tell` is given and its software is known to act on it.

    Args:
        subject: an actor we know, or its URI, or the canonical name of a host.

    Raises:
        Invalid: oneself, an actor of the node itself, or this node.
    """
    me = by.actor
    target = subject if isinstance(subject, Actor) else await Actor.get_or_none(uri=subject)
    name = target.uri if target else str(subject)
    is_self = name == me.host or (target is not None and target.id == me.id)
    if is_self or (target is not None and target.is_local and target.kind is ActorKind.APPLICATION):
        raise Invalid(_("You can't keep away from yourself or from this node."))
    async with atomic():
        row, _is_new = await insert_once(
            Avoidance, {"actor_id": me.id, "subject": name}, {"target": target, "kind": kind, "created_at": now}
        )
        row.kind = kind
        if kind is AvoidanceKind.BLOCK:
            await _part(me, target, name, by_member_id=by.id, now=now)
            await Notification.filter(_caused_by(target, name), member_id=by.id).delete()
        if kind is AvoidanceKind.BLOCK and tell and target is not None and row.activity_uri is None:
            await _tell(row, me, target, by_member_id=by.id, now=now)
        await row.save()
    return row


async def end(subject: str, *, by: Member, now: datetime) -> None:
    """Let a member keep away no longer; ended follows stay ended.

    Args:
        subject: as it stands in the member's list.

    Raises:
        NotFound: it is not in this member's list.
    """
    async with atomic():
        row = await Avoidance.get_or_none(actor_id=by.actor_id, subject=subject)
        if row is None:
            raise NotFound("not in this member's list")
        await row.delete()
        if row.activity_uri and row.target_id is not None:
            told = ActorUnblocked(by.actor_id, row.target_id, row.activity_uri)
            await journal.note(told, at=now, by_member_id=by.id)


async def of(member: Member) -> list[AvoidanceView]:
    """Return whom a member keeps away from, the latest first."""
    rows = Avoidance.filter(actor_id=member.actor_id).order_by("-id").limit(MOST_SHOWN)
    return [
        AvoidanceView(
            subject=row.subject,
            who=actor_view(row.target) if row.target_id is not None and row.target is not None else None,
            kind=row.kind,
            is_told=row.activity_uri is not None,
            since=row.created_at,
        )
        for row in await rows.select_related("target")
    ]


async def person(uri: str, *, by: Member) -> ActorView:
    """Return somebody whom a member could keep away from.

    Raises:
        NotFound: nobody we know, the member itself, or the node.
    """
    found = await Actor.get_or_none(uri=uri)
    if found is None or found.kind is ActorKind.APPLICATION or found.id == by.actor_id:
        raise NotFound("nobody whom this node knows")
    return actor_view(found)


async def standing(member: Member, uri: str, host: str) -> AvoidanceKind | None:
    """Tell how a member keeps away from an actor, by its URI or by its host; None if not at all."""
    rows = await Avoidance.filter(actor_id=member.actor_id, subject__in=[uri, host])
    kinds = {row.kind for row in rows}
    return AvoidanceKind.BLOCK if AvoidanceKind.BLOCK in kinds else next(iter(kinds), None)


async def received_block(by: Actor, target: Actor, *, activity_uri: str, now: datetime) -> bool:
    """Take a Block of one of ours by a foreign actor; tell whether it changed anything.

    Follows both ways end without a word: the other side has ended them already.

    Spec: ActivityPub §7.9.
    """
    if by.is_local or not target.is_local:
        return False
    async with atomic():
        values = {"target": target, "kind": AvoidanceKind.BLOCK, "activity_uri": activity_uri, "created_at": now}
        _row, is_new = await insert_once(Avoidance, {"actor_id": by.id, "subject": target.uri}, values)
        if not is_new:
            return False
        for row in await Follow.filter(_between(by.id, target.id)):
            if row.follower_id == by.id and row.activity_uri:
                await insert_once(FormerFollow, {"activity_uri": row.activity_uri}, {"ended_at": now})
            await row.delete()
        members = await Member.filter(actor_id=target.id)
        await Notification.filter(actor_id=by.id, member_id__in=[member.id for member in members]).delete()
    return True


async def received_unblock(by: Actor, target_uri: str) -> bool:
    """Take back a foreign actor's own Block; tell whether there was one. Spec: security T-19."""
    if by.is_local:
        return False
    async with atomic():
        return await Avoidance.filter(actor_id=by.id, subject=target_uri).delete() > 0


async def _part(me: Actor, target: Actor | None, name: str, *, by_member_id: int, now: datetime) -> None:
    """End the follows between one of ours and an actor, or all actors of a host."""
    at_host = Q(follower_id=me.id, target__host=name) | Q(target_id=me.id, follower__host=name)
    rows = Follow.filter(_between(target.id, me.id) if target else at_host)
    for row in await rows.order_by("id").select_related("follower", "target"):
        await follows.part(row, by_member_id=by_member_id, now=now)


def _between(one: int, other: int) -> Q:
    return Q(follower_id=other, target_id=one) | Q(follower_id=one, target_id=other)


def _caused_by(target: Actor | None, name: str) -> Q:
    return Q(actor_id=target.id) if target else Q(actor__host=name)


async def _tell(row: Avoidance, me: Actor, target: Actor, *, by_member_id: int, now: datetime) -> None:
    host = None if target.is_local else await Host.get_or_none(name=target.host)
    if host is None or host.software.lower() not in WANT_BLOCKS:
        return
    row.activity_uri = addresses.activity_uri(addresses.base_of(me), public_id(now))
    await journal.note(ActorBlocked(me.id, target.id, row.activity_uri), at=now, by_member_id=by_member_id)
