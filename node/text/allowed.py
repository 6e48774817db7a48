"""Which HTML we keep: elements, attributes, classes and addresses. Pure.

The list is what Mastodon keeps, so that a text looks alike on both sides; an
article may have headings and rules too, and pictures only where asked for.
"""

import re
from enum import Enum

SCHEMES = frozenset({"http", "https", "mailto"})
BASIC_TAGS = frozenset(
    [
        "p",
        "br",
        "span",
        "a",
        "del",
        "s",
        "pre",
        "blockquote",
        "code",
        "b",
        "strong",
        "u",
        "i",
        "em",
        "ul",
        "ol",
        "li",
        "ruby",
        "rt",
        "rp",
    ]
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
ARTICLE_TAGS = BASIC_TAGS | {"h2", "h3", "h4", "hr"}
LINK_REL = "nofollow noopener noreferrer ugc"
LONGEST_LINK = 2048
LONGEST_ALT = 1500

ATTRIBUTES = {
    "*": frozenset({"lang"}),
    "a": frozenset({"href", "class", "translate"}),
    "span": frozenset({"class", "translate"}),
    "p": frozenset({"class"}),
    "ol": frozenset({"start", "reversed"}),
    "li": frozenset({"value"}),
    "img": frozenset({"src", "alt"}),
}

_CLASS = re.compile(r"(?:(?:h|p|u|dt|e)-[a-z0-9-]{1,40}|mention|hashtag|ellipsis|invisible|quote-inline)\Z")
_WEB = re.compile(
    r"https?://(?:[\w.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?(?:[/?#][^\s\\<>\"'`]*)?\Z",
    re.IGNORECASE,
)
_MAIL = re.compile(r"mailto:[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,253}\Z", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,6}\Z")
_NUMBER = re.compile(r"-?[0-9]{1,6}\Z")


class Subset(Enum):
    """How much HTML a text may carry."""

    NOTE = "note"
    ARTICLE = "article"
    ILLUSTRATED = "illustrated"

    @property
    def tags(self) -> frozenset[str]:
        """The elements that stay."""
        match self:
            case Subset.NOTE:
                return BASIC_TAGS
            case Subset.ARTICLE:
                return ARTICLE_TAGS
            case Subset.ILLUSTRATED:
                return ARTICLE_TAGS | {"img"}


def is_safe_link(href: str) -> bool:
    """Tell whether a link leads openly to one place.

    Relative and scheme-relative addresses, user names in front of the host,
    backslashes, control characters and every scheme but three are refused.
    """
    if len(href) > LONGEST_LINK:
        return False
    return bool(_WEB.match(href) or _MAIL.match(href))


def _classes(value: str) -> str | None:
    kept = [name for name in value.split()[:10] if _CLASS.match(name)]
    return " ".join(kept) or None


def kept_value(tag: str, name: str, value: str) -> str | None:
    """Return the value an attribute may keep, or None to drop the attribute."""
    match name:
        case "href" | "src":
            return value if is_safe_link(value) and (name, value[:7].lower()) != ("src", "mailto:") else None
        case "class":
            return _classes(value)
        case "lang":
            return value if _LANGUAGE.match(value) else None
        case "translate":
            return value if value in {"no", "yes"} else None
        case "start" | "value":
            return value if _NUMBER.match(value) else None
        case "reversed":
            return ""
        case "alt":
            return value[:LONGEST_ALT]
        case _:
            return None
