"""Atom feeds from plain values. Pure.

Spec: RFC 4287; RFC 5005 §3 for the pages of a feed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from node.feeds.xml_text import legal
from node.text.sanitise import CleanHtml

MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing in a feed.

    Attributes:
        uri: its permanent id.
        url: its page.
        title: plain; a post without one gets its first words from the caller.
        published_at, updated_at: aware UTC.
        summary: plain text.
        tags: hashtags without the sign.
    """

    uri: str
    url: str
    title: str
    published_at: datetime
    updated_at: datetime
    author_name: str
    author_url: str = ""
    summary: str = ""
    content: CleanHtml | None = None
    language: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A list of entries, the newest first.

    Attributes:
        url: where the feed is; also its permanent id.
        page_url: the page that shows the same.
        updated_at: aware UTC; of the newest entry, or of the node if there is none.
        next_url: the feed with older entries, if there is one.
    """

    url: str
    page_url: str
    title: str
    updated_at: datetime
    subtitle: str = ""
    icon_url: str = ""
    language: str = ""
    next_url: str = ""
    entries: Sequence[Entry] = field(default=())


def atom(feed: Feed) -> bytes:
    """Return a feed as an Atom document in UTF-8."""
    register_namespace("", ATOM)
    root = Element(f"{{{ATOM}}}feed")
    _language(root, feed.language)
    _text(root, "id", feed.url)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", _moment(feed.updated_at))
    _text(root, "icon", feed.icon_url)
    _link(root, "self", feed.url, MEDIA_TYPE)
    _link(root, "alternate", feed.page_url, "text/html")
    _link(root, "next", feed.next_url, MEDIA_TYPE)
    for entry in feed.entries:
        _entry(root, entry)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(root: Element, entry: Entry) -> None:
    node = SubElement(root, f"{{{ATOM}}}entry")
    _language(node, entry.language)
    _text(node, "id", entry.uri)
    _text(node, "title", entry.title)
    _text(node, "published", _moment(entry.published_at))
    _text(node, "updated", _moment(entry.updated_at))
    _link(node, "alternate", entry.url, "text/html")
    author = SubElement(node, f"{{{ATOM}}}author")
    _text(author, "name", entry.author_name or entry.uri)
    _text(author, "uri", entry.author_url)
    for tag in entry.tags:
        SubElement(node, f"{{{ATOM}}}category", {"term": legal(tag)})
    _text(node, "summary", entry.summary)
    if entry.content is not None:
        SubElement(node, f"{{{ATOM}}}content", {"type": "html"}).text = legal(entry.content.html)


def _text(parent: Element, name: str, text: str) -> None:
    if text:
        SubElement(parent, f"{{{ATOM}}}{name}").text = legal(text)


def _link(parent: Element, rel: str, href: str, media_type: str) -> None:
    if href:
        SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": legal(href), "type": media_type})


def _language(node: Element, language: str) -> None:
    if language:
        node.set(_LANGUAGE, legal(language))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
