"""A chain of five thousand answers costs a few questions and is shown to a bound. V-M14."""

from datetime import timedelta
from typing import Any

import pytest

from node.community import posts, threads
from node.community.posts import PostDraft
from node.community.tables import insert_all
from node.community.threads import Part
from node.community.visibility import ANONYMOUS
from node.database import atomic
from node.database import rows as real_rows
from node.models import Post, Visibility
from node.settings import Settings
from tests.node.community.people import NOW, foreigner, member

LENGTH = 5_000


async def chain(top: str) -> list[str]:
    """Let far.example answer `top`, its answer, the answer to that, and so on; return the ids."""
    author = await foreigner()
    uris = [f"https://far.example/n/{number}" for number in range(LENGTH)]
    rows = [
        {
            "uri": uri,
            "author_id": author.id,
            "wire_type": "Note",
            "visibility": Visibility.PUBLIC,
            "content_html": "<p>x</p>",
            "in_reply_to_uri": parent,
            "thread_uri": top,
            "published_at": NOW + timedelta(seconds=number),
            "received_at": NOW,
        }
        for number, (uri, parent) in enumerate(zip(uris, [top, *uris], strict=False))
    ]
    async with atomic():
        for start in range(0, LENGTH, 200):
            await insert_all(Post, rows[start : start + 200])
    return uris


async def test_a_chain_of_five_thousand_answers_is_shown_to_a_hundred_levels_v_m14(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await member()
    top = await posts.publish(PostDraft("top"), author=anna.actor, now=NOW)
    uris = await chain(top.uri)
    asked: list[str] = []

    async def counted(sql: str, values: Any) -> object:
        asked.append(sql)
        return await real_rows(sql, values)

    monkeypatch.setattr(threads, "rows", counted)
    first = await threads.thread(top.uri, ANONYMOUS)
    last = await threads.thread(top.uri, ANONYMOUS, Part(page=1_000))
    lowest = await threads.thread(uris[-2], ANONYMOUS)

    assert (first.number, first.pages, len(first.answers)) == (threads.DEEPEST, 2, threads.A_PAGE)
    assert max(each.depth for each in last.answers) == threads.DEEPEST
    assert first.hidden == LENGTH - threads.DEEPEST
    assert len(lowest.above) <= threads.DEEPEST
    assert len(asked) <= 2 * 3
