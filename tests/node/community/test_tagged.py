"""Everything with a hashtag, page by page."""

import pytest

from node.community import posts, tagged
from node.community.posts import PostDraft
from node.community.views import TimelineItem
from node.community.visibility import ANONYMOUS
from node.models import Visibility
from node.settings import Settings
from tests.node.community.people import NOW, home, member


async def pages(name: str) -> list[list[str]]:
    """Read a tag to its end; return the texts of each page."""
    found, before = [], None
    while True:
        page = await tagged.tagged(name, ANONYMOUS, before=before)
        found.append([_words(item) for item in page.items])
        if page.next is None:
            return found
        before = page.next


def _words(item: TimelineItem) -> str:
    return item.thing.content_html.removeprefix("<p>").split(" ")[0]


async def _publish(numbers: range, visibility: Visibility = Visibility.PUBLIC) -> None:
    anna = await member()
    await home()
    for number in numbers:
        await posts.publish(PostDraft(f"{number} #water", visibility), author=anna.actor, now=NOW)


async def test_what_one_may_not_read_is_passed_over_page_by_page(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagged, "LOOKED_AT", 2)
    await _publish(range(3), Visibility.MEMBERS)

    assert await pages("water") == [[], []]


async def test_a_tag_is_read_to_its_end_the_latest_first(database: Settings) -> None:
    await _publish(range(41))

    numbers = [str(number) for number in range(40, -1, -1)]
    assert await pages("#Water") == [numbers[:20], numbers[20:40], numbers[40:]]
    assert await pages("dry") == [[]]
