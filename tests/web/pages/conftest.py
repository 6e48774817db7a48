"""A building with a made-up community in it, made once and copied for each test."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from node.community import node_profile
from node.community.node_profile import Description
from node.database import close_database, open_database, using
from node.models import Member
from node.settings import Settings
from tests.clock import FakeClock
from tests.databases import MODULES, run_apart, settings_for
from tests.web.building import Building
from tests.web.village import Village, move_in

DESCRIBED = Description(
    name="Pacific Practice Network",
    description="Twelve island states share what works.",
    steward="The secretariat",
    contact="talk@home.example",
    rules="Be kind.\nName your sources.",
    languages=("en", "fr"),
)


@dataclass(frozen=True)
class Inhabited:
    """The building, who wrote everything in it, and the ids of what is in it."""

    building: Building
    anna: Member
    village: Village


@dataclass(frozen=True)
class Furnished:
    """A data folder with a community in it; copy it, don't open it."""

    folder: Path
    village: Village


@pytest.fixture(scope="session")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Return the data folder that each test of a page gets a copy of."""
    folder = tmp_path_factory.mktemp("village")
    shutil.copyfile(sqlite_template, folder / "talanoa.db")
    return Furnished(folder, run_apart(_furnish(settings_for(folder))))


@pytest.fixture
async def inhabited(furnished: Furnished, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Inhabited]:
    """Return a building in which anna wrote records, events and posts, and berta answered from elsewhere."""
    folder = tmp_path / "inhabited"
    shutil.copytree(furnished.folder, folder)
    settings = settings_for(folder)
    context = await open_database(settings, MODULES)
    try:
        yield Inhabited(Building(settings, clock), await _anna(), furnished.village)
    finally:
        await close_database(context)


async def _furnish(settings: Settings) -> Village:
    clock = FakeClock()
    context = await open_database(settings, MODULES, everywhere=False)
    try:
        with using(context):
            await node_profile.found(settings.public_url, DESCRIBED, now=clock.now())
            await Building(settings, clock).member("anna")
            return await move_in(settings, await _anna(), now=clock.now())
    finally:
        await close_database(context)


async def _anna() -> Member:
    return await Member.get(actor__local_name="anna").select_related("actor")
