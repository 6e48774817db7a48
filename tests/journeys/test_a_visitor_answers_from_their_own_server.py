"""Somebody reads a page here, enters the address they have elsewhere, and is led to their own server."""

import asyncio

import pytest

from node.community import posts
from node.community.posts import PostDraft
from node.serving.assembly import web_of
from node.settings import Settings
from tests.network import open_network
from tests.peers.flavours import GOTOSOCIAL, MASTODON, Flavour
from tests.web.visitor import Page, Visitor
from tests.world import HOME, Home, home_settings, open_home


@pytest.mark.parametrize("flavour", [MASTODON, GOTOSOCIAL], ids=lambda flavour: flavour.software)
async def test_the_address_of_a_visitor_opens_their_own_server(node_database: Settings, flavour: Flavour) -> None:
    async with open_network() as network:
        peer = await network.peer("far.test", flavour)
        peer.actor("rosa")
        async with open_home(home_settings(node_database, network), network) as home:
            post = await _post(home)
            visitor = _visitor(home)
            page = await visitor.get(f"/posts/{post.rsplit('/', 1)[-1]}")

            sent = await visitor.send(page, "/interact", address="rosa@far.test", intent="reply")
            found = await _arrived(visitor, sent.header("location") or "")

            links = found.document.xpath("//main//a[contains(@class, 'button')]/@href")
            assert [link for link in links if link.startswith("http://far.test/")] == links
            assert [post.replace(":", "%3A").replace("/", "%2F") in link for link in links] == [True]


async def test_a_server_that_is_not_there_is_explained_by_hand(node_database: Settings) -> None:
    async with open_network() as network, open_home(home_settings(node_database, network), network) as home:
        post = await _post(home)
        visitor = _visitor(home)
        page = await visitor.get(f"/posts/{post.rsplit('/', 1)[-1]}")

        sent = await visitor.send(page, "/interact", address="rosa@silent.test", intent="reply")
        found = await _arrived(visitor, sent.header("location") or "")

        assert (found.status, post in found.shown()) == (200, True)
        assert "silent.test" not in "".join(found.document.xpath("//main//a/@href"))


async def test_somebody_of_ours_goes_on_here(node_database: Settings) -> None:
    async with open_network() as network, open_home(home_settings(node_database, network), network) as home:
        post = await _post(home)
        visitor = _visitor(home)
        page = await visitor.get(f"/posts/{post.rsplit('/', 1)[-1]}")

        sent = await visitor.send(page, "/interact", address="@me@home.test", intent="reply")

        assert (sent.header("location") or "").startswith("/authorize_interaction?uri=")


async def _post(home: Home) -> str:
    author = await home.member("amina")
    draft = PostDraft(text="Who has tried it?", language="en")
    return (await posts.publish(draft, author=author.actor, now=home.node.clock.now())).uri


def _visitor(home: Home) -> Visitor:
    return Visitor(web_of(home.node), headers={"host": HOME}, origin=home.base)


async def _arrived(visitor: Visitor, path: str) -> Page:
    """Reload as the page asks for until it leads on, then go there."""
    async with asyncio.timeout(20):
        while True:
            page = await visitor.get(path)
            if page.status == 303:
                return await visitor.get(page.header("location") or "")
            await asyncio.sleep(0.1)
