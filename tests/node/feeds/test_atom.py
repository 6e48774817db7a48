"""Atom feeds are well-formed whatever people write, as lxml reads them."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from node.feeds.atom import Entry, Feed, atom
from node.text.sanitise import clean

NOW = datetime(2026, 11, 21, 9, 30, 0, 123, tzinfo=UTC)
NAMES = {"a": "http://www.w3.org/2005/Atom"}


def _entry(**changes: object) -> Entry:
    given: dict[str, object] = {
        "uri": "https://home.example/ap/n/1",
        "url": "https://home.example/posts/1",
        "title": "Budget hearings",
        "published_at": NOW,
        "updated_at": NOW,
        "author_name": "Anna Ngugi",
    }
    return Entry(**(given | changes))  # type: ignore[arg-type]


def _feed(*entries: Entry) -> etree._Element:
    feed = Feed(
        url="https://home.example/posts.atom",
        page_url="https://home.example/posts",
        title="Posts",
        updated_at=NOW,
        language="en",
        next_url="https://home.example/posts.atom?before=9",
        entries=entries,
    )
    return etree.fromstring(atom(feed), etree.XMLParser(resolve_entities=False))


@pytest.mark.parametrize("evil", ["</title><script>", "a\x00b\x0bc\x1f", "\ud800", "]]>", "&amp; <b>", "\ufffe"])
def test_nothing_that_people_write_breaks_the_document(evil: str) -> None:
    root = _feed(_entry(title=evil, author_name=evil, summary=evil, tags=(evil,), language="en"))

    [title] = root.xpath("a:entry/a:title", namespaces=NAMES)
    forbidden = "\x00\x0b\x1f\ud800\ufffe"
    assert title.text == ("".join(char for char in evil if char not in forbidden) or None)
    assert len(root.xpath("//*[local-name()='script']")) == 0


async def test_an_entry_tells_everything_a_reader_needs() -> None:
    content = await clean('<p>Text <a href="https://a.test/?b&amp;c">link</a></p>')

    root = _feed(_entry(content=content, tags=("SDG16",), summary="Short", author_url="https://home.example/@anna"))

    [entry] = root.findall("a:entry", NAMES)
    assert [(child.tag.rpartition("}")[2], dict(child.attrib), (child.text or "").strip()) for child in entry] == [
        ("id", {}, "https://home.example/ap/n/1"),
        ("title", {}, "Budget hearings"),
        ("published", {}, "2026-11-21T09:30:00Z"),
        ("updated", {}, "2026-11-21T09:30:00Z"),
        ("link", {"rel": "alternate", "href": "https://home.example/posts/1", "type": "text/html"}, ""),
        ("author", {}, ""),
        ("category", {"term": "SDG16"}, ""),
        ("summary", {}, "Short"),
        ("content", {"type": "html"}, content.html),
    ]


def test_a_feed_names_itself_its_page_and_its_older_part() -> None:
    root = _feed()

    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", NAMES)}
    assert links == {
        "self": "https://home.example/posts.atom",
        "alternate": "https://home.example/posts",
        "next": "https://home.example/posts.atom?before=9",
    }
    assert root.findtext("a:id", namespaces=NAMES) == "https://home.example/posts.atom"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
