"""Other servers: what we noticed of each, for the doors and for the page "servers"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import F, Q
from tortoise.functions import Coalesce, Count

from node.community.tables import insert_missing, update_all
from node.database import among, atomic, dialect, execute, few_sizes, marks, moment, rows
from node.errors import NotFound
from node.models import Actor, FailedLookup, Follow, FollowState, Host

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
    gone_at: datetime | None = None


async def seen(name: str, *, now: datetime) -> Host:
    """Return the row of host `name` (canonical), made if it is new."""
    host = await Host.get_or_none(name=name)
    if host is not None:
        return host
    async with atomic():
        await Host.bulk_create([Host(name=name, first_seen_at=now)], ignore_conflicts=True)
        return await Host.get(name=name)


@dataclass(frozen=True, slots=True)
class HostState:
    """What a delivery has to know of a host; the fields are those of its row."""

    name: str
    open_until: datetime | None
    signature_scheme: str
    signature_scheme_at: datetime | None
    is_talanoa: bool
    nodeinfo_at: datetime | None
    reached_at: datetime | None
    is_proven: bool = False
    """It has answered us or spoken to us, and the last try did not fail."""


PROVEN = "host.failures = 0 AND (host.reached_at IS NOT NULL OR host.heard_at IS NOT NULL)"


async def states(names: Sequence[str], *, now: datetime) -> dict[str, HostState]:
    """Return what is known of hosts (canonical, at least one); those that are new get a row."""
    found = await _states(names)
    new = [name for name in names if name not in found]
    if new:
        await insert_missing(Host, [{"name": name, "first_seen_at": now} for name in sorted(new)])
        found |= await _states(new)
    return found


async def _states(names: Sequence[str]) -> dict[str, HostState]:
    condition, values = among("name", names)
    sql = (
        "SELECT name, open_until, signature_scheme, signature_scheme_at, is_talanoa, nodeinfo_at, "  # noqa: S608
        f"reached_at, CASE WHEN {PROVEN} THEN 1 ELSE 0 END AS proven FROM host WHERE {condition}"
    )
    return {str(row["name"]): _state(row) for row in await rows(sql, values)}


def _state(row: Mapping[str, object]) -> HostState:
    return HostState(
        name=str(row["name"]),
        open_until=moment(row["open_until"]),
        signature_scheme=str(row["signature_scheme"]),
        signature_scheme_at=moment(row["signature_scheme_at"]),
        is_talanoa=bool(row["is_talanoa"]),
        nodeinfo_at=moment(row["nodeinfo_at"]),
        reached_at=moment(row["reached_at"]),
        is_proven=bool(row["proven"]),
    )


async def reached(names: Sequence[str], scheme: str, *, now: datetime) -> None:
    """Note that deliveries signed by `scheme` arrived at hosts that have rows: their breakers close."""
    condition, values = among("name", names)
    sql = (
        "UPDATE host SET reached_at = ?, failures = 0, open_until = NULL, probes = 0, "  # noqa: S608
        f"signature_scheme = ?, signature_scheme_at = ? WHERE {condition}"
    )
    await execute(sql, [now, scheme, now, *values])


async def lock(names: Sequence[str]) -> None:
    """Keep others from changing these hosts until the transaction ends.

    Always in one order, so that two never wait for each other; SQLite has one writer anyway.
    """
    if dialect() == "postgresql" and names:
        condition, values = among("name", names)
        await rows(f"SELECT 1 FROM host WHERE {condition} ORDER BY name FOR UPDATE", values)  # noqa: S608


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
    alive = {"heard_at": now, "failures": 0, "open_until": None, "probes": 0, "gone_at": None}
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
        gone_at=row.gone_at,
    )


async def forget(name: str) -> None:
    """Forget what we noticed of a host: its health, its software, what it signs with, what it could not give us.

    What is decided about it, who lives there and what they wrote stays.

    Raises:
        NotFound: it was not seen.
    """
    async with atomic():
        alive = {"failures": 0, "open_until": None, "probes": 0, "gone_at": None}
        untroubled = {"last_error": "", "last_error_at": None}
        software = {"software": "", "software_version": "", "nodeinfo_at": None, "is_talanoa": False}
        scheme = {"signature_scheme": "", "signature_scheme_at": None}
        if not await Host.filter(name=name).update(**alive, **untroubled, **software, **scheme):
            raise NotFound(f"{name} was not seen")
        await FailedLookup.filter(url__startswith=f"https://{name}/").delete()


async def health(*, now: datetime) -> dict[str, int]:
    """Count the hosts by how they are doing: well, failing, or left alone for a while."""
    resting = await Host.filter(open_until__gt=now).count()
    is_tried = Q(open_until__isnull=True) | Q(open_until__lte=now)
    failing_now = await Host.filter(is_tried, failures__gt=0).count()
    return {"resting": resting, "failing": failing_now, "well": await Host.all().count() - resting - failing_now}


async def failing(limit: int = PAGE) -> list[HostView]:
    """Return the hosts that fail most."""
    rows = await Host.filter(failures__gt=0).order_by("-failures", "name").limit(limit)
    return [_view(row, 0, 0) for row in rows]
