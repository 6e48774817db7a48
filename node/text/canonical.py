"""A recogniser: HTML that is already as bleach would write it, so that bleach need not be asked. Pure, linear.

It only knows what everyday posts are made of, properly nested. Whatever it does not recognise, bleach decides.
"""

import re

from node.text.allowed import ATTRIBUTES, LINK_REL, Subset, kept_value

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_PLAIN_VALUE = re.compile(r"(?:[A-Za-z0-9._~:/?#@!$()*+,;=% -]|&amp;)*\Z")
_ODD = re.compile(r"&(?!(?:amp|lt|gt|nbsp);)|[<>\r\x00-\x08\x0b\x0c\x0e-\x1f]")
_ADDRESS = re.compile(r'(<a [^<>]*href="[^<>]*)>')
_RELATION = rf'\1 rel="{LINK_REL}">'

_LISTS = frozenset({"ul", "ol"})
_HEADINGS = frozenset({"h2", "h3", "h4"})
_INLINE = frozenset({"a", "b", "code", "del", "em", "i", "s", "span", "strong", "u"})
_VOID = frozenset({"br"})
_FLOW = frozenset({"", "blockquote", "li"})
"""Where paragraphs, quotes and lists may stand; "" is the outside."""
_PLACES = {
    "p": _FLOW,
    "blockquote": _FLOW,
    "ul": _FLOW,
    "ol": _FLOW,
    "li": _LISTS,
    **dict.fromkeys(_HEADINGS, frozenset({"", "blockquote"})),
    **dict.fromkeys(_INLINE | _VOID, _FLOW | _HEADINGS | _INLINE | {"p"}),
}


def canonical(markup: str, subset: Subset) -> str | None:
    """Return what bleach would make of `markup`, or None if that can't be told at a glance.

    Args:
        markup: HTML; what nh3 leaves of a post is usually recognised.
    """
    if _ODD.search(_TAG.sub(" ", markup)) is not None:
        return None
    tags = subset.tags
    inside = [""]
    for closing, name, attributes in _TAG.findall(markup):
        if closing:
            if attributes or inside.pop() != name:
                return None
        elif name not in tags or not _may_stand(name, inside) or (attributes and not _are_plain(name, attributes)):
            return None
        elif name not in _VOID:
            inside.append(name)
    return _ADDRESS.sub(_RELATION, markup) if inside == [""] else None


def _may_stand(name: str, inside: list[str]) -> bool:
    """Tell whether an element belongs where it is; one within its like is left to bleach."""
    places = _PLACES.get(name)
    return places is not None and inside[-1] in places and not (name in _INLINE and name != "span" and name in inside)


def _are_plain(tag: str, attributes: str) -> bool:
    found = _ATTRIBUTE.findall(attributes)
    names = [name for name, _value in found]
    listed = ATTRIBUTES.get(tag, frozenset()) | ATTRIBUTES["*"]
    return (
        len(set(names)) == len(names)
        and listed.issuperset(names)
        and all(_is_kept(tag, name, value) for name, value in found)
    )


def _is_kept(tag: str, name: str, value: str) -> bool:
    plain = value.replace("&amp;", "&")
    return _PLAIN_VALUE.match(value) is not None and kept_value(tag, name, plain) == plain
