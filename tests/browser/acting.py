"""Acting in a browser without racing it: a button that leads on is left only when the next page has loaded."""

from playwright.async_api import Locator, Page


async def lead_on(page: Page, button: Locator) -> None:
    """Click `button` and wait until the page that it leads to is whole."""
    async with page.expect_navigation(wait_until="load"):
        await button.click()
