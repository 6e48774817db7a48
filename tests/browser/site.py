"""A whole node for a real Chromium: the application on the guarded server, a made-up community in it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, async_playwright

from node.community import errands, node_profile
from node.community.errands import Errand
from node.community.kinds import Role
from node.community.node_profile import Description
from node.models import Member
from node.settings import Address, Settings
from tests.clock import FakeClock
from tests.web import chatter, complaints, crowd, desk
from tests.web.building import Building
from tests.web.errands_of_staff import keep_busy
from tests.web.village import move_in
from web.pages.interact import packed
from web.pages.looking_up import ticket_of
from web.server import serve

CHROMIUM = Path("/usr/bin/chromium")
HOST = "home.example"
ROLES = {"anna": Role.MEMBER, "sefa": Role.STEWARD}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-features=HttpsUpgrades")


@dataclass
class Site:
    """A running node; `cookies` of the signed-in by name, `names` of what `furnish` made, such as ids."""

    building: Building
    port: int
    cookies: dict[str, str]
    names: dict[str, str]

    def filled(self, path: str) -> str:
        """Return a path with its `{name}` parts from `names`."""
        return path.format(**self.names)

    def url(self, path: str) -> str:
        """Return the address of a page."""
        return f"http://{HOST}{path}"


def require_chromium() -> Path:
    """Return the browser or skip the test; as root in CI fail instead."""
    if CHROMIUM.exists():
        return CHROMIUM
    if os.environ.get("CI") and os.geteuid() == 0:
        pytest.fail("Chromium is not installed; as root in CI its tests must run")
    pytest.skip("Chromium is not installed")


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Site]:
    """Serve an application on a free port until the block ends.

    Args:
        settings: of an open database; the address is changed to http://home.example.
    """
    own = replace(
        settings,
        public_url=f"http://{HOST}",
        development=True,
        languages=("en", "fr", "ar", "en-XA", "ar-XB"),
        listen=Address("127.0.0.1", 0),
        page_rate=10_000,
        page_burst=10_000,
    )
    building = Building(own, FakeClock())
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    task = asyncio.create_task(serve(building.app, own, stop, started=lambda _host, port: ready.set_result(port)))
    try:
        yield Site(building, await ready, {}, {})
    finally:
        stop.set()
        await task


@asynccontextmanager
async def chromium(site: Site) -> AsyncIterator[Browser]:
    """Start Chromium so that it finds the node under its name, and nothing else."""
    rule = f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{site.port}, MAP * ~NOTFOUND"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=require_chromium(), args=[*FLAGS, rule])
        try:
            yield browser
        finally:
            await browser.close()


async def furnish(site: Site) -> None:
    """Fill the node with what the pages show. Extend it together with `pages.PAGES`.

    What a path needs to know, such as the id of an event, goes into `site.names`.
    """
    now = site.building.clock.now()
    description = Description(
        name="Pacific Practice Network",
        description="Public servants of twelve island states share what works in digital government, and what did not.",
        steward="Secretariat of the Pacific Practice Network",
        contact="talk@home.example",
        rules="Be kind.\nName your sources.\nWrite so that a translator understands you.",
        languages=("en", "fr", "ar"),
    )
    await node_profile.found(site.building.settings.public_url, description, now=now)
    for name, role in ROLES.items():
        visitor = await site.building.signed_in(name, role)
        site.cookies[name] = visitor.cookies[site.building.settings.cookie_name]
    anna = await Member.get(actor__local_name="anna").select_related("actor")
    village = await move_in(site.building.settings, anna, now=now)
    site.names |= {name: quote(value, safe="") for name, value in asdict(village).items()}
    site.names |= await _tickets(site, now)
    site.names |= await keep_busy(site.building)
    await desk.send(now=now)
    sefa = await Member.get(actor__local_name="sefa").select_related("actor")
    talked = await chatter.begin(site.building.settings, village, now=now)
    site.names |= {name: quote(value, safe="") for name, value in talked.items()}
    site.names |= await crowd.talk(sefa, now=now)
    site.names |= await complaints.arrive(site.building.settings, village, sefa, now=now)


async def _tickets(site: Site, now: datetime) -> dict[str, str]:
    """Write errands that pages wait for: one under way, one that found a server, one that found no way there."""
    base = site.building.settings.public_url
    waiting = await errands.ask(Errand.REMOTE, "@late@far.example", now=now)
    found = await errands.ask(Errand.REMOTE, "@lani@far.example", now=now)
    plain = await errands.ask(Errand.REMOTE, "@plain@far.example", now=now)
    template = "https://far.example/authorize_interaction?uri={uri}"
    await errands.answer(found.id, {"address": "@lani@far.example", "subscribe": template})
    await errands.answer(plain.id, {"address": "@plain@far.example"})
    async with site.building.app.app_context():
        tickets = {"waiting": waiting.id, "found": found.id, "plain": plain.id}
        named = {name: ticket_of(job_id) for name, job_id in tickets.items()}
    return named | {"network": packed(f"{base}/ap/g/network")}
