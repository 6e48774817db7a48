"""Pictures of ours: nothing else leaves that folder, and a picture opened by itself can do nothing."""

from node.media.store import media_store
from tests.web.building import Building

NAME = "a" * 26


async def test_nothing_but_pictures_leaves_the_folder(building: Building) -> None:
    folder = building.settings.data_dir / "media" / "aa"
    folder.mkdir(parents=True)
    (folder / "secret.json").write_text("key")
    (folder / f"{NAME}.html").write_text("<script>")
    visitor = building.visitor()

    paths = ("aa/secret.json", f"aa/{NAME}.html", f"..%2faa/{NAME}.webp", f"aa/{NAME}.webp", "talanoa.db")

    assert [(await visitor.get(f"/media/{path}")).status for path in paths] == [404] * 5


async def test_a_picture_is_served_for_good_in_a_sandbox_without_cookies(building: Building) -> None:
    settings = building.settings
    store = media_store(settings.data_dir, settings.public_url, settings.media_url)
    path = await store.keep(b"RIFF", name=NAME)

    page = await building.visitor(cookie="__Host-session=anything").get(f"/media/{path}")

    assert (page.status, page.body) == (200, b"RIFF")
    assert page.header("content-type") == "image/webp"
    assert page.header("content-security-policy") == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert page.header("x-content-type-options") == "nosniff"
    assert page.header("cache-control") == "public, max-age=31536000, immutable"
    assert page.header("set-cookie") is None


async def test_search_engines_are_asked_to_leave_forms_alone(building: Building) -> None:
    page = await building.visitor().get("/robots.txt")

    assert (page.status, page.header("content-type")) == (200, "text/plain; charset=utf-8")
    assert "Disallow: /search" in page.text
