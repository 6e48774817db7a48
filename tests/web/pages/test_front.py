"""The first page: what the network is, what is newest, and how to follow it without an account."""

from node.community import posts
from node.community.posts import PostDraft
from tests.web.pages.conftest import Inhabited


async def test_it_says_what_the_network_is_and_what_is_new(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get("/")
    document = page.document

    assert document.xpath("string(//h1)") == "Pacific Practice Network"
    assert "Twelve island states share what works." in page.shown()
    assert [heading.text_content() for heading in document.xpath("//h2")] == [
        *("Newest practices", "Latest posts", "Next events", "Follow from Mastodon"),
    ]
    assert document.xpath("//section[@aria-labelledby='newest-practices']//h3/a/text()") == [
        *("One-stop shop on a ferry", "Ward budget hearings by SMS"),
    ]
    assert document.xpath("//section[@aria-labelledby='next-events']//h3/a/text()") == [
        *("Call on land registers", "Open budget workshop", "Training on open contracts"),
    ]


async def test_it_gives_the_four_accounts_to_copy(inhabited: Inhabited) -> None:
    page = await inhabited.building.visitor().get("/")

    assert page.document.xpath("//code[@class='copy']/text()") == [
        f"@{name}@home.example" for name in ("network", "posts", "events", "practices")
    ]
    assert page.form("/interact")["uri"] == "https://home.example/ap/g/network"


async def test_a_member_comes_home(inhabited: Inhabited) -> None:
    member = await inhabited.building.signed_in("sefa")

    page = await member.get("/")

    assert (page.status, page.header("location")) == (303, "/home")


async def test_a_second_look_costs_next_to_nothing_w4(inhabited: Inhabited) -> None:
    visitor = inhabited.building.visitor()
    first = await visitor.get("/")

    second = await visitor.get("/", if_none_match=first.header("etag") or "")

    assert (first.status, second.status, second.body) == (200, 304, b"")


async def test_a_warning_with_a_percent_sign_is_only_words(inhabited: Inhabited) -> None:
    now = inhabited.building.clock.now()
    draft = PostDraft(text="All of it.", language="en", warning="100% (sic) %(number)s")
    await posts.publish(draft, author=inhabited.anna.actor, now=now)

    page = await inhabited.building.visitor().get("/posts")

    assert (page.status, "100% (sic) %(number)s" in page.shown()) == (200, True)
