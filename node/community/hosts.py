"""Other servers: what we noticed of each, for the doors and for the page "servers"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import F
from tortoise.functions import Coalesce, Count

from node.community.tables import insert_missing, update_all
from node.database import atomic, few_sizes, marks, rows
from node.models import Actor, Follow, FollowState, Host

PAGE = 50


@dataclass(frozen=True, slots=True)
class HostView:
    """One line of the page "servers"."""

    name: str
    software: str
    software_version: str
    followers: int
    following: int
    first_seen_at: datetime
    heard_at: datetime | None
    reached_at: datetime | None
    last_error: str
    last_error_at: datetime | None
    failures: int
    open_until: datetime | None


async def seen(name: str, *, now: datetime) -> Host:
    """Return the row of host `name` (canonical), made if it is new."""
    host = await Host.get_or_none(name=name)
    if host is not None:
        return host
    async with atomic():
        await Host.bulk_create([Host(name=name, first_seen_at=now)], ignore_conflicts=True)
        return await Host.get(name=name)


async def heard(name: str, *, now: datetime) -> None:
    """Note a valid inbound request: the host is alive, its breaker closes."""
    await heard_all([name], now=now)


async def heard_all(names: Iterable[str], *, now: datetime) -> None:
    """Note that all these hosts are alive; in one order, so that two who note it never wait for each other."""
    every = sorted(set(names))
    known = few_sizes(every)
    sql = f"SELECT name FROM host WHERE name IN ({marks(len(known))})"  # noqa: S608
    there = {row["name"] for row in await rows(sql, known)} if every else set()
    await insert_missing(Host, [{"name": name, "first_seen_at": now} for name in every if name not in there])
    alive = {"heard_at": now, "failures": 0, "open_until": None, "probes": 0}
    await update_all(Host, [{"name": name} | alive for name in every], key="name")


async def told_software(name: str, software: str, version: str, *, is_talanoa: bool, now: datetime) -> None:
    """Note what NodeInfo said of a host."""
    await seen(name, now=now)
    await Host.filter(name=name).update(
        software=software[:100], software_version=version[:100], nodeinfo_at=now, is_talanoa=is_talanoa
    )


async def listing(page: int = 1) -> tuple[list[HostView], int]:
    """Return one page (from 1) of all hosts seen, the latest heard first, and how many there are."""
    seen_last = Host.annotate(last=Coalesce("heard_at", F("first_seen_at"))).order_by("-last", "name")
    hosts_seen = await seen_last.offset((max(page, 1) - 1) * PAGE).limit(PAGE)
    names = [row.name for row in hosts_seen]
    followers = await _follow_counts("follower__host", names)
    following = await _follow_counts("target__host", names)
    views = [_view(row, followers.get(row.name, 0), following.get(row.name, 0)) for row in hosts_seen]
    return views, await Host.all().count()


async def one(name: str) -> HostView | None:
    """Return what we noticed of one host."""
    row = await Host.get_or_none(name=name)
    if row is None:
        return None
    followers = await _follow_counts("follower__host", [name])
    following = await _follow_counts("target__host", [name])
    return _view(row, followers.get(name, 0), following.get(name, 0))


async def actors_of(name: str, limit: int = 20) -> list[Actor]:
    """Return some actors of a host that we know, newest first."""
    return await Actor.filter(host=name, is_local=False).order_by("-id").limit(limit)


async def _follow_counts(side: str, names: list[str]) -> dict[str, int]:
    counts = (
        await Follow.filter(**{f"{side}__in": names}, state=FollowState.ACCEPTED)
        .annotate(number=Count("id"))
        .group_by(side)
        .values_list(side, "number")
    )
    return {str(host): int(str(number)) for host, number in counts}


def _view(row: Host, followers: int, following: int) -> HostView:
    return HostView(
        name=row.name,
        software=row.software,
        software_version=row.software_version,
        followers=followers,
        following=following,
        first_seen_at=row.first_seen_at,
        heard_at=row.heard_at,
        reached_at=row.reached_at,
        last_error=row.last_error,
        last_error_at=row.last_error_at,
        failures=row.failures,
        open_until=row.open_until,
    )
