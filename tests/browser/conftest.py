"""One node and one Chromium for all pages of a module."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from node.database import close_database, open_database
from tests.browser.site import Site, chromium, furnish, require_chromium, running
from tests.databases import MODULES, settings_for


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """Return a running node with a made-up community."""
    require_chromium()
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(sqlite_template, folder / "talanoa.db")
    settings = settings_for(folder)
    context = await open_database(settings, MODULES)
    try:
        async with running(settings) as found:
            await furnish(found)
            yield found
    finally:
        await close_database(context)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(site: Site) -> AsyncIterator[Browser]:
    """Return a running Chromium that knows only this node."""
    async with chromium(site) as found:
        yield found
