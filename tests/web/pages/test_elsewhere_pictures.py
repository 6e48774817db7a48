"""Pictures of other servers in our pages: from here alone, by addresses that only this node makes."""

from dataclasses import replace

import pytest

from node.community import foreign_pictures, foreign_posts
from node.community.attachments import ForeignAttachment
from node.community.foreign_pictures import Size, Wanted
from node.community.foreign_posts import ForeignPost
from node.database import atomic
from node.media.processing import Processed
from node.media.store import elsewhere_store
from node.models import ForeignPicture, Job, Mode, Visibility
from node.policy import registry
from node.policy.registry import Change
from tests.node.media.pictures import picture
from tests.web.building import Building
from tests.web.pages.conftest import Inhabited
from tests.web.village import BERTA

FACE = "https://far.example/berta.png"
WALL = "https://files.far.example/wall.jpg"


@pytest.fixture(autouse=True)
async def _open_mode(inhabited: Inhabited) -> None:
    await registry.start(Mode.OPEN, now=inhabited.building.clock.now())
    await inhabited.building.registry.refresh()


async def shown_faces(building: Building, path: str = "/@berta@far.example", **headers: str) -> list[str]:
    return (await building.visitor().get(path, **headers)).document.xpath("//main//img/@src")  # type: ignore[no-any-return]


async def with_wall(inhabited: Inhabited, *, sensitive: bool = False) -> str:
    """Let berta answer with a picture; return the path of the thread."""
    reply = ForeignPost(
        uri="https://far.example/users/berta/statuses/9",
        author_uri=BERTA.uri,
        visibility=Visibility.PUBLIC,
        content_html="<p>Here it is.</p>",
        in_reply_to_uri=f"https://home.example/ap/n/{inhabited.village.post}",
        sensitive=sensitive,
        attachments=(ForeignAttachment(WALL, "image/jpeg", "A wall of questions", 640, 480),),
        published_at=inhabited.building.clock.now(),
        is_solicited=True,
    )
    await foreign_posts.receive(reply, now=inhabited.building.clock.now())
    return f"/posts/{inhabited.village.post}"


async def kept(building: Building, url: str, size: Size) -> None:
    """Keep a picture as the way in would."""
    store, now = elsewhere_store(building.settings.data_dir), building.clock.now()
    made = Processed(picture("WEBP", (320, 320)), picture("WEBP", (96, 96)), 320, 320)
    wanted = Wanted(url, size, "far.example")
    name = await foreign_pictures.write(made, store, now=now)
    await foreign_pictures.keep(wanted, "far.example", made, name=name, now=now)


async def test_nobody_else_can_make_an_address_t39(inhabited: Inhabited) -> None:
    visitor = inhabited.building.visitor()
    (good,) = await shown_faces(inhabited.building)
    head, signature, kind, host, code = good.rsplit("/", 4)
    tried = [
        f"{head}/{'A' * 22}/{kind}/{host}/{code}",
        f"{head}/{signature}/whole/{host}/{code}",
        f"{head}/{signature}/{kind}/other.example/{code}",
        f"{head}/{signature}/{kind}/{host}/{code}A",
        f"{head}/%C3%A9/{kind}/{host}/{code}",
        f"/media/elsewhere?url={FACE}",
        f"/media/elsewhere/{FACE}",
    ]

    answers = [(await visitor.get(path)).status for path in tried]

    assert answers == [404] * len(tried)
    assert inhabited.building.app.extensions["talanoa"].wishes.wanted == {}


async def test_a_page_asks_and_shows_at_the_next_look_but_never_fetches(inhabited: Inhabited) -> None:
    """The pages of a Building have no client at all: a fetch would be an error."""
    building, now = inhabited.building, inhabited.building.clock.now()
    (address,) = await shown_faces(building)

    first = await building.visitor().get(address)
    rows_after_the_get = await Job.filter(kind=foreign_pictures.KIND).count()
    await building.app.extensions["talanoa"].wishes.note(now=now)
    (job,) = await Job.filter(kind=foreign_pictures.KIND)
    await kept(building, FACE, Size.FACE)
    second = await building.visitor().get(address)

    assert (first.status, first.header("content-type"), first.header("cache-control")) == (200, "image/gif", "no-store")
    assert rows_after_the_get == 0
    assert job.payload == {"url": FACE, "size": "face", "shown_for": "far.example"}
    assert (second.status, second.header("content-type")) == (200, "image/webp")
    assert second.body == picture("WEBP", (320, 320))


async def test_the_answers_are_inert_and_know_no_cookie_t39_a09_v_k09(inhabited: Inhabited) -> None:
    building = inhabited.building
    thread = await with_wall(inhabited)
    member = await building.signed_in("sefa")
    addresses = [path for path in await shown_faces(building, thread) if "/elsewhere/" in path]

    answers = [await member.get(address) for address in addresses]

    assert {answer.header("content-type") for answer in answers} == {"image/gif", "image/svg+xml"}
    for answer in answers:
        assert answer.header("content-security-policy") == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("set-cookie") is None


async def test_a_blocked_server_s_pictures_are_gone_at_once(inhabited: Inhabited) -> None:
    building = inhabited.building
    await kept(building, FACE, Size.FACE)
    (address,) = await shown_faces(building)
    before = await building.visitor().get(address)
    async with atomic():
        await registry.write(Change(("far.example",), "T0"), batch="b", by_member_id=None, now=building.clock.now())
        await registry.raise_version(now=building.clock.now())
    await building.registry.refresh()

    after = await building.visitor().get(address)

    assert (before.status, after.status) == (200, 404)


async def test_a_picture_stands_in_the_thread_with_its_description(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get(await with_wall(inhabited))

    (image,) = page.document.xpath("//main//img[@alt='A wall of questions']")
    assert image.get("src").startswith("/media/elsewhere/")
    assert image.getparent().get("href").startswith("/media/elsewhere/")
    assert WALL not in page.text


async def test_a_sensitive_picture_is_folded(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get(await with_wall(inhabited, sensitive=True))

    (details,) = page.document.xpath("//details[.//img[@alt='A wall of questions']]")
    assert details.get("open") is None


@pytest.mark.parametrize("how", ["choice", "save-data"])
async def test_where_data_is_dear_no_picture_loads_by_itself(inhabited: Inhabited, how: str) -> None:
    thread, visitor = await with_wall(inhabited), inhabited.building.visitor()
    page = await (visitor.get(f"{thread}?pictures=demand") if how == "choice" else visitor.get(thread, save_data="on"))
    later = await visitor.get(thread) if how == "choice" else page

    assert page.document.xpath("//main//img") == later.document.xpath("//main//img") == []
    links = page.document.xpath("//a[text()='Show the picture']/@href")
    assert [link.startswith("/media/elsewhere/") for link in links if "elsewhere" in link] == [True]
    assert "A wall of questions" in page.shown()


async def test_switched_off_there_are_only_links(inhabited: Inhabited) -> None:
    thread = await with_wall(inhabited)
    (address,) = await shown_faces(inhabited.building)
    off = Building(replace(inhabited.building.settings, foreign_pictures=False), inhabited.building.clock)

    page = await off.visitor().get(thread)

    assert "/media/elsewhere/" not in page.text
    assert page.document.xpath("//a[@href=$url]", url=WALL) != []
    assert (await off.visitor().get(address)).status == 404


async def test_a_lost_file_is_wanted_again(inhabited: Inhabited) -> None:
    building = inhabited.building
    await kept(building, FACE, Size.FACE)
    row = await ForeignPicture.get()
    for path in foreign_pictures.paths_of(str(row.name)):
        await elsewhere_store(building.settings.data_dir).remove(path)
    (address,) = await shown_faces(building)

    answer = await building.visitor().get(address)

    assert (answer.status, answer.header("content-type")) == (200, "image/gif")
    assert len(building.app.extensions["talanoa"].wishes.wanted) == 1


async def with_seedling(inhabited: Inhabited) -> str:
    """Let berta answer with a picture that stands for a short code; return the path of the thread."""
    now = inhabited.building.clock.now()
    reply = ForeignPost(
        uri="https://far.example/users/berta/statuses/10",
        author_uri=BERTA.uri,
        content_html='<p>It grows :seedling: <a href="https://far.example/:seedling:">:other:</a></p>',
        emoji=((":seedling:", "https://far.example/seedling.png"),),
        in_reply_to_uri=f"https://home.example/ap/n/{inhabited.village.post}",
        published_at=now,
    )
    await foreign_posts.receive(reply, now=now)
    return f"/posts/{inhabited.village.post}"


async def test_a_short_code_is_a_picture_from_here_that_reads_as_the_code(inhabited: Inhabited) -> None:
    path = await with_seedling(inhabited)

    document = (await inhabited.building.visitor().get(path)).document

    assert document.xpath("//img[@class='emoji']/@alt") == [":seedling:"]
    (source,) = document.xpath("//img[@class='emoji']/@src")
    assert source.startswith("/media/elsewhere/") and "/emoji/far.example/" in source
    assert document.xpath("//a[text()=':other:']/@href") == ["https://far.example/:seedling:"]


async def test_a_short_code_stays_one_where_pictures_of_others_are_switched_off(inhabited: Inhabited) -> None:
    path = await with_seedling(inhabited)
    building = inhabited.building
    off = Building(replace(building.settings, foreign_pictures=False), building.clock, registry=building.registry)

    page = await off.visitor().get(path)

    assert (page.document.xpath("//img[@class='emoji']"), "It grows :seedling:" in page.shown()) == ([], True)
