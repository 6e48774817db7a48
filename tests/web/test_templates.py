"""The stylesheet, the files and the pieces of pages: W2, W4, A-01, A1-A3, L2."""

import gzip
import re
from pathlib import Path

import pytest

from tests.web.building import Building
from tests.web.visitor import exchange
from web.rendering import FOLDER, make_templates
from web.static import FOLDER as FILES
from web.static import read_files

STYLE = (FILES / "style.css").read_text(encoding="utf-8")
PAIRS = [
    ("ink", "paper", 4.5),
    ("ink", "surface", 4.5),
    ("muted", "paper", 4.5),
    ("muted", "surface", 4.5),
    ("muted", "sunken", 4.5),
    ("lagoon", "paper", 4.5),
    ("lagoon", "surface", 4.5),
    ("lagoon-deep", "info-soft", 4.5),
    ("on-lagoon", "lagoon", 4.5),
    ("on-lagoon", "lagoon-deep", 4.5),
    ("good", "good-soft", 4.5),
    ("wait", "wait-soft", 4.5),
    ("stop", "stop-soft", 4.5),
    ("info", "info-soft", 4.5),
    ("ink", "good-soft", 4.5),
    ("ink", "wait-soft", 4.5),
    ("ink", "stop-soft", 4.5),
    ("stop", "paper", 4.5),
    ("paper", "stop", 4.5),
    ("edge", "paper", 3),
    ("focus", "paper", 3),
    ("focus", "surface", 3),
]


def test_the_stylesheet_is_light_w2() -> None:
    assert len(gzip.compress(STYLE.encode(), 9)) < 15_000


def test_the_stylesheet_knows_no_left_and_right_l2() -> None:
    sided = re.findall(r"(?:^|[^-\w])(?:[\w-]*-)?(?:left|right)\b", STYLE)
    shorthands = re.findall(r"(?:margin|padding|inset|border-width):(?:\s+[^\s;]+){4};", STYLE)

    assert (sided, shorthands) == ([], [])


def test_the_stylesheet_loads_nothing() -> None:
    assert re.findall(r"@import|@font-face|url\(", STYLE) == []


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_stand_out_a3(theme: int, front: str, back: str, least: float) -> None:
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[0]))
    if theme:
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[1]))

    assert contrast(colours[front], colours[back]) >= least


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def templates() -> list[Path]:
    return sorted(FOLDER.rglob("*.html"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_template_holds_no_code_and_no_style_a01(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    forbidden = r"<script|<style|\sstyle=|\son\w+=|javascript:|\|\s*safe\b|autoescape false|<iframe|https?://"
    assert re.findall(forbidden, text) == []


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_form_that_posts_carries_a_token_t50(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    posting = re.findall(r'<form[^>]*method="post"[^>]*>.*?</form>', text, re.DOTALL)
    assert [form for form in posting if "token()" not in form and "fields.csrf" not in form] == []


def test_every_template_can_be_read() -> None:
    engine = make_templates()

    assert engine.autoescape is True
    for path in templates():
        engine.get_template(str(path.relative_to(FOLDER)))


async def test_a_file_has_its_hash_in_its_name_and_never_changes_w4(building: Building) -> None:
    url = read_files().url("style.css")

    page = await building.visitor().get(url, accept_encoding="gzip")

    assert page.header("cache-control") == "public, max-age=31536000, immutable"
    assert (page.header("content-encoding"), gzip.decompress(page.body)) == ("gzip", STYLE.encode())


async def test_a_browser_that_takes_no_gzip_gets_plain_text(building: Building) -> None:
    page = await building.visitor().get(read_files().url("style.css"))

    assert (page.header("content-encoding"), page.body) == (None, STYLE.encode())


@pytest.mark.parametrize("name", ["style.css", "..%2Fapp.py", "style.000000000000.css"])
async def test_another_name_is_no_file(building: Building, name: str) -> None:
    page = await exchange(building.app, "GET", f"/static/{name}", {"host": "home.example"}, b"")

    assert page.status == 404


async def test_a_field_error_is_joined_to_its_field_a3(building: Building) -> None:
    visitor = building.visitor()

    page = await visitor.send(await visitor.get("/sign-in"), "/sign-in", name="", password="x")
    field = page.document.get_element_by_id("field-name")
    described = [page.document.get_element_by_id(name).text_content() for name in field.get("aria-describedby").split()]

    assert (page.status, field.get("aria-invalid"), described) == (422, "true", ["Error: Please fill this in."])
    assert page.document.get_element_by_id("field-password").get("value") is None


async def test_the_navigation_says_where_one_is(building: Building) -> None:
    page = await building.visitor().get("/sign-in")

    marked = [link.text_content() for link in page.document.xpath('//nav//a[@aria-current="page"]')]
    assert marked == ["Sign in"]
