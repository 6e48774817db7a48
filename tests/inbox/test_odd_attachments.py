"""What is no file is no attachment, and the page that would show it is served. V-K04, T-26."""

from typing import Any

import pytest

from node.models import Actor, Attachment, Post
from tests.inbox.test_handlers import befriended, told
from tests.standing import INBOXES, Company

Json = dict[str, Any]
ODD: tuple[object, ...] = (
    *(1, True, None, "x", "", [], {}, [[]], [[{"type": "Note"}]], {"type": "Document"}, {"type": "Image", "url": 5}),
    {"type": "Note", "id": "http://good.test/n/1", "content": "<p>Not a file</p>"},
    {"type": "Person", "id": "http://good.test/users/rosa", "name": "Rosa"},
    {"type": "Image", "url": {"type": "Link", "href": {"href": "http://good.test/a.png"}}},
    {"type": "Image", "url": "javascript:alert(1)", "mediaType": "image/png"},
    {"type": "Image", "url": "data:image/png;base64,AAAA"},
    {"type": "Image", "url": "//good.test/a.png"},
    {"type": "Image", "url": "\thttp://good.test/a.png"},
    {"type": "Document", "url": ["", None, 7, {"href": []}], "mediaType": {"a": 1}, "width": "wide"},
)


@pytest.mark.parametrize("inbox", INBOXES)
async def test_what_is_no_file_is_left_out_and_the_post_is_shown_v_k04(company: Company, inbox: str) -> None:
    rosa = await befriended(company)
    await Actor.filter(uri=rosa.uri).update(indexable=True)
    shapes = [*([each] for each in ODD), *ODD, list(ODD)]

    for shape in shapes:
        note: Json = company.good.note(rosa, "<p>Rosa says</p>") | {"attachment": shape}
        said = company.good.activity("Create", rosa, note)
        assert await told(company, company.good, said, rosa, inbox) == "done", shape

    assert await Post.filter(is_local=False).count() == len(shapes)
    assert await Attachment.all().count() == 0
    for path in ("/@rosa@good.test", f"/thread?uri={note['id']}"):
        page = await company.home.get(path, accept="text/html")
        assert (page.status, b"Rosa says" in page.body) == (200, True)
    assert b"javascript:" not in page.body


async def test_a_picture_wider_than_any_is_shown_without_a_size(company: Company) -> None:
    """PostgreSQL takes no such number: the post must not become a dead letter."""
    rosa = await befriended(company)
    file = {"type": "Image", "url": "http://good.test/a.png", "mediaType": "image/png", "width": 3_000_000_000}
    note: Json = company.good.note(rosa, "<p>Wide</p>") | {"attachment": [file | {"height": -4}]}

    assert await told(company, company.good, company.good.activity("Create", rosa, note), rosa) == "done"

    assert [(row.width, row.height) for row in await Attachment.all()] == [(None, None)]
