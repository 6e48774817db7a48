"""Members' Markdown to clean HTML, with mentions and hashtags found on the way."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from node.text.allowed import is_safe_link
from node.text.sanitise import CleanHtml, Subset, clean

LONGEST_SOURCE = 50_000
MOST_MENTIONS = 50
MOST_HASHTAGS = 50
LONGEST_HASHTAG = 60

# Vowel signs of Indic scripts, Arabic and accents belong to a word, though \w leaves them out.
_LETTER = r"[\w\u0300-\u036f\u064b-\u065f\u0900-\u0dff\u0e00-\u0e7f\u200c]"
_FOUND = re.compile(
    r"(?<![\w@/.&#=-])(?:"
    r"@(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})(?:@(?P<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252}(?::[0-9]{1,5})?))?"
    rf"|\#(?P<tag>{_LETTER}{{1,{LONGEST_HASHTAG}}})(?!{_LETTER}))"
)


@dataclass(frozen=True, slots=True)
class Handle:
    """A name as typed after the @; without a host it is one of ours."""

    name: str
    host: str = ""

    def __str__(self) -> str:
        return f"@{self.name}@{self.host}" if self.host else f"@{self.name}"


@dataclass(frozen=True, slots=True)
class Known:
    """An actor that a mention can lead to.

    Attributes:
        uri: the actor's id on the wire.
        page_url: where people read the profile.
        handle: name and host, without a leading @.
    """

    uri: str
    page_url: str
    handle: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a text.

    Attributes:
        html: clean markup for the page and the wire.
        mentions: the actors named, in order, each once.
        hashtags: the tags as first typed, without the sign, each once.
    """

    html: CleanHtml
    mentions: tuple[Known, ...]
    hashtags: tuple[str, ...]


Resolve = Callable[[Handle], Known | None]
Piece = str | Handle | None


def hashtag_key(tag: str) -> str:
    """Return the form under which a hashtag is stored, compared and addressed."""
    return unicodedata.normalize("NFKC", tag).casefold()


def find_mentions(source: str) -> tuple[Handle, ...]:
    """Return the handles named in Markdown, in order, each once, so that they can be looked up."""
    found = (piece for _, piece in _pieces_of(_parse(source)) if isinstance(piece, Handle))
    return tuple(dict.fromkeys(found))[:MOST_MENTIONS]


async def render(source: str, *, resolve: Resolve, tags_url: str, subset: Subset = Subset.NOTE) -> Rendered:
    """Return Markdown as clean HTML.

    Args:
        source: CommonMark; HTML in it is shown, not obeyed. Cut at 50,000 characters.
        resolve: answers a handle with the actor, or None to leave the text as typed.
        tags_url: what stands before a hashtag's name in its address, `https://host/tags/`.
        subset: what the text may carry.

    Spec: ActivityStreams vocabulary, Mention; Mastodon's markup of mentions and hashtags.
    """
    tokens = _parse(source)
    weaver = _Weaver(resolve, tags_url, {}, {})
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = list(weaver.woven(token.children))
    parser = _parser()
    html = parser.renderer.render(tokens, parser.options, {})
    return Rendered(
        html=await clean(html, subset),
        mentions=tuple({known.uri: known for known in weaver.mentions.values()}.values()),
        hashtags=tuple(weaver.hashtags.values()),
    )


@dataclass(frozen=True, slots=True)
class _Weaver:
    """Puts links in place of handles and hashtags, outside of links and code."""

    resolve: Resolve
    tags_url: str
    mentions: dict[Handle, Known]
    hashtags: dict[str, str]

    def woven(self, children: Sequence[Token]) -> Iterator[Token]:
        """Return the tokens with mentions and hashtags outside of links made into links."""
        depth = 0
        for child in children:
            depth += child.nesting if child.type in {"link_open", "link_close"} else 0
            if child.type == "text" and depth == 0:
                yield from (self._token(text, piece) for text, piece in _pieces(child.content))
            else:
                yield child

    def _token(self, text: str, piece: Piece) -> Token:
        html = ""
        if isinstance(piece, Handle):
            html = self._mention(piece)
        elif piece is not None:
            html = self._hashtag(piece)
        return Token("html_inline" if html else "text", "", 0, content=html or text)

    def _mention(self, handle: Handle) -> str:
        known = self.mentions.get(handle)
        if known is None and len(self.mentions) < MOST_MENTIONS:
            known = self.resolve(handle)
        if known is None:
            return ""
        self.mentions[handle] = known
        name = escape(known.handle.partition("@")[0])
        return (
            f'<span class="h-card" translate="no"><a href="{escape(known.page_url)}" class="u-url mention">'
            f"@<span>{name}</span></a></span>"
        )

    def _hashtag(self, tag: str) -> str:
        key = hashtag_key(tag)
        if key not in self.hashtags and len(self.hashtags) >= MOST_HASHTAGS:
            return ""
        self.hashtags.setdefault(key, tag)
        return f'<a href="{escape(self.tags_url)}{quote(key)}" class="mention hashtag">#<span>{escape(tag)}</span></a>'


def _pieces_of(tokens: Sequence[Token]) -> Iterator[tuple[str, Piece]]:
    for token in tokens:
        depth = 0
        for child in token.children or ():
            depth += child.nesting if child.type in {"link_open", "link_close"} else 0
            if child.type == "text" and depth == 0:
                yield from _pieces(child.content)


def _pieces(text: str) -> Iterator[tuple[str, Piece]]:
    """Split a text into plain parts, handles and hashtags; linear in its length."""
    done = 0
    for match in _FOUND.finditer(text):
        piece, length = _read(match)
        if piece is None:
            continue
        yield text[done : match.start()], None
        yield text[match.start() : match.start() + length], piece
        done = match.start() + length
    yield text[done:], None


def _read(match: re.Match[str]) -> tuple[Piece, int]:
    tag, name, host = match["tag"], match["name"], match["host"]
    if tag:
        return (tag, len(match[0])) if any(char.isalpha() for char in tag) else (None, 0)
    if host:
        host = host.rstrip(".-")
        return Handle(name, host.lower()), len(name) + len(host) + 2
    name = name.rstrip(".-")
    return Handle(name), len(name) + 1


def _parse(source: str) -> list[Token]:
    return _parser().parse(source[:LONGEST_SOURCE])


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    parser.enable(["linkify", "strikethrough"])
    parser.validateLink = is_safe_link  # type: ignore[method-assign,assignment]  # the documented way
    if parser.linkify is not None:
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    parser.add_render_rule("image", _picture_as_link)
    return parser


def _picture_as_link(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """Pictures of other places would tell them who reads here: a link instead."""
    source = str(tokens[index].attrs.get("src", ""))
    words = renderer.renderInlineAsText(tokens[index].children, options, env)
    return f'<a href="{escape(source)}">{escape(words or source)}</a>'
