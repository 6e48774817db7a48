"""Forms that only answer a POST, filled in by a real browser: errors, previews, proofs, pictures (W5, A1-A3)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.browser.acting import lead_on
from tests.browser.site import Site
from tests.browser.test_pages import AXE_OPTIONS
from tests.node.media.pictures import picture
from tests.web.building import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="module")
NARROW = 320


@asynccontextmanager
async def tab(site: Site, browser: Browser, name: str) -> AsyncIterator[Page]:
    """Open a narrow tab without scripts in which somebody is signed in."""
    context = await browser.new_context(viewport={"width": NARROW, "height": 900}, reduced_motion="reduce")
    cookie = {"name": site.building.settings.cookie_name, "value": site.cookies[name], "url": site.url("/")}
    await context.add_cookies([cookie])  # type: ignore[list-item]
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def complaints(page: Page) -> list[Any]:
    """Return what axe says, and how far the page is wider than the screen."""
    found = await Axe().run(page, options=AXE_OPTIONS)
    wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*([found.generate_report()] if found.violations_count else []), *([wider] if wider > 0 else [])]


async def test_a_record_with_mistakes_comes_back_readable(site: Site, browser: Browser) -> None:
    async with tab(site, browser, "anna") as page:
        await page.goto(site.url("/practices/new"))
        await page.get_by_label("Problem").fill("Nobody came.")
        await lead_on(page, page.get_by_role("button", name="Publish"))
        said = await complaints(page)
        links = await page.locator(".problem a").count()
        await page.locator(".problem a").first.click()
        await page.wait_for_url("**/*#field-*")
        kept = await page.get_by_label("Problem").input_value()

    assert (said, links > 5, kept, "#field-" in page.url) == ([], True, "Nobody came.", True)


async def test_a_block_is_shown_before_it_is_done_and_asks_who_does_it(site: Site, browser: Browser) -> None:
    async with tab(site, browser, "sefa") as page:
        await page.goto(site.url("/admin/servers/reef.example"))
        await page.get_by_label("Blocked", exact=False).first.check()
        await lead_on(page, page.get_by_role("button", name="Show what this would change"))
        said = await complaints(page)
        site.building.clock.advance(16 * 60)
        await lead_on(page, page.get_by_role("button", name="Do it"))
        said += await complaints(page)
        await page.get_by_label("Your password").fill(PASSWORD)
        await lead_on(page, page.get_by_role("button", name="Confirm"))
        said += await complaints(page)
        await lead_on(page, page.get_by_role("button", name="Go on"))
        shown = await page.locator("main").inner_text()
        said += await complaints(page)

    assert said == []
    assert "Blocked (T0)" in shown


async def test_a_link_to_hand_over_fits_on_a_narrow_screen(site: Site, browser: Browser) -> None:
    async with tab(site, browser, "sefa") as page:
        await page.goto(site.url("/admin/invitations"))
        await lead_on(page, page.get_by_role("button", name="Make the invitation"))
        said = await complaints(page)
        link = await page.locator("code").inner_text()

    assert (said, "/join/" in link) == ([], True)


async def test_a_post_with_a_picture_is_written_without_a_script(site: Site, browser: Browser) -> None:
    async with tab(site, browser, "anna") as page:
        await page.goto(site.url("/write"))
        await page.get_by_label("Your post").fill("The hall was **full**.")
        file = {"name": "hall.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(640, 360))}
        await page.get_by_label("File of picture 1").set_input_files(file)  # type: ignore[arg-type]
        await lead_on(page, page.get_by_role("button", name="Publish"))
        asked = await page.locator("main").inner_text()
        said = await complaints(page)
        await page.get_by_label("What picture 1 shows").fill("Rows of people, one stands")
        await lead_on(page, page.get_by_role("button", name="Publish"))
        shown = page.get_by_alt_text("Rows of people, one stands").first
        width = await shown.evaluate("image => image.naturalWidth")

    assert ("Say what picture 1 shows" in asked, said, width > 0) == (True, [], True)


async def test_an_hour_that_comes_twice_is_asked_about(site: Site, browser: Browser) -> None:
    async with tab(site, browser, "anna") as page:
        await page.goto(site.url("/events/new"))
        await page.get_by_label("Name", exact=True).fill("Night of the clocks")
        await page.get_by_label("Start").fill("2026-10-25T02:30")
        await page.get_by_label("End").fill("2026-10-25T05:00")
        await page.get_by_label("Time zone of the place").select_option("Europe/Vienna")
        await page.locator("#field-place").fill("Town hall")
        await lead_on(page, page.get_by_role("button", name="Publish"))
        said = await complaints(page)
        await page.get_by_label("The second time").check()
        await lead_on(page, page.get_by_role("button", name="Publish"))
        shown = await page.locator("main").inner_text()

    assert (said, "01:30 UTC" in shown) == ([], True)
