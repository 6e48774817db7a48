"""The pages that everybody reads: who may see what, what machines are told, nothing loaded from elsewhere."""

from dataclasses import replace
from urllib.parse import quote

import pytest

from node.community import foreign_posts, posts
from node.community.attachments import ForeignAttachment
from node.community.foreign_actors import remember
from node.community.foreign_posts import ForeignPost
from node.community.posts import PostDraft
from node.models import Visibility
from tests.web.building import Building
from tests.web.pages.conftest import Inhabited
from tests.web.village import BERTA
from tests.web.visitor import Page

BASE = "https://home.example"
ALWAYS = (
    "/",
    "/posts",
    "/network",
    "/practices",
    "/events",
    "/events?when=past",
    "/search",
    "/@anna",
    "/tags/openbudget",
)


async def test_a_private_post_looks_like_no_post_at_all_v_m23(inhabited: Inhabited) -> None:
    visitor = inhabited.building.visitor()

    ids = [inhabited.village.members_post, "a" * 26]

    by_id = [await visitor.get(f"/posts/{each}") for each in ids]
    by_uri = [await visitor.get(f"/thread?uri={quote(f'{BASE}/ap/n/{each}', safe='')}") for each in ids]

    assert [page.status for page in by_id + by_uri] == [404] * 4
    assert _alike(by_id[0], ids[0]) == _alike(by_id[1], ids[1])
    assert _alike(by_uri[0], ids[0]) == _alike(by_uri[1], ids[1])


async def test_what_only_members_read_is_on_no_page_for_visitors(inhabited: Inhabited) -> None:
    visitor, member = inhabited.building.visitor(), await inhabited.building.signed_in("sefa")
    paths = [*ALWAYS, "/search?q=secretariat", "/posts.atom", "/@anna.atom"]

    seen = [path for path in paths if "looking for a host" in (await visitor.get(path)).text]

    assert seen == []
    assert "looking for a host" in (await member.get("/posts")).text


async def test_what_was_said_to_one_alone_is_in_no_thread_v_z04(inhabited: Inhabited) -> None:
    village, now = inhabited.village, inhabited.building.clock.now()
    whisper = ForeignPost(
        uri="https://far.example/users/berta/statuses/2",
        author_uri=BERTA.uri,
        wire_type="Note",
        visibility=Visibility.DIRECT,
        content_html="<p>psst, only for anna</p>",
        in_reply_to_uri=f"{BASE}/ap/n/{village.post}",
        mentioned_uris=(inhabited.anna.actor.uri,),
        published_at=now,
        is_solicited=True,
    )
    await foreign_posts.receive(whisper, now=now)
    visitor = inhabited.building.visitor()

    pages = [await visitor.get(path) for path in (f"/posts/{village.post}", "/network", "/@berta@far.example")]

    assert [page.status for page in pages] == [200] * 3
    assert not any("psst" in page.text for page in pages)
    assert "not for you" not in pages[0].shown()


async def test_looking_at_a_stranger_writes_no_errand_v_n02(inhabited: Inhabited) -> None:
    visitor = inhabited.building.visitor()

    paths = ("/@nobody@far.example", "/search?q=@nobody@far.example", "/thread?uri=https%3A%2F%2Ffar.example%2F9")
    statuses = [(await visitor.get(path)).status for path in paths]

    assert statuses == [404, 200, 404]


async def test_a_strangers_words_are_shown_with_name_and_origin_and_not_for_search_engines(
    inhabited: Inhabited,
) -> None:
    page = await inhabited.building.visitor().get(f"/posts/{inhabited.village.post}")
    answer = page.document.xpath("//section[@class='answers']//article")[0]

    assert "@berta@far.example" in answer.text_content()
    assert answer.xpath(".//a[@href='https://far.example/@berta/1']/text()") == ["Original at far.example"]
    assert page.header("x-robots-tag") == "noindex"
    assert page.document.xpath("//meta[@name='robots']/@content") == ["noindex"]


async def test_nothing_is_loaded_from_elsewhere(inhabited: Inhabited) -> None:
    visitor, village = inhabited.building.visitor(), inhabited.village
    paths = (*ALWAYS, f"/posts/{village.post}", "/@berta@far.example", f"/thread?uri={quote(village.far_record_uri)}")

    pages = [await visitor.get(path) for path in paths]
    loaded = {source for page in pages for source in page.document.xpath("//@src | //link[@rel='stylesheet']/@href")}

    assert [page.status for page in pages] == [200] * len(paths)
    assert {source for source in loaded if not source.startswith(("/static/", "/media/", f"{BASE}/media/"))} == set()


async def test_scripts_in_foreign_text_are_gone_t40(inhabited: Inhabited) -> None:
    now = inhabited.building.clock.now()
    evil = replace(
        BERTA,
        uri="https://far.example/users/eve",
        name="eve",
        url="javascript:alert(1)",
        display_name="<img src=x onerror=alert(1)>",
        bio_html="<script>alert(1)</script><a href='javascript:alert(1)'>x</a>",
    )
    await remember(evil, now=now)
    note = ForeignPost(
        uri="https://far.example/users/eve/1",
        author_uri=evil.uri,
        wire_type="Note",
        visibility=Visibility.PUBLIC,
        warning="<script>alert(1)</script>",
        content_html="<p onclick=alert(1)>hello<script>alert(1)</script><iframe src=//evil></iframe></p>",
        language='en" onload="alert(1)',
        url="javascript:alert(1)",
        in_reply_to_uri=f"{BASE}/ap/n/{inhabited.village.post}",
        hashtags=('"><script>',),
        attachments=(ForeignAttachment("javascript:alert(1)", "image/png", '"><script>alert(1)'),),
        published_at=now,
        is_solicited=True,
    )
    await foreign_posts.receive(note, now=now)
    visitor = inhabited.building.visitor()

    for path in (f"/posts/{inhabited.village.post}", "/@eve@far.example", "/search?q=%3Cscript%3Ealert(1)"):
        page = await visitor.get(path)
        assert page.status == 200
        assert page.document.xpath("//script | //iframe | //style | //@onclick | //@onerror | //@onload") == []
        assert [href for href in page.document.xpath("//@href") if href.lower().startswith("javascript")] == []


async def test_a_post_page_names_its_id_and_a_preview(inhabited: Inhabited) -> None:
    village = inhabited.village
    uri = f"{BASE}/ap/n/{village.warned_post}"

    page = await inhabited.building.visitor().get(f"/posts/{village.warned_post}")
    properties = {tag.get("property"): tag.get("content") for tag in page.document.xpath("//meta[@property]")}

    assert page.header("link") == f'<{uri}>; rel="alternate"; type="application/activity+json"'
    assert page.document.xpath("//link[@type='application/activity+json']/@href") == [uri]
    assert properties == {
        "og:site_name": "Pacific Practice Network",
        "og:type": "article",
        "og:title": "Anna: Bad news about a project",
        "og:description": "Bad news about a project",
        "og:url": f"{BASE}/posts/{village.warned_post}",
        "og:locale": "en",
    }
    assert page.document.xpath("//details[@class='behind']/summary//text()")[0] == "Bad news about a project"


async def test_words_carry_their_language_and_direction_l2(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get("/posts")

    words = page.document.xpath("//div[contains(@class, 'words')][@lang='ar']/@dir")

    assert words == ["auto"]


@pytest.mark.parametrize("accept", ["application/activity+json", 'application/ld+json; profile="x"'])
async def test_a_reader_of_activities_is_sent_to_the_id(inhabited: Inhabited, accept: str) -> None:
    post = inhabited.village.post

    page = await inhabited.building.visitor().get(f"/posts/{post}", accept=accept)

    assert (page.status, page.header("location")) == (302, f"{BASE}/ap/n/{post}")
    assert page.header("cache-control") == "no-store"


async def test_a_picture_has_its_description(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get(f"/posts/{inhabited.village.post}")

    pictures = page.document.xpath("//main//img[@alt != '']")

    assert [picture.get("alt") for picture in pictures] == ["A wall full of handwritten questions, sorted by island"]


async def test_a_deleted_post_is_gone(inhabited: Inhabited) -> None:
    now = inhabited.building.clock.now()
    await posts.withdraw(f"{BASE}/ap/n/{inhabited.village.post}", by=inhabited.anna, now=now)

    page = await inhabited.building.visitor().get(f"/posts/{inhabited.village.post}")

    assert (page.status, "which question" in page.text.lower()) == (410, False)


async def test_lists_are_paged_and_lead_on(inhabited: Inhabited) -> None:
    now = inhabited.building.clock.now()
    for number in range(25):
        await posts.publish(PostDraft(text=f"Note {number:02}", language="en"), author=inhabited.anna.actor, now=now)
    visitor = inhabited.building.visitor()

    first = await visitor.get("/posts")
    second = await visitor.get(first.document.xpath("//a[@rel='next']/@href")[0])

    shown = [len(page.document.xpath("//ol[@class='stream']/li")) for page in (first, second)]
    assert (shown[0], shown[1] > 0, second.status) == (20, True, 200)
    assert second.header("x-robots-tag") == "noindex"


async def test_a_wrong_mark_in_an_address_shows_the_newest(inhabited: Inhabited) -> None:
    visitor = inhabited.building.visitor()
    paths = [f"{path}?before={mark}" for path in ("/posts", "/practices", "/events") for mark in ("x", "9" * 60, "-1")]

    assert [(await visitor.get(path)).status for path in paths] == [200] * len(paths)


async def test_a_member_on_the_first_page_comes_home(inhabited: Inhabited) -> None:
    member = await inhabited.building.signed_in("sefa")

    assert (await member.get("/")).status in {200, 303}


async def test_a_first_page_before_anything_is_set_up_still_stands(building: Building) -> None:
    page = await building.visitor().get("/")

    assert (page.status, "No practice record is published yet." in page.shown()) == (200, True)


def _alike(page: Page, own_id: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    changing = {"content-length", "date", "set-cookie"}
    return page.text.replace(own_id, ""), tuple(pair for pair in page.headers if pair[0] not in changing)
