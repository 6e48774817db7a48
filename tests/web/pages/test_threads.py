"""Long threads on pages: a part at a time, with ways on, and an address that leads to each answer."""

import pytest

from node.community import posts, threads
from node.community.posts import PostDraft
from tests.web.pages.conftest import Inhabited
from tests.web.visitor import Page


def ways(page: Page) -> dict[str, str]:
    """Return the links to the other pages of a thread."""
    return {link.get("rel"): link.get("href") for link in page.document.xpath("//nav[@class='pages']/a")}


@pytest.mark.parametrize("asked", ["page=x", "page=0", "page=99999", "page=", "answer=nobody"])
async def test_an_odd_page_of_a_thread_is_the_first(inhabited: Inhabited, asked: str) -> None:
    page = await inhabited.building.visitor().get(f"/posts/{inhabited.village.post}?{asked}")

    assert (page.status, ways(page)) == (200, {})


async def test_a_long_thread_has_pages_and_every_answer_an_address(
    inhabited: Inhabited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "A_PAGE", 2)
    anna, visitor, now = inhabited.anna, inhabited.building.visitor(), inhabited.building.clock.now()
    top = await posts.publish(PostDraft("A long talk"), author=anna.actor, now=now)
    answers = [
        await posts.publish(PostDraft(f"Answer {each}", in_reply_to_uri=top.uri), author=anna.actor, now=now)
        for each in range(3)
    ]
    path, last = f"/posts/{top.public_id}", answers[-1].public_id

    first, alone = await visitor.get(path), await visitor.get(f"/posts/{last}")
    among = alone.document.xpath("//section[@class='context']/p/a/@href")
    found = await visitor.get(str(among[0]).partition("#")[0])

    assert ways(first) == {"next": f"{path}?page=2#answers"}
    assert among == [f"{path}?answer={last}#p-{last}"]
    assert ways(found) == {"prev": f"{path}?page=1#answers"}
    assert [part.get("id") for part in found.document.xpath("//ol/li/article")] == [f"p-{last}"]
    assert "Page 2 of 2" in found.shown()
