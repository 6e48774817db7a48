"""What kinds of foreign objects become, and what is kept of them: whole documents, languages, emoji, files."""

import json
from typing import Any

from node.community import attachments, post_emoji
from node.models import Attachment, Post, PostEmoji
from tests.inbox.test_handlers import befriended, told
from tests.peers.actors import PeerActor
from tests.standing import Company

Json = dict[str, Any]


async def brought(company: Company, rosa: PeerActor, **more: object) -> Post:
    note: Json = company.good.note(rosa, "<h2>Part</h2><p>Words :blob:</p>") | more
    assert await told(company, company.good, company.good.activity("Create", rosa, note), rosa) == "done"
    return await Post.get(uri=note["id"])


def emoji(*names: str) -> list[Json]:
    icon = {"type": "Image", "mediaType": "image/png", "url": "https://files.test/blob.png"}
    return [{"type": "Emoji", "name": name, "icon": icon} for name in names]


async def test_emoji_that_no_word_uses_and_names_that_are_none_are_left(company: Company) -> None:
    """V-M27."""
    rosa = await befriended(company)
    odd = [":unused:", "no name", ":" + "x" * 200 + ":", "<b>", ":blob:", ":blob:", *(f":e{n}:" for n in range(150))]
    content = "<p>:blob: " + " ".join(f":e{number}:" for number in range(150)) + "</p>"

    post = await brought(company, rosa, content=content, tag=emoji(*odd))

    codes = (await post_emoji.within([post.uri]))[post.uri]
    assert len(codes) == post_emoji.MOST
    assert ":unused:" not in codes
    assert codes[":blob:"] == "https://files.test/blob.png"


async def test_emoji_go_with_the_version_that_had_them(company: Company) -> None:
    rosa = await befriended(company)
    post = await brought(company, rosa, tag=emoji(":blob:"))
    await Post.filter(id=post.id).update(published_at="2026-03-01T10:00:00Z")
    document: Json = json.loads(str(post.document))

    edited = document | {"content": "<p>None</p>", "updated": "2026-03-01T11:00:00Z"}
    assert await told(company, company.good, company.good.activity("Update", rosa, edited), rosa) == "done"

    assert await PostEmoji.all().count() == 0


async def test_each_kind_keeps_its_title_its_words_and_the_whole_document(company: Company) -> None:
    rosa = await befriended(company)
    for kind in ("Note", "Question", "Article", "Page", "Image", "Video", "Audio"):
        given: Json = {"type": kind, "name": "A title", "summary": "Short", "contentMap": {"sw": "<p>Maneno</p>"}}
        if kind == "Question":
            given["oneOf"] = [{"type": "Note", "name": "Yes"}]
        post = await brought(company, rosa, **given)
        is_plain = kind in {"Note", "Question"}

        assert (post.wire_type, post.language) == (kind, "sw")
        assert (post.title, post.warning) == (("", "Short") if is_plain else ("A title", ""))
        assert ("<h2>" in post.content_html) is not is_plain, "an Article may have headings of its own"
        assert json.loads(str(post.document))["type"] == kind


async def test_a_video_brings_its_file_and_a_still_picture(company: Company) -> None:
    rosa = await befriended(company)
    links = [
        {"type": "Link", "mediaType": "text/html", "href": "https://tube.test/w/1"},
        {"type": "Link", "mediaType": "video/mp4", "href": "https://tube.test/1.mp4"},
        {"type": "Link", "mediaType": "video/mp4", "href": "https://tube.test/1-small.mp4"},
        {"type": "Link", "mediaType": "video/mp4", "href": "javascript:alert(1)"},
    ]
    still = {"type": "Image", "mediaType": "image/jpeg", "url": "https://tube.test/1.jpg"}

    post = await brought(company, rosa, type="Video", name="How the ward votes", url=links, icon=[still])

    files = (await attachments.beside([post.uri]))[post.uri]
    assert post.url == "https://tube.test/w/1"
    assert [(file.url, file.media_type, file.alt) for file in files] == [
        ("https://tube.test/1.mp4", "video/mp4", "How the ward votes"),
        ("https://tube.test/1.jpg", "image/jpeg", ""),
    ]
    assert await Attachment.all().count() == 2
