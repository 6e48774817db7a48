"""Every page in a real browser: narrow and wide, both directions, both themes (W1-W3, A1-A3, L2).

Set TALANOA_TEST_SHOTS to a folder to keep the screenshots.
"""

import gzip
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Response

from tests.browser.pages import PAGES, PageCase
from tests.browser.site import HOST, Site

pytestmark = pytest.mark.asyncio(loop_scope="module")

NARROW, WIDE = 320, 1280
MOST_REQUESTS = 3
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}


@dataclass(frozen=True)
class View:
    """A way to look at a page; axe is run where `deep`, once in each theme and direction."""

    width: int
    locale: str
    scheme: Literal["light", "dark"]
    deep: bool = False

    def __str__(self) -> str:
        return f"{self.width}-{self.locale}-{self.scheme}"


VIEWS = (
    View(NARROW, "en", "light", deep=True),
    View(NARROW, "ar", "light"),
    View(NARROW, "en-XA", "dark"),
    View(WIDE, "en", "light"),
    View(WIDE, "ar", "dark", deep=True),
)


@asynccontextmanager
async def tab(site: Site, browser: Browser, case: PageCase) -> AsyncIterator[Page]:
    """Open a tab in which the right person is signed in."""
    context = await browser.new_context()
    if case.signed_in:
        name = site.building.settings.cookie_name
        cookie = {"name": name, "value": site.cookies[case.signed_in], "url": site.url("/")}
        await context.add_cookies([cookie])  # type: ignore[list-item]
    try:
        yield await context.new_page()
    finally:
        await context.close()


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
async def test_a_page_fits_reads_and_is_accessible(site: Site, browser: Browser, case: PageCase) -> None:
    async with tab(site, browser, case) as page:
        found = {str(view): await look(site, page, case, view) for view in VIEWS}

    assert found == {str(view): _expected(case, view) for view in VIEWS}


async def look(site: Site, page: Page, case: PageCase, view: View) -> dict[str, Any]:
    """Open a page in one way and return what there is to say about it."""
    await page.set_viewport_size({"width": view.width, "height": 900})
    await page.emulate_media(color_scheme=view.scheme, reduced_motion="reduce")
    answer = await page.goto(
        site.url(site.filled(case.path) + ("&" if "?" in case.path else "?") + f"lang={view.locale}")
    )
    found: dict[str, Any] = await page.evaluate(_MEASURE)
    await _keep_shot(page, f"{case.name}-{view}")
    complaints = await Axe().run(page, options=AXE_OPTIONS) if view.deep else None
    report = complaints.generate_report() if complaints and complaints.violations_count else ""
    return found | {"status": answer.status if answer else 0, "complaints": report}


def _expected(case: PageCase, view: View) -> dict[str, Any]:
    return {
        "status": case.status,
        "overflow": 0,
        "wide": [],
        "small": [],
        "headings": 1,
        "scripts": 0,
        "inline": [],
        "lang": view.locale,
        "dir": "rtl" if view.locale.startswith("ar") else "ltr",
        "complaints": "",
    }


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
async def test_a_page_is_light_w1(site: Site, browser: Browser, case: PageCase) -> None:
    loaded: list[Response] = []

    async with tab(site, browser, case) as page:
        page.on("response", lambda response: loaded.append(response))  # a builtin has no room for a handler
        await page.goto(site.url(site.filled(case.path)))
        size = sum([len(gzip.compress(await response.body())) for response in loaded if _is_text(response)])

    assert {response.url.split("/")[2] for response in loaded} == {HOST}
    assert len([response for response in loaded if not _is_picture(response)]) <= MOST_REQUESTS
    assert size <= case.most_bytes


def _is_text(response: Response) -> bool:
    return response.headers.get("content-type", "").startswith("text/")


def _is_picture(response: Response) -> bool:
    return "/media/" in response.url


async def _keep_shot(page: Page, name: str) -> None:
    folder = os.environ.get("TALANOA_TEST_SHOTS")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


# What the eye would see: nothing wider than the screen, one h1, no target below 24 px but links in a
# sentence (WCAG 2.5.8), no script and no inline style.
_MEASURE = """() => {
  const root = document.documentElement;
  const inline = (element) => getComputedStyle(element).display === "inline" || element.closest(".trap");
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const unseen = ".skip, .seen-only-by-readers";
  const targets = [...document.querySelectorAll(kinds)];
  const small = targets.filter((element) => {
    const box = element.getBoundingClientRect();
    const shown = box.width > 0 && !inline(element) && !element.closest(unseen);
    return shown && (box.height < 24 || box.width < 24);
  });
  const edge = root.clientWidth + 1;
  const wide = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return (box.right > edge || box.left < -1) && !element.closest(".trap, .skip");
  }).map((element) => element.outerHTML.slice(0, 120));
  return {
    overflow: Math.max(0, root.scrollWidth - root.clientWidth),
    wide: root.scrollWidth > root.clientWidth ? wide : [],
    small: small.map((element) => element.outerHTML.slice(0, 120)),
    headings: document.querySelectorAll("h1").length,
    scripts: document.scripts.length,
    inline: [...document.querySelectorAll("[style], style")].map((element) => element.outerHTML.slice(0, 120)),
    lang: root.lang,
    dir: root.dir,
  };
}"""
