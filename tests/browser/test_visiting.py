"""Going through the node with a real browser: without scripts, by keyboard, under the policy (W5, A2, A3, T-57)."""

import re

import pytest
from playwright.async_api import Browser, ConsoleMessage, expect

from tests.browser.acting import lead_on
from tests.browser.site import Site
from tests.web.building import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_signing_in_and_out_needs_no_script_w5(site: Site, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()

    await page.goto(site.url("/sign-in?next=/about"))
    await page.fill("#field-name", "anna")
    await page.fill("#field-password", PASSWORD)
    await lead_on(page, page.locator("main button"))
    signed_in = (page.url, await page.is_visible("text=Sign out"))
    await lead_on(page, page.locator("text=Sign out"))
    await page.goto(site.url("/about"))
    signed_out = await page.is_visible("text=Sign in")
    await context.close()

    assert (signed_in, signed_out) == ((site.url("/about"), True), True)


async def test_the_first_tab_stop_leads_past_the_head_a3(site: Site, browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()

    await page.goto(site.url("/about"))
    await page.keyboard.press("Tab")
    first = await page.evaluate("[document.activeElement.className, document.activeElement.offsetTop >= 0]")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("#content$"))
    await context.close()

    assert first == ["skip", True]


async def test_focus_is_always_seen_a3(site: Site, browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(site.url("/sign-in"))
    seen = []

    for _ in range(12):
        await page.keyboard.press("Tab")
        seen.append(await page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"))
    await context.close()

    assert seen == [True] * 12


async def test_errors_are_reached_first_and_lead_to_their_fields_a3(site: Site, browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()

    await page.goto(site.url("/sign-in"))
    await page.evaluate("document.querySelectorAll('[required]').forEach((field) => field.required = false)")
    await lead_on(page, page.locator("main button"))
    await expect(page.locator(".problem")).to_be_focused()
    await page.click(".problem a")
    await expect(page).to_have_url(re.compile("#field-name$"))
    await context.close()


async def test_a_page_survives_large_text_and_wide_spacing_a3(site: Site, browser: Browser) -> None:
    """WCAG 1.4.4 and 1.4.12: the text twice as large, lines and letters further apart, at 320 px."""
    context = await browser.new_context(viewport={"width": 320, "height": 700}, bypass_csp=True)
    page = await context.new_page()
    spacing = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"

    await page.goto(site.url("/about"))
    await page.add_style_tag(content=f"html {{ font-size: 200% }} {spacing}")
    wide = await page.evaluate(_WIDE)
    await context.close()

    assert wide == []


_WIDE = """[...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((element) => element.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("path", ["/about", "/sign-in"])
async def test_nothing_on_a_page_offends_its_own_policy_t57(site: Site, browser: Browser, path: str) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    told: list[ConsoleMessage] = []

    page.on("console", lambda message: told.append(message))
    await page.goto(site.url(path), wait_until="networkidle")
    await context.close()

    assert [message.text for message in told if "Content Security Policy" in message.text] == []
