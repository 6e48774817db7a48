"""Fetch the pictures of other servers that pages asked for: guarded, bounded, few at a time from one site.

Nothing of ours goes along: no cookie, no signature, no word about who looked. What comes is judged by its bytes alone,
decoded in a process of its own and made anew; what could not be had is remembered for a while.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import orjson

from federation.client import Budget, ProtocolClient
from federation.errors import ProtocolError, Refused, Unreachable
from federation.names import canonical_uri, host_of
from inbox.budget import Budget as Pace
from inbox.budget import site_of
from node import jobs
from node.clock import Clock
from node.community import foreign_pictures
from node.community.foreign_pictures import KIND, PURPOSES, Size, Wanted
from node.database import as_outage, atomic
from node.errors import CommunityError, Later, TooMany
from node.jobs import JOBS, Claim, LeaseLost
from node.media.processing import ImageProcessor
from node.media.store import MediaStore
from node.models import Job
from node.policy.registry import Registry

AT_ONCE = 8
PER_SITE = 2
SITE_RATE, SITE_BURST = 4.0, 30.0
LONGEST_SECONDS = 40.0
PAUSE = timedelta(seconds=3)
AGAIN_AFTER_SILENCE = timedelta(hours=1)
AGAIN_AFTER_REFUSAL = timedelta(days=3)
ACCEPT = "image/webp, image/png, image/jpeg, image/gif"
REQUESTS = 4
_log = logging.getLogger("talanoa.pictures")


@dataclass(frozen=True, slots=True)
class Gallery:
    """What pictures are fetched, decoded and kept with; built once a process.

    Args:
        most_bytes: of one file.
        running: what is under way, by the site it is fetched from.
    """

    client: ProtocolClient
    registry: Registry
    clock: Clock
    processor: ImageProcessor
    store: MediaStore
    most_bytes: int
    relaxed: bool
    pace: Pace = field(default_factory=lambda: Pace(rate=SITE_RATE, burst=SITE_BURST))
    running: dict[asyncio.Task[None], str] = field(default_factory=dict)


async def step(gallery: Gallery) -> int:
    """Begin to fetch what is due; return how many were taken up. Does not wait for them."""
    room = AT_ONCE - len(gallery.running)
    if room <= 0:
        return 0
    claims = await jobs.claim(JOBS, now=gallery.clock.now(), limit=room, where="kind = ?", values=[KIND])
    for claim in claims:
        await _begin(claim, gallery)
    return len(claims)


async def settle(gallery: Gallery) -> None:
    """Return when nothing is being fetched any more."""
    while gallery.running:
        await asyncio.wait(gallery.running)


async def _begin(claim: Claim, gallery: Gallery) -> None:
    wanted = wanted_of(claim.row["payload"])
    site = site_of(_host(wanted, gallery))
    at = gallery.clock.monotonic()
    try:
        gallery.pace.require(site, is_named=False, at=at)
    except TooMany:
        await _come_back(claim, gallery)
        return
    if list(gallery.running.values()).count(site) >= PER_SITE:
        await _come_back(claim, gallery)
        return
    gallery.pace.spend(site, is_named=False, at=at)
    task = asyncio.create_task(_run(claim, wanted, gallery))
    gallery.running[task] = site
    task.add_done_callback(lambda done: _ended(done, gallery))


def _ended(task: asyncio.Task[None], gallery: Gallery) -> None:
    del gallery.running[task]
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.log(logging.WARNING if as_outage(error) else logging.ERROR, "a picture ended badly", exc_info=error)


async def _come_back(
    claim: Claim, gallery: Gallery, reason: str = "waits for other pictures of its site", *, wait: timedelta = PAUSE
) -> None:
    try:
        async with atomic():
            await jobs.postpone(claim, until=gallery.clock.now() + wait, reason=reason)
            await Job.filter(id=claim.id).update(attempts=claim.attempts - 1)
    except LeaseLost:
        _log.warning("another worker took over picture %s", claim.id)


async def _run(claim: Claim, wanted: Wanted, gallery: Gallery) -> None:
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            await _fetch(claim, wanted, gallery)
    except Later as error:
        await _come_back(claim, gallery, str(error), wait=timedelta(seconds=error.retry_after or 3))
    except LeaseLost:
        _log.warning("another worker took over picture %s", claim.id)
    except (Unreachable, TimeoutError) as error:
        await _fail(claim, (wanted, str(error) or "too slow"), gallery, wait=AGAIN_AFTER_SILENCE)
    except (ProtocolError, CommunityError) as error:
        await _fail(claim, (wanted, str(error)), gallery, wait=AGAIN_AFTER_REFUSAL)


async def _fetch(claim: Claim, wanted: Wanted, gallery: Gallery) -> None:
    now = gallery.clock.now()
    admit = _admitting(gallery, now)
    admit(wanted.shown_for)
    found = await gallery.client.get_bytes(
        wanted.url,
        accept=ACCEPT,
        admit=admit,
        budget=Budget(requests=REQUESTS, body_bytes=gallery.most_bytes),
        max_bytes=gallery.most_bytes,
    )
    made = await gallery.processor.process(found.raw, PURPOSES[wanted.size])
    name = await foreign_pictures.write(made, gallery.store, now=now)
    async with atomic():
        await foreign_pictures.keep(wanted, _host(wanted, gallery), made, name=name, now=now)
        await jobs.complete(claim, now=now)


async def _fail(claim: Claim, what: tuple[Wanted, str], gallery: Gallery, *, wait: timedelta) -> None:
    wanted, reason = what
    now = gallery.clock.now()
    try:
        async with atomic():
            host = _host(wanted, gallery)
            await foreign_pictures.failed(wanted, host, reason, again_at=now + wait, now=now)
            await jobs.complete(claim, now=now, reason=reason)
    except LeaseLost:
        _log.warning("another worker took over picture %s", claim.id)


def _admitting(gallery: Gallery, now: datetime) -> Callable[[str], None]:
    def admit(host: str) -> None:
        if host == gallery.registry.book.own_host:
            raise Refused("this node does not fetch from itself")
        if not gallery.registry.decide(host, now=now).is_admitted:
            raise Refused(f"policy does not admit {host}")

    return admit


def wanted_of(payload: object) -> Wanted:
    """Return what a job's payload asks for, as the database gives it."""
    told = cast("dict[str, str]", orjson.loads(payload) if isinstance(payload, str | bytes) else payload)
    return Wanted(told["url"], Size(told["size"]), told["shown_for"])


def _host(wanted: Wanted, gallery: Gallery) -> str:
    return host_of(canonical_uri(wanted.url, relaxed=gallery.relaxed))
